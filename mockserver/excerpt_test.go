package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// TestAMockGoesOnFromAnExcerpt as the original did after the step that is meant: with its
// state, IDs, clock and faults; it can be asked what was before, and sends nothing.
func TestAMockGoesOnFromAnExcerpt(t *testing.T) {
	s := ledgered(t, ledger.NewMemory())
	defer s.Close(atOnce(t))
	box := s.Sandbox()
	if _, err := box.AddFault(fault.Rule{Event: "changed", Delay: "1h"}); err != nil {
		t.Fatal(err)
	}
	if err := box.Clock().Advance(mocktest.Soon(t), 10*time.Minute); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		calls(s, box, "POST", "/tickets/1/notes", `{"text":"x"}`)
	}
	then, state, at := box.Clock().Now(), fmt.Sprint(box.State()), box.Journal().Find(nil)[1].ID
	through, err := box.LastStep()
	if err != nil {
		t.Fatal(err)
	}
	calls(s, box, "POST", "/tickets/1/notes", `{"text":"x"}`)
	x := mustExcerpt(t, box)
	text, err := json.Marshal([]any{x, x.Steps})
	if err != nil || strings.Contains(string(text), "a-secret-token") {
		t.Errorf("the excerpt has the token of the channel: %s, %v", text, err)
	}

	fork, lacks := excerptedMock(t, box, mockserver.Regained{Through: through})
	defer fork.Close(atOnce(t))
	now := fork.Sandbox()
	if fmt.Sprint(lacks) != "{[c-1] 3 0}" {
		t.Errorf("it lacks %+v, want the token of c-1, and what three deliveries had of it", lacks)
	}
	if fmt.Sprint(now.State()) != state || !now.Clock().Now().Equal(then) || len(now.Faults()) != 1 || now.Journal().Stats().Kept != 3 {
		t.Errorf("it goes on with %v at %s, %d faults and %d exchanges", now.State(), now.Clock().Now(), len(now.Faults()), now.Journal().Stats().Kept)
	}
	for _, d := range now.Deliveries() {
		if d.State != outbox.Cancelled || !strings.Contains(d.Error, "forked from a report") {
			t.Errorf("delivery %s is %s: %s", d.ID, d.State, d.Error)
		}
	}
	had, err := box.StateAt(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	if has, err := now.StateAt(t.Context(), at); err != nil || fmt.Sprint(has) != fmt.Sprint(had) {
		t.Errorf("after %s it had %v, and was %v (%v)", at, has, had, err)
	}
	calls(fork, now, "POST", "/tickets/1/notes", `{"text":"x"}`)
	if got, want := fmt.Sprint(now.State()), fmt.Sprint(box.State()); got != want {
		t.Errorf("it went on to %s, and the original to %s", got, want)
	}
}

// TestWhatAnExcerptLacksIsGiven: the token of a channel, and where its events go.
func TestWhatAnExcerptLacksIsGiven(t *testing.T) {
	s := ledgered(t, nil)
	defer s.Close(atOnce(t))
	if _, err := s.Sandbox().LastStep(); err != nil { // from now on what was is kept
		t.Fatal(err)
	}
	if _, _, err := s.Sandbox().OpenChannel(t.Context(), mockserver.Channel{ID: "c-2", Vendor: "acme", URL: "http://partner.example.com/", Token: "another-secret"}); err != nil {
		t.Fatal(err)
	}
	through, err := s.Sandbox().LastStep()
	if err != nil {
		t.Fatal(err)
	}
	fork, lacks := excerptedMock(t, s.Sandbox(), mockserver.Regained{Through: through, Token: "given", URL: "http://elsewhere.example.com/"})
	defer fork.Close(atOnce(t))
	if len(lacks.Channels) > 0 {
		t.Errorf("it lacks the tokens of %v, which were given", lacks.Channels)
	}
	if n := len(fork.Sandbox().Channels()); n != 2 {
		t.Errorf("it has %d channels, want 2", n)
	}
	for _, c := range fork.Sandbox().Channels() {
		if c.Token != "given" || c.URL != "http://elsewhere.example.com/" {
			t.Errorf("channel %s has the token %q and leads to %s", c.ID, c.Token, c.URL)
		}
	}
}

func mustExcerpt(t *testing.T, box *mockserver.Sandbox) *mockserver.Excerpt {
	t.Helper()
	x, err := box.Excerpt(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// excerptedMock goes on from what happened in a sandbox.
func excerptedMock(t *testing.T, box *mockserver.Sandbox, r mockserver.Regained) (*mockserver.Server, mockserver.Lacking) {
	t.Helper()
	r.Now, r.Exchanges = acme.At.Add(time.Hour), map[string]*traffic.Exchange{}
	for _, e := range box.Journal().Find(nil) {
		r.Exchanges[e.ID] = e
	}
	kept := ledger.NewMemory()
	lacks, err := mustExcerpt(t, box).Into(t.Context(), kept, r)
	if err != nil {
		t.Fatal(err)
	}
	server, err := mockserver.New(mockserver.Options{
		Ledger: kept, Now: func() time.Time { return r.Now }, Transport: &moody{}, Control: control.New,
		AllowTargets: func(u *url.URL) bool { return true },
	}, mockserver.Vendor{Contract: acme.Contract(), Play: clerk})
	if err != nil {
		t.Fatal(err)
	}
	return server, lacks
}
