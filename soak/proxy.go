package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/parleykit/parley/traffic"
)

// proxyBound is what a proxy may need, in MiB.
const proxyBound = 300

// soakHeader numbers a call, so that the upstream answers each with its own dice.
const soakHeader = "X-Soak"

// proxies stand before an upstream of our own that answers anything: one lets all
// through, one is strict.
func (s *soak) proxies() (part, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return part{}, err
	}
	u := &upstream{soak: s}
	server := &http.Server{Handler: u}
	go server.Serve(listener)
	var list []*process
	var grown []*growth
	for _, more := range [][]string{nil, {"--strict"}} {
		name := "parley proxy " + strings.Join(more, "")
		record := filepath.Join(s.folder, fmt.Sprintf("proxy-%d.ndjson", len(list)))
		p, err := s.start(name, append([]string{"proxy", s.contracts[0].ID, "--quiet", "--to", "http://" + listener.Addr().String(), "--addr", "ADDR",
			"--record", record, "--journal-exchanges", "500", "--journal-bytes", fmt.Sprint(8 << 20)}, more...)...)
		if err != nil {
			return part{}, err
		}
		list, grown = append(list, p), append(grown, &growth{name: name, bound: proxyBound})
	}
	round := func(seed uint64) error {
		u.begin(seed)
		for i, p := range list {
			u.forward(p, i == 1)
			if broken := p.broken(); broken != "" {
				return errors.New(broken)
			}
			grown[i].add(s, p)
		}
		return nil
	}
	end := sync.OnceValue(func() error {
		var errs []error
		for i, p := range list {
			errs = append(errs, grown[i].check(), p.interrupt(), u.judgeRecord(filepath.Join(s.folder, fmt.Sprintf("proxy-%d.ndjson", i))))
			if code := p.cmd.ProcessState.ExitCode(); code != 0 && code != 1 && code != 3 {
				errs = append(errs, fmt.Errorf("%s: exit %d: %s", p.name, code, &p.said))
			}
		}
		server.Close()
		return errors.Join(errs...)
	})
	return part{"proxy", round, end}, nil
}

// upstream answers call number n of a seed always alike.
type upstream struct {
	soak *soak

	mu   sync.Mutex
	seed uint64
}

func (u *upstream) begin(seed uint64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.seed = seed
}

// answer is what call number n gets. A torn one breaks off.
func (u *upstream) answer(n uint64) (status int, header map[string]string, body []byte, torn bool) {
	u.mu.Lock()
	d := newDice(u.seed, 1000+n, u.soak.contracts[0])
	u.mu.Unlock()
	c := d.call() // its body is as good as any
	status = pick(d, 200, 200, 200, 201, 302, 400, 401, 404, 418, 500, 503)
	header = map[string]string{"Content-Type": pick(d, "application/json", "application/json; charset=;;=", "text/html", "", "image/png")}
	body = c.body
	if d.once(2) {
		body = d.spoilBody(body)
	}
	if d.once(10) {
		header["Content-Encoding"] = pick(d, "gzip", "deflate", "br", "x")
	}
	return status, header, body, d.once(12)
}

// ServeHTTP is the other side.
func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	n, err := strconv.ParseUint(r.Header.Get(soakHeader), 10, 64)
	if err != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	status, header, body, torn := u.answer(n)
	for name, value := range header {
		w.Header().Set(name, value)
	}
	if torn {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+10))
	}
	w.WriteHeader(status)
	w.Write(body)
	if torn {
		panic(http.ErrAbortHandler)
	}
}

// forward sends calls from four sides through a proxy and looks whether the answers
// are the upstream's.
func (u *upstream) forward(p *process, strict bool) {
	var group sync.WaitGroup
	found := make([]string, 4)
	for side := range 4 {
		group.Go(func() {
			d := newDice(u.seed, uint64(side)+100, u.soak.contracts[0])
			for i := range u.soak.size.forwarded / 4 {
				n := uint64(side + 4*i)
				c := d.call()
				c.header[soakHeader] = fmt.Sprint(n)
				delete(c.header, "Expect") // what the upstream's server makes of it is not the proxy's
				if wrong := u.compare(p, c, n, strict); wrong != "" {
					found[side] = wrong
				}
			}
		})
	}
	group.Wait()
	u.soak.counts["calls through proxies"] += u.soak.size.forwarded / 4 * 4
	for _, text := range found {
		if text != "" {
			u.soak.find("%s", text)
		}
	}
}

func (u *upstream) compare(p *process, c *call, n uint64, strict bool) string {
	status, header, body, torn := u.answer(n)
	request, err := http.NewRequest(c.method, "http://"+p.addr+"/", bytes.NewReader(c.body))
	if err != nil {
		return ""
	}
	request.URL.Opaque = "//" + p.addr + c.target
	for name, value := range c.header {
		request.Header.Set(name, value)
	}
	request.Header.Set("Accept-Encoding", "identity") // so that the client decodes nothing
	response, err := client.Do(request)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	own := response.Header.Get("Parley-Problem") != ""
	switch {
	case torn || own && (strict || response.StatusCode >= 400 && response.StatusCode < 500):
		return "" // broken off, or refused: by a strict proxy, or as not meant for the target
	case err != nil:
		return fmt.Sprintf("%s: %s %q: the answer broke off: %v", p.name, c.method, c.target, err)
	case response.StatusCode != status || c.method != "HEAD" && !bytes.Equal(got, body) || response.Header.Get("Content-Encoding") != header["Content-Encoding"]:
		return fmt.Sprintf("%s: %s %q: the upstream answered %d %.100q, and %d %.100q (%q) came", p.name, c.method, c.target, status, body, response.StatusCode, got, response.Header)
	}
	return ""
}

// judgeRecord looks for undocumented statuses in what a proxy recorded.
func (u *upstream) judgeRecord(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	for reader := traffic.NewReader(file, 0); ; {
		e, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		u.soak.counts["exchanges judged"]++
		if wrong := undocumented(u.soak.contracts, e); wrong != "" {
			u.soak.find("proxy: %s", wrong)
		}
	}
}
