package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
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

// proxied lets the bare proxy and parley proxy take turns before one upstream and
// prints both, with the ratio.
func proxied(ctx context.Context, binary, self string, length time.Duration, rounds int) error {
	const connections = 8
	behind, _, err := start(ctx, "upstream", self, func(addr string) []string { return []string{"-upstream", addr} })
	if err != nil {
		return err
	}
	defer behind.stop()
	to := "http://" + behind.addr
	bare, _, err := start(ctx, "bare proxy", self, func(addr string) []string { return []string{"-proxy", addr, "-to", to} })
	if err != nil {
		return err
	}
	defer bare.stop()
	ours, _, err := start(ctx, "parley proxy", binary, func(addr string) []string {
		return []string{"proxy", "elma365", "--quiet", "--format", "json", "--to", to, "--addr", addr}
	})
	if err != nil {
		return err
	}
	defer ours.stop()
	forwarded := int64(1) // the first answer
	var rates, costs, waits [2][]float64
	for range rounds {
		for i, p := range []*process{bare, ours} {
			cpu, began := p.cpu(), time.Now()
			n, err := load(ctx, workloads[0], p.addr, connections, length)
			if err != nil {
				return err
			}
			rates[i] = append(rates[i], float64(n)/time.Since(began).Seconds())
			costs[i] = append(costs[i], float64((p.cpu()-cpu).Microseconds())/float64(n))
			const alone = 1000
			wait, err := latency(p.addr, alone)
			if err != nil {
				return err
			}
			if p == ours {
				forwarded += n + alone
			}
			waits[i] = append(waits[i], float64(wait.Nanoseconds())/1000)
		}
	}
	return compared(ours, forwarded, rates, costs, waits)
}

// compared prints what was measured, and what of it parley proxy judged: speed by
// leaving things out would be none.
func compared(ours *process, forwarded int64, rates, costs, waits [2][]float64) error {
	peak := ours.memory("VmHWM")
	var report struct {
		Exchanges struct{ Judged int }
	}
	if err := json.Unmarshal(ours.interrupt(), &report); err != nil {
		return fmt.Errorf("the summary of parley proxy: %w", err)
	}
	var ratios []float64
	for i := range rates[0] {
		ratios = append(ratios, rates[1][i]/rates[0][i])
	}
	for i, name := range []string{"httputil.ReverseProxy alone", "parley proxy (both halves judged and journalled)"} {
		fmt.Printf("  %7.0f requests/s  %5.1f µs CPU each  %5.0f µs one at a time   %s\n", median(rates[i]), median(costs[i]), median(waits[i]), name)
	}
	fmt.Printf("  ratio %.2f of its throughput (aim 0.80), %.2f by CPU, %.2f by latency\n",
		median(ratios), median(costs[0])/median(costs[1]), median(waits[0])/median(waits[1]))
	fmt.Printf("  %d of %d exchanges were judged, at most %.0f MiB resident\n", report.Exchanges.Judged, forwarded, peak)
	if int64(report.Exchanges.Judged) < forwarded {
		return errors.New("parley proxy left exchanges out, so that its figures say nothing")
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
