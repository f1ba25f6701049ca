package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// A vendor whose channels have no address of their own is not said to have one.
func TestChannelsWithoutAnAddress(t *testing.T) {
	contract, err := specs.LoadFolder("../../testdata/contracts/acme")
	if err != nil {
		t.Fatal(err)
	}
	mock, err := mockserver.New(mockserver.Options{}, mockserver.Vendor{Contract: contract})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close(t.Context())
	var out strings.Builder
	c := newConsole(&out, redaction.New(redaction.Options{}))
	c.connect(t.Context(), mock.Sandbox(), mockserver.Channel{Vendor: "acme", ID: "c1", URL: "http://127.0.0.1:1/hook"})
	c.welcome(mock, []*specs.Contract{contract}, false, "")
	for _, line := range []string{"acme: channel c1 to http://127.0.0.1:1/hook\n", " channel c1\n"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q is not printed:\n%s", line, &out)
		}
	}
}

// TestLinesOfExchanges compares what is printed in one go with what each exchange is
// without all its secrets, in the same order.
func TestLinesOfExchanges(t *testing.T) {
	redact := redaction.New(redaction.Options{})
	redact.Met("Hx7kQ9wz2M")
	finding := traffic.Finding{Code: "body.type", Severity: traffic.Error, Part: traffic.InRequest, Pointer: "/a", Expected: "a text", Actual: "token=Zq81Lm20xY \x1b[31m\n::error::x"}
	var all []*traffic.Exchange
	for i := range 2 * consoleWrite / 64 {
		e := &traffic.Exchange{
			ID: fmt.Sprintf("ex-%04d", i), Time: time.Unix(int64(i), 0), Vendor: "acme", Caller: traffic.Partner, Operation: "operations/x",
			Request:  traffic.Request{Method: "POST", URL: "/x/Hx7kQ9wz2M?token=Zq81Lm20xY&u=" + strings.Repeat("é", i%200), Header: http.Header{"X-Api-Key": {"Ab93Kd02pQ"}}},
			Response: &traffic.Response{Status: 200}, Duration: time.Duration(i) * time.Millisecond,
		}
		switch i % 4 {
		case 1:
			e.Findings, e.Sandbox = []traffic.Finding{finding, {Severity: traffic.Info}}, "run-1"
		case 2:
			e.Response, e.Error, e.Attempt, e.Caller = nil, "no connection for Ab93Kd02pQ", 2, traffic.Vendor
		case 3:
			e.Request.Body = traffic.NewBody([]byte(`{"secret":"Hd72Lw09sT","n":1}`), 0)
			e.Request.URL, e.Faults = "/Hd72Lw09sT/\u202e", []string{"ft-1", "ft-2"}
		}
		all = append(all, e)
	}
	var want strings.Builder
	for _, e := range all {
		shown := redact.Exchange(e)
		line := traffic.Line(shown, time.Local)
		if shown.Sandbox != "" {
			line += " in sandbox " + shown.Sandbox
		}
		visible.Fprintf(&want, "%s\n", redact.Text(line))
		for _, f := range shown.Findings {
			if f.Severity.AtLeast(traffic.Warn) {
				visible.Fprintf(&want, "         %s %s\n", f.Part, redact.Text(f.String()))
			}
		}
	}
	var out strings.Builder
	c, feed := newConsole(&out, redact), newFeed()
	for _, e := range all {
		feed.offer(e)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	<-c.follow(ctx, feed)
	if out.String() != want.String() {
		t.Errorf("printed is\n%.2000s\nwant\n%.2000s", &out, &want)
	}
	for _, secret := range []string{"Hx7kQ9wz2M", "Zq81Lm20xY", "Ab93Kd02pQ", "Hd72Lw09sT"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s is printed", secret)
		}
	}
}
