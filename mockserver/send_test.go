package mockserver_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

func TestSendDeliversTheDocumentedSample(t *testing.T) {
	m := acme.New(t, nil)
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{ID: "c", URL: p.URL, Token: "x"})
	d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{
		Event: "changed", Set: map[string]any{"ticket": "T-7", "parts.0.name": "b", "more.deep": true}, Wait: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"ticket":"T-7","parts":[{"name":"b"}],"secret":"s3cr3t","more":{"deep":true}}`
	if got := p.Received(); !slices.Equal(got, []string{body}) {
		t.Errorf("the partner got %q", got)
	}
	if d.State != outbox.Delivered || d.Status != 200 || len(d.Attempts) != 1 || string(d.Body) != body {
		t.Errorf("the delivery is %+v", d)
	}
	e, ok := m.Sandbox().Journal().Get(d.Attempts[0])
	if !ok || e.Caller != traffic.Vendor || e.Operation != "events/changed" || e.Delivery != d.ID || e.Attempt != 1 || e.Channel != "c" {
		t.Errorf("the exchange is %+v", e)
	}
	acme.Below(t, traffic.Warn, m.Sandbox().Journal().Find(nil))
	again, ok := m.Sandbox().Delivery(d.ID)
	if !ok || again.State != d.State {
		t.Errorf("the delivery is remembered as %+v", again)
	}
}

func TestSendRefuses(t *testing.T) {
	m := acme.New(t, nil)
	if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed"}); !errors.Is(err, mockserver.ErrNoChannel) {
		t.Errorf("without a channel: %v", err)
	}
	m.Connect(mockserver.Channel{ID: "quiet"})
	if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed"}); !errors.Is(err, mockserver.ErrNoURL) {
		t.Errorf("without a URL: %v", err)
	}
	m.Connect(mockserver.Channel{ID: "a", URL: "http://127.0.0.1:1/a"})
	m.Connect(mockserver.Channel{ID: "b", URL: "http://127.0.0.1:1/b"})
	set := func(path string, value any) mockserver.SendRequest {
		return mockserver.SendRequest{Event: "changed", Channel: "a", Set: map[string]any{path: value}}
	}
	for _, test := range []struct {
		title   string
		request mockserver.SendRequest
		says    string
	}{
		{"an unknown vendor", mockserver.SendRequest{Vendor: "x", Event: "changed"}, `no vendor "x"; the mock plays acme`},
		{"an unknown event", mockserver.SendRequest{Event: "change"}, `no event "change"; it sends changed`},
		{"an unknown channel", mockserver.SendRequest{Event: "changed", Channel: "x"}, `no channel "x"`},
		{"an open choice of channel", mockserver.SendRequest{Event: "changed"}, `say which is meant with "channel", for instance "a"`},
		{"an unknown sample", mockserver.SendRequest{Event: "changed", Channel: "a", Sample: "x"}, `no sample "x"; it has documented`},
		{"a body that breaks the contract", set("ticket", 5), `body.type at "/ticket": expected`},
		{"a value that JSON does not have", set("ticket", make(chan int)), "unsupported type"},
		{"a path through a string", set("ticket.x", 1), `goes through "ticket", which is no object but "T-1"`},
		{"a path with an empty name", set("a..b", 1), "has an empty name"},
		{"an element that is not there", set("parts.7.name", 1), `"7" is no element of an array with 1`},
		{"a target that nobody configured", mockserver.SendRequest{Event: "changed", Channel: "a", To: "http://127.0.0.1:2/"}, "is no channel's"},
		{"a target that is no URL", mockserver.SendRequest{Event: "changed", Channel: "a", To: "localhost:3000"}, "begins with http:// or https://"},
	} {
		t.Run(test.title, func(t *testing.T) {
			if _, err := m.Sandbox().Send(mocktest.Soon(t), test.request); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want an error that says %q", err, test.says)
			}
		})
	}
	if n := len(m.Sandbox().Deliveries()); n != 0 {
		t.Errorf("%d deliveries were made", n)
	}
}

func TestBrokenOnPurposeIsSentAndNotHeldAgainstTheMock(t *testing.T) {
	m := acme.New(t, nil)
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{URL: p.URL})
	_, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Body: map[string]any{"ticket": 5}, Broken: true, Wait: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Received(); !slices.Equal(got, []string{`{"ticket":5}`}) {
		t.Errorf("the partner got %q", got)
	}
	acme.Below(t, traffic.Info, m.Sandbox().Journal().Find(nil))
}
