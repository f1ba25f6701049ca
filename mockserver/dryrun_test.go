package mockserver_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
)

// numbering is a vendor whose events have an ID that it makes up.
func numbering(stage *mockserver.Stage) mockserver.Behaviour {
	return mockserver.Behaviour{Events: map[string]mockserver.Event{"changed": {
		Complete: func(s *mockserver.Sending) error {
			s.Fill("ticket", stage.NewID())
			return nil
		},
	}}}
}

func ticketOf(t *testing.T, body json.RawMessage) string {
	t.Helper()
	var event struct{ Ticket string }
	if err := json.Unmarshal(body, &event); err != nil {
		t.Fatal(err)
	}
	return event.Ticket
}

// TestADryRunChangesNothingThatFollows: what is sent after it is what it showed, and
// what would have been sent without it.
func TestADryRunChangesNothingThatFollows(t *testing.T) {
	p := mocktest.NewPartner(t, nil)
	var sent [2]string
	for i, dry := range []bool{false, true} {
		m := acme.New(t, numbering)
		if _, err := m.Sandbox().PutChannel(mockserver.Channel{ID: "c", URL: p.URL}); err != nil {
			t.Fatal(err)
		}
		shown := map[string]bool{}
		for range 3 {
			if dry {
				d, err := m.Sandbox().DryRun(mockserver.SendRequest{Event: "changed"})
				if err != nil {
					t.Fatal(err)
				}
				shown[ticketOf(t, d.Body)] = true
			}
		}
		d, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "changed", Wait: true})
		if err != nil {
			t.Fatal(err)
		}
		sent[i] = ticketOf(t, d.Body)
		if dry && (len(shown) != 1 || !shown[sent[i]]) {
			t.Errorf("shown were %v, and sent was %s", shown, sent[i])
		}
		if n := len(m.Sandbox().Deliveries()); n != 1 || d.ID != "dl-000001" {
			t.Errorf("there are %d deliveries, the last one %s", n, d.ID)
		}
	}
	if sent[0] != sent[1] || len(sent[0]) != 36 {
		t.Errorf("sent were %v", sent)
	}
}

// TestDryRunsAmongCalls: IDs stay different while others compose and send.
func TestDryRunsAmongCalls(t *testing.T) {
	p := mocktest.NewPartner(t, nil)
	m := acme.New(t, numbering)
	if _, err := m.Sandbox().PutChannel(mockserver.Channel{ID: "c", URL: p.URL}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if _, err := m.Sandbox().DryRun(mockserver.SendRequest{Event: "changed"}); err != nil {
					t.Error(err)
				}
				if _, err := m.Sandbox().Send(t.Context(), mockserver.SendRequest{Event: "changed"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, d := range acme.Ended(t, m) {
		seen[ticketOf(t, d.Body)] = true
	}
	if len(seen) != 160 {
		t.Errorf("160 events have %d IDs", len(seen))
	}
}

func TestADryRunRefusesWhatCanNeverBeSent(t *testing.T) {
	m := acme.New(t, nil)
	if _, err := m.Sandbox().PutChannel(mockserver.Channel{ID: "c"}); err != nil {
		t.Fatal(err)
	}
	for says, r := range map[string]mockserver.SendRequest{
		"it sends changed":                {Event: "nope"},
		`no vendor "x"`:                   {Vendor: "x", Event: "changed"},
		"further targets are not allowed": {Event: "changed", To: "http://elsewhere.example/"},
	} {
		if _, err := m.Sandbox().DryRun(r); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want %s", r, err, says)
		}
	}
}
