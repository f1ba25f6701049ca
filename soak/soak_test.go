package main

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/built"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
)

// TestASeedRepeats all that is made up.
func TestASeedRepeats(t *testing.T) {
	made := func(seed uint64) (all []any) {
		d := newDice(seed, 1, specstest.Shipped(t)...)
		for range 300 {
			c := d.call()
			all = append(all, c.method, c.target, c.header, string(c.body), string(d.spoilText(d.har())), string(d.spoilText(d.ndjson())))
		}
		return all
	}
	one := made(7)
	if !reflect.DeepEqual(one, made(7)) {
		t.Error("seed 7 makes one thing and another")
	}
	if reflect.DeepEqual(one, made(8)) {
		t.Error("every seed makes the same")
	}
}

// TestWhatIsFound: the sentences that a run relies on can be false.
func TestWhatIsFound(t *testing.T) {
	all := specstest.Shipped(t)
	o := all[0].Operations[0]
	e := &traffic.Exchange{Vendor: all[0].ID, Operation: o.Name(), Request: traffic.Request{Method: "POST", URL: "/x"}, Response: &traffic.Response{Status: http.StatusTeapot}}
	if wrong := undocumented(all, e); !strings.HasPrefix(wrong, "418 of "+all[0].ID+" "+o.Name()) {
		t.Errorf("an undocumented status: %q", wrong)
	}
	e.Findings = []traffic.Finding{{Code: "body.syntax"}}
	if wrong := undocumented(all, e); wrong != "" {
		t.Errorf("with a finding: %q", wrong)
	}
	e.Findings, e.Response.Status = nil, http.StatusOK
	if wrong := undocumented(all, e); wrong != "" {
		t.Errorf("a documented status: %q", wrong)
	}
	for text, want := range map[string]bool{"panic: x\n": true, "a\ngoroutine 1 [running]:\n": true, "2026/01/02 http: panic serving 127.0.0.1:1: x": true, "do not panic: x": false} {
		if panicked.MatchString(text) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
	for want, seen := range map[string][]float64{
		"":           {20, 40, 60, 60, 61, 60, 60, 62, 60},
		"grows":      {20, 40, 60, 80, 100, 120, 140, 160, 180},
		"needs 400 ": {20, 400, 20},
	} {
		g := growth{name: "it", bound: 300, seen: seen}
		if err := g.check(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", seen, err, want)
		}
	}
}

// TestOneRound of little finds nothing.
func TestOneRound(t *testing.T) {
	binary, err := built.Parley("../cmd/parley", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSoak(binary, 1, size{calls: 80, forwarded: 40, kills: 1, files: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.clean)
	if err := s.run(time.Now(), ""); err != nil {
		t.Errorf("%v: %v", err, s.found)
	}
	for _, name := range []string{"bad requests at a mock", "exchanges judged", "calls through proxies", "kills survived", "files read"} {
		if s.counts[name] == 0 {
			t.Errorf("no %s", name)
		}
	}
}
