package snapshottest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/traffic"
)

// excerpted demands that a mock goes on from what a report has of another: it remembers the
// same, but for secrets, and has the same journal; and nothing secret is in the excerpt.
func excerpted(t *testing.T, o mockserver.Options, vendor mockserver.Vendor, from *mockserver.Server) {
	t.Helper()
	box := from.Sandbox()
	x, err := box.Excerpt(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last, err := box.LastStep()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(x.Steps)
	if err != nil {
		t.Fatal(err)
	}
	written := string(x.State) + string(text)
	for _, c := range box.Channels() {
		if c.Token != "" && strings.Contains(written, `"`+c.Token+`"`) {
			t.Errorf("the excerpt has the token of channel %s", c.ID)
		}
	}
	same(t, "the excerpt without what is known to be secret", from.Redactor().Values(written), written)
	shown := map[string]*traffic.Exchange{}
	for _, e := range box.Journal().Find(nil) {
		shown[e.ID] = from.Redactor().Exchange(e)
	}
	o.Ledger = ledger.NewMemory()
	if _, err := x.Into(t.Context(), o.Ledger, mockserver.Regained{Through: last, Exchanges: shown, Now: o.Now()}); err != nil {
		t.Fatal(err)
	}
	fork := made(t, o, vendor)
	same(t, "what goes on from an excerpt", remembered(t, from, box), remembered(t, from, fork.Sandbox()))
	if had, has := box.Journal().Stats().Kept, fork.Sandbox().Journal().Stats().Kept; had != has {
		t.Errorf("what goes on from an excerpt has %d exchanges, and had %d", has, had)
	}
}

// remembered is the state of a sandbox as a mock would show it.
func remembered(t *testing.T, by *mockserver.Server, box *mockserver.Sandbox) string {
	t.Helper()
	text, err := plainjson.Marshal(box.State())
	if err != nil {
		t.Fatal(err)
	}
	return string(by.Redactor().JSON(text))
}
