package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/parleykit/parley/validator/proxy"
)

// upstream is what both proxies stand before: it reads and answers, and costs as
// little as can be.
func upstream() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
}

// bareProxy is httputil.ReverseProxy and nothing else, with the transport and the
// pool of buffers that Parley's has: without them it would be no floor.
func bareProxy(to string) (http.Handler, error) {
	target, err := url.Parse(to)
	if err != nil {
		return nil, err
	}
	return &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport:     proxy.NewTransport(0, nil),
		FlushInterval: -1,
		BufferPool:    &pool{sync.Pool{New: func() any { b := make([]byte, 32<<10); return &b }}},
	}, nil
}

type pool struct{ sync.Pool }

func (p *pool) Get() []byte  { return *p.Pool.Get().(*[]byte) }
func (p *pool) Put(b []byte) { p.Pool.Put(&b) }

func serveBareProxy(addr, to string) error {
	handler, err := bareProxy(to)
	if err != nil {
		return err
	}
	return http.ListenAndServe(addr, handler)
}

// forwarding is a proxy that is measured.
type forwarding struct {
	contender
	waits     []float64 // µs for one at a time
	forwarded int64
	aim       float64 // of the bare proxy's CPU by its own
}

// proxied lets the bare proxy, parley proxy and one that records take turns before one
// upstream, and prints them, with the ratios.
func proxied(ctx context.Context, binary, self string, length time.Duration, rounds int) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	behind, _, err := start(ctx, "upstream", self, func(addr string) []string { return []string{"-upstream", addr} })
	if err != nil {
		return err
	}
	defer behind.stop()
	to := "http://" + behind.addr
	ours := func(more ...string) func(addr string) []string {
		return func(addr string) []string {
			return append([]string{"proxy", "elma365", "--quiet", "--format", "json", "--to", to, "--addr", addr}, more...)
		}
	}
	var list []*forwarding
	for _, one := range []struct {
		title, binary string
		args          func(addr string) []string
		aim           float64
	}{
		{title: "httputil.ReverseProxy alone", binary: self, args: func(addr string) []string { return []string{"-proxy", addr, "-to", to} }},
		{title: "parley proxy (both halves judged and journalled)", binary: binary, args: ours(), aim: 0.9},
		{title: "parley proxy --record (the same, and written down without secrets)", binary: binary, args: ours("--record", filepath.Join(folder, "traffic.ndjson")), aim: 0.75},
	} {
		p, _, err := start(ctx, one.title, one.binary, one.args)
		if err != nil {
			return err
		}
		defer p.stop()
		list = append(list, &forwarding{contender: contender{title: one.title, process: p}, forwarded: 1, aim: one.aim}) // 1: the first answer
	}
	for range rounds {
		for _, f := range list {
			if err := f.measure(ctx, length); err != nil {
				return err
			}
		}
	}
	return compared(list)
}

func (f *forwarding) measure(ctx context.Context, length time.Duration) error {
	const alone = 1000
	n, err := f.contender.measure(ctx, workloads[0], length)
	if err != nil {
		return err
	}
	wait, err := latency(f.addr, alone)
	f.waits = append(f.waits, float64(wait.Nanoseconds())/1000)
	f.forwarded += n + alone
	return err
}

// compared prints what was measured, the bare proxy first.
func compared(list []*forwarding) error {
	bare := list[0]
	for _, f := range list {
		fmt.Printf("  %7.0f requests/s  %5.1f µs CPU each  %5.0f µs one at a time   %s\n", median(f.rates), median(f.costs), median(f.waits), f.title)
	}
	for _, f := range list[1:] {
		fmt.Printf("  ratio %.2f by CPU (aim %.2f), %.2f by throughput, %.2f by latency; at most %.0f MiB resident   %s\n",
			median(bare.costs)/median(f.costs), f.aim, median(f.rates)/median(bare.rates), median(bare.waits)/median(f.waits), f.memory("VmHWM"), f.title)
		if err := f.judgedAll(); err != nil {
			return err
		}
	}
	return nil
}

// judgedAll looks whether parley proxy judged what it forwarded: speed by leaving things
// out would be none.
func (f *forwarding) judgedAll() error {
	var report struct {
		Exchanges struct{ Judged int64 }
	}
	if err := json.Unmarshal(f.interrupt(), &report); err != nil {
		return fmt.Errorf("the summary of parley proxy: %w", err)
	}
	if report.Exchanges.Judged < f.forwarded {
		return fmt.Errorf("%s judged %d of %d exchanges, so that its figures say nothing", f.title, report.Exchanges.Judged, f.forwarded)
	}
	return nil
}

// latency is the median time of n requests, one after another on one connection.
func latency(addr string, n int) (time.Duration, error) {
	connection, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	var times []time.Duration
	for range n {
		began := time.Now()
		if err := ask(workloads[0], connection, reader, addr); err != nil {
			return 0, err
		}
		times = append(times, time.Since(began))
	}
	return median(times), nil
}
