package summary_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/summary"
)

const secret = "Hx7kQ9wz2M"

// elma is the validator of a contract that Parley ships.
func elma(t testing.TB) *validator.Validator {
	t.Helper()
	c := specstest.Contract(t, "elma365")
	v, err := validator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// call is a judged call of the partner, answered with a status.
func call(v *validator.Validator, id, body string, status int) *traffic.Exchange {
	e := &traffic.Exchange{
		ID: id, Vendor: v.Contract().ID, Caller: traffic.Partner,
		Request: traffic.Request{
			Method: "POST", URL: "/api/messengers/external/other/webhook/c1?access_token=" + secret,
			Header: http.Header{"Content-Type": {"application/json"}}, Body: traffic.NewBody([]byte(body), 0),
		},
		Response: &traffic.Response{Status: status},
	}
	v.Exchange(e)
	return e
}

const (
	good  = `{"type":"message","token":"confirm","data":{"externalMessageId":"1","externalChatId":"2","externalUserId":"3","text":"a"}}`
	noID  = `{"type":"message","token":"confirm","data":{"externalChatId":"2","externalUserId":"3","text":"a"}}`
	files = `{"type":"message","token":"confirm","data":{"externalMessageId":"1","externalChatId":"2","externalUserId":"3","files":[{"name":"a","URL":"https://files.example/a"},{"name":"b"},{"name":"c"}]}}`
)

func TestFindingsAreGrouped(t *testing.T) {
	v := elma(t)
	s := summary.New(v.Contract(), summary.Options{})
	s.Add(call(v, "ex-1", good, 200), traffic.Position{Source: "a.har", Entry: 1, Line: 2, Offset: 10})
	s.Add(call(v, "ex-2", files, 200), traffic.Position{Source: "a.har", Entry: 2, Line: 30, Offset: 400})
	s.Add(call(v, "ex-3", files, 418), traffic.Position{Source: "a.har", Entry: 3, Line: 60, Offset: 800})
	r := s.Report()
	if r.Outcome != summary.Failed || r.Counts.Judged != 3 || r.Counts.Operations != 3 || r.Findings[traffic.Error] != 5 {
		t.Fatalf("got %+v", r)
	}
	var kinds []string
	for _, g := range r.Groups {
		for _, k := range g.Kinds {
			kinds = append(kinds, strings.TrimSpace(fmt.Sprintf("%s %s %s %d %s", g.ID(), k.Code, k.Pointer, k.Count, k.First.Exchange)))
		}
	}
	want := "ELMA365-IN-010 body.required /data/files/*/URL 4 ex-2\nresponse.status  1 ex-3\nparameter.undocumented query:access_token 3 ex-1"
	if got := strings.Join(kinds, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if g := r.Groups[0]; g.Count != 4 || g.Severity != traffic.Error || g.Requirement.Link == "" || g.Kinds[0].First.Entry != 2 {
		t.Errorf("got %+v", g)
	}
}

func TestOutcomes(t *testing.T) {
	v := elma(t)
	unknownKey := strings.Replace(good, `"data"`, `"added":1,"data"`, 1)
	for name, c := range map[string]struct {
		failOn traffic.Severity
		fill   func(s *summary.Summary)
		want   summary.Outcome
	}{
		"nothing":    {"", func(s *summary.Summary) {}, summary.Incomplete},
		"empty":      {"", func(s *summary.Summary) { s.Add(call(v, "1", good, 200), traffic.Position{}); s.AddEmpty("b.har") }, summary.Incomplete},
		"skipped":    {"", func(s *summary.Summary) { s.Skip("cdn.example") }, summary.Incomplete},
		"good":       {"", func(s *summary.Summary) { s.Add(call(v, "1", good, 200), traffic.Position{}) }, summary.Passed},
		"note":       {"", func(s *summary.Summary) { s.Add(call(v, "1", unknownKey, 200), traffic.Position{}) }, summary.Passed},
		"note, info": {traffic.Info, func(s *summary.Summary) { s.Add(call(v, "1", unknownKey, 200), traffic.Position{}) }, summary.Failed},
		"note, warn": {traffic.Warn, func(s *summary.Summary) { s.Add(call(v, "1", unknownKey, 200), traffic.Position{}) }, summary.Passed},
		"error":      {"", func(s *summary.Summary) { s.Add(call(v, "1", noID, 200), traffic.Position{}) }, summary.Failed},
		"body":       {"", func(s *summary.Summary) { s.AddBody(summary.Body{File: "a.json", Valid: true}) }, summary.Passed},
		"broken": {"", func(s *summary.Summary) {
			s.Add(call(v, "1", good, 200), traffic.Position{})
			s.AddBroken(traffic.Position{Entry: 2}, "x")
		}, summary.Incomplete},
		"broken, bad": {"", func(s *summary.Summary) {
			s.Add(call(v, "1", noID, 200), traffic.Position{})
			s.AddBroken(traffic.Position{Entry: 2}, "x")
		}, summary.Failed},
		"only cut": {"", func(s *summary.Summary) {
			s.Add(&traffic.Exchange{Findings: []traffic.Finding{{Code: "body.cut", Severity: traffic.Info}}}, traffic.Position{})
		}, summary.Incomplete},
	} {
		s := summary.New(v.Contract(), summary.Options{FailOn: c.failOn})
		c.fill(s)
		r := s.Report()
		if r.Outcome != c.want || (len(r.Reasons) == 0) != (r.Outcome == summary.Passed) {
			t.Errorf("%s: %s %v, want %s", name, r.Outcome, r.Reasons, c.want)
		}
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	v := elma(t)
	s := summary.New(v.Contract(), summary.Options{})
	e := call(v, "ex-1", noID, 200)
	e.Findings[0].Actual = `{"token":"` + secret + `"}`
	s.Add(e, traffic.Position{})
	s.AddBroken(traffic.Position{Entry: 1}, "Bearer "+secret)
	s.AddBody(summary.Body{File: "-", Findings: e.Findings})
	for _, write := range writers(s.Report()) {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), secret) {
			t.Errorf("shows the secret:\n%s", &out)
		}
	}
}

// However many hosts, kinds and broken entries there are, few are kept.
func TestMemoryIsBounded(t *testing.T) {
	v := elma(t)
	s := summary.New(v.Contract(), summary.Options{})
	const many, maxHosts, maxBroken, maxKinds = 3000, 100, 100, 1000
	for i := range many {
		s.Skip(fmt.Sprintf("h%d.example", i))
		s.AddBroken(traffic.Position{Entry: i}, "x")
		s.Add(&traffic.Exchange{Findings: []traffic.Finding{{Code: "x", Severity: traffic.Error, Pointer: fmt.Sprintf("/a%d", i)}}}, traffic.Position{})
	}
	r := s.Report()
	if len(r.Skipped) != maxHosts+1 || len(r.Broken) != maxBroken || r.Counts.Skipped != many || r.Counts.Broken != many {
		t.Errorf("%d hosts, %d broken entries, %+v", len(r.Skipped), len(r.Broken), r.Counts)
	}
	if len(r.Groups) != 1 || len(r.Groups[0].Kinds) != maxKinds || r.LeftOut != many-maxKinds || r.Findings[traffic.Error] != many {
		t.Errorf("%d groups, %d left out, %v", len(r.Groups), r.LeftOut, r.Findings)
	}
	for _, want := range []string{"\n  and 980 kinds more; --format json lists them\n", "and 81 hosts more\n", "Not read: 2980 entries more\n", "2000 findings more, of kinds beyond the first 1000"} {
		if got := written(t, r, "text"); strings.Count(got, "\n") > 100 || !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	v := elma(t)
	s := summary.New(v.Contract(), summary.Options{})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 25 {
				s.Add(call(v, "ex-1", noID, 200), traffic.Position{})
				s.Report()
			}
		})
	}
	group.Wait()
	if r := s.Report(); r.Counts.Judged != 100 || r.Findings[traffic.Error] != 100 {
		t.Errorf("got %+v", r)
	}
}

// TestUpgradesAreNoProof: what is spoken in sockets nobody judges, so that they alone make
// nothing green.
func TestUpgradesAreNoProof(t *testing.T) {
	v := elma(t)
	socket := &traffic.Exchange{Caller: traffic.Partner, Request: traffic.Request{Method: "GET", URL: "/socket"}, Response: &traffic.Response{Status: 101}}
	v.Exchange(socket)
	s := summary.New(v.Contract(), summary.Options{})
	s.Add(socket, traffic.Position{})
	r := s.Report()
	if r.Outcome != summary.Incomplete || r.Counts.Judged != 0 || r.Counts.Upgraded != 1 {
		t.Errorf("%s, %+v", r.Outcome, r.Counts)
	}
	s.Add(call(v, "e", good, 200), traffic.Position{})
	r = s.Report()
	var text strings.Builder
	if err := r.Write(&text, "text"); err != nil {
		t.Fatal(err)
	}
	if r.Outcome != summary.Passed || !strings.Contains(text.String(), "passed: 1 of 2 exchanges judged (1 operation, 0 events), 1 WebSocket not judged, 2 notes") {
		t.Errorf("%s: %s", r.Outcome, text.String())
	}
}
