package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// mockBound is what a mock may need, in MiB: its journal and the round's sandboxes
// are small.
const mockBound = 300

// mock calls one mock of all vendors through the whole run. Its journal is emptied
// before each round, and keeps all of one.
func (s *soak) mock() (part, error) {
	p, err := s.start("parley serve", "serve", "--quiet", "--addr", "ADDR", "--journal-exchanges", "4000", "--journal-bytes", fmt.Sprint(48<<20),
		"--sandboxes", "200", "--sandbox-idle", "1m", "--record", filepath.Join(s.folder, "mock.ndjson"), "--record-limit", fmt.Sprint(8<<20), "--data", filepath.Join(s.folder, "data"))
	if err != nil {
		return part{}, err
	}
	growth := growth{name: p.name, bound: mockBound}
	round := func(seed uint64) error {
		if err := emptyJournal(p); err != nil {
			return err
		}
		s.send(p, seed, s.size.calls)
		s.garble(p, newDice(seed, 9, s.contracts...))
		if broken := p.broken(); broken != "" {
			return errors.New(broken)
		}
		growth.add(s, p)
		return s.judgeJournal(p)
	}
	return part{"mock", round, sync.OnceValue(func() error { return errors.Join(growth.check(), p.interrupt()) })}, nil
}

// send makes so many calls from four sides. Each side has its own dice, so that
// what it sends does not depend on the others.
func (s *soak) send(p *process, seed uint64, number int) {
	var group sync.WaitGroup
	token := signIn(p)
	for side := range 4 {
		group.Go(func() {
			d := newDice(seed, uint64(side), s.contracts...)
			d.token = token
			for range number / 4 {
				sendOne(p, d.call(), "")
			}
		})
	}
	group.Wait()
	s.counts["bad requests at a mock"] += number / 4 * 4
}

// signIn gets a token, without which most operations of one vendor answer alike.
func signIn(p *process) string {
	request, err := http.NewRequest("POST", "http://"+p.addr+"/dolphin/apiv1/graph/auth", strings.NewReader(`{"username":"parley","password":"parley"}`))
	if err != nil {
		return ""
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	var issued struct{ Token string }
	if json.NewDecoder(response.Body).Decode(&issued) != nil {
		return ""
	}
	return issued.Token
}

// sendOne makes a call and reads its answer; what the client itself refuses is not
// sent. The answer is nil when none came.
func sendOne(p *process, c *call, sandbox string) *http.Response {
	request, err := http.NewRequest(c.method, "http://"+p.addr+"/", bytes.NewReader(c.body))
	if err != nil {
		return nil
	}
	request.URL = &url.URL{Scheme: "http", Host: p.addr, Opaque: "//" + p.addr + c.target}
	for name, value := range c.header {
		request.Header.Set(name, value)
	}
	if sandbox != "" {
		request.Header.Set("Parley-Sandbox", sandbox)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil // a reset is a fault's, or the end of a large body
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response
}

// garble writes what is no HTTP.
func (s *soak) garble(p *process, d *dice) {
	for range 20 {
		connection, err := net.Dial("tcp", p.addr)
		if err != nil {
			continue // broken tells
		}
		connection.SetDeadline(time.Now().Add(5 * time.Second))
		fmt.Fprint(connection, pick(d, "GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
			"\x16\x03\x01\x02", strings.Repeat("a", d.IntN(10000)), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET "+d.word()+" HTTP/9.9\r\n\r\n"))
		connection.Close()
		s.counts["connections with no HTTP"]++
	}
}

func emptyJournal(p *process) error {
	request, err := http.NewRequest("DELETE", "http://"+p.addr+"/_parley/journal", nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err == nil {
		response.Body.Close()
	}
	return err
}

// judgeJournal asks of each exchange of a round what must be so of any.
func (s *soak) judgeJournal(p *process) error {
	response, err := client.Get("http://" + p.addr + "/_parley/journal.ndjson")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 500))
		return fmt.Errorf("the journal: %s: %s", response.Status, text)
	}
	reader := traffic.NewReader(response.Body, 0)
	for n := 0; ; n++ {
		e, err := reader.Read()
		if errors.Is(err, io.EOF) {
			if n == 0 {
				return errors.New("the journal of the round is empty")
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		s.counts["exchanges judged"]++
		if wrong := undocumented(s.contracts, e); wrong != "" {
			s.find("%s", wrong)
		}
	}
}

// undocumented is what is wrong with an exchange that has no finding: its status is
// none that the contract documents.
func undocumented(contracts []*specs.Contract, e *traffic.Exchange) string {
	nobodys := e.Vendor == "" && e.Status() == http.StatusNotFound // a call that no contract knows
	if len(e.Findings) > 0 || len(e.Faults) > 0 || e.Response == nil || nobodys {
		return ""
	}
	i := slices.IndexFunc(contracts, func(c *specs.Contract) bool { return c.ID == e.Vendor })
	if i >= 0 {
		if o := contracts[i].Operation(e.Operation); o != nil {
			if _, ok := o.Response(e.Status()); ok {
				return ""
			}
		}
	}
	return fmt.Sprintf("%d of %s %s without a finding: %s %.200q %q %.200q", e.Status(), e.Vendor, e.Operation, e.Request.Method, e.Request.URL, e.Request.Header, e.Request.Body.Kept)
}

// growth watches the memory of a process over the rounds.
type growth struct {
	name  string
	bound float64 // MiB
	seen  []float64
}

func (g *growth) add(s *soak, p *process) {
	g.seen = append(g.seen, p.memory("VmRSS"))
	s.peak(g.name, p.memory("VmHWM"))
}

// check compares the last third of the rounds with the one before: memory that has
// reached its bound stays there.
func (g *growth) check() error {
	third := len(g.seen) / 3
	if len(g.seen) > 0 && slices.Max(g.seen) > g.bound {
		return fmt.Errorf("%s needs %.0f MiB, more than %.0f", g.name, slices.Max(g.seen), g.bound)
	}
	if third < 3 {
		return nil
	}
	before, after := median(g.seen[third:2*third]), median(g.seen[2*third:])
	if after > 1.25*before+16 {
		return fmt.Errorf("%s grows: %.0f MiB, and later %.0f; all rounds: %.0f", g.name, before, after, g.seen)
	}
	return nil
}

func median(values []float64) float64 { return slices.Sorted(slices.Values(values))[len(values)/2] }
