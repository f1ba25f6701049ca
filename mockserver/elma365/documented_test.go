package elma365_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// TestThePagesSamplesAreAccepted posts what the page prints to where the page
// prints it.
func TestThePagesSamplesAreAccepted(t *testing.T) {
	m := newMock(t, "")
	for _, test := range []struct{ payload, channel string }{
		{"operations/message", elma365.MessageChannel},
		{"operations/userInfo", elma365.UserChannel},
		{"operations/disconnect", elma365.DefaultChannel},
	} {
		if a := m.post(test.channel, sample(t, test.payload)); a.Status != 200 {
			t.Errorf("%s: %d", test.payload, a.Status)
		}
	}
	noFinding(t, m, 3)
}

// TestEveryDocumentedRequest drives all nine requests, with every sample of each,
// through the mock. Neither side breaks the contract.
func TestEveryDocumentedRequest(t *testing.T) {
	contract := vendor().Contract
	for _, o := range contract.Operations {
		for _, s := range contract.Payloads[o.Payload].Samples {
			t.Run(o.Name()+"/"+s.Name, func(t *testing.T) {
				m := newMock(t, "")
				p := mocktest.NewPartner(t, says(200, ""))
				var body struct{ Token string }
				if err := json.Unmarshal(s.Body, &body); err != nil {
					t.Fatal(err)
				}
				if _, _, err := m.Sandbox().OpenChannel(mocktest.Soon(t), mockserver.Channel{ID: "c", URL: p.URL, Token: body.Token}); err != nil {
					t.Fatal(err)
				}
				if a := m.post("c", string(s.Body)); a.Status != 200 {
					t.Errorf("answered %d", a.Status)
				}
				n := 2
				if o.ID == "message" {
					m.events(1, "messageOutcome")
					n = 3
				}
				noFinding(t, m, n)
			})
		}
	}
	for _, o := range contract.Events {
		for _, s := range contract.Payloads[o.Payload].Samples {
			t.Run(o.Name()+"/"+s.Name, func(t *testing.T) {
				m := newMock(t, "")
				p := mocktest.NewPartner(t, says(200, ""))
				p.Answers(says(200, `{"fullName":"Client Example"}`))
				m.connected(p)
				if d := m.send(mockserver.SendRequest{Event: o.ID, Sample: s.Name}); d.State != outbox.Delivered {
					t.Errorf("%s: %s", d.State, d.Error)
				}
				noFinding(t, m, 2)
			})
		}
	}
}

func noFinding(t *testing.T, m *mock, n int) {
	t.Helper()
	exchanges := m.Sandbox().Journal().Find(nil)
	if len(exchanges) != n {
		t.Errorf("%d exchanges, want %d", len(exchanges), n)
	}
	for _, e := range exchanges {
		for _, f := range e.Findings {
			if f.Severity.AtLeast(traffic.Warn) {
				t.Errorf("%s by %s: %s %s at %q: expected %s, got %s", e.Operation, e.Caller, f.Severity, f.Code, f.Pointer, f.Expected, f.Actual)
			}
		}
	}
}

// TestEventsAreThePagesSamples compares what is sent from a fresh mock with what
// the page prints: only the webhook's host differs.
func TestEventsAreThePagesSamples(t *testing.T) {
	m := newMock(t, "")
	m.Server().SetBaseURL("https://my-domain.com")
	for _, o := range vendor().Contract.Events {
		body, err := m.Sandbox().Compose(mockserver.SendRequest{Event: o.ID, Channel: elma365.DefaultChannel})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := decoded(t, body), decoded(t, json.RawMessage(sample(t, o.Payload))); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is composed as %v, the page has %v", o.ID, got, want)
		}
	}
	if n := len(m.Sandbox().Deliveries()); n != 0 {
		t.Errorf("composing made %d deliveries", n)
	}
	if s := m.state(); len(s.Messages) != 0 || s.Messages == nil {
		t.Errorf("composing stored %+v", s.Messages)
	}
}

func decoded(t *testing.T, value any) any {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var same any
	if err := json.Unmarshal(data, &same); err != nil {
		t.Fatal(err)
	}
	return same
}
