package control_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/store"
)

type changeLog struct {
	Since   time.Time
	Changes []mockserver.Change
	More    bool
	Dropped uint64
}

func testChanges(t *testing.T, c *controlled) {
	var log changeLog
	if c.into(&log, 200, "GET", "changes", ""); len(log.Changes) != 0 || log.Since.IsZero() {
		t.Errorf("before recording began there are %+v", log)
	}
	for range 3 {
		c.into(nil, 204, "POST", "state", `{"state": {"tickets": 2}}`)
	}
	c.into(&log, 200, "GET", "changes?vendor=acme&collection=tickets&id=tickets&limit=2", "")
	if len(log.Changes) != 2 || !log.More || log.Dropped != 0 {
		t.Fatalf("the newest are %+v", log)
	}
	one := log.Changes[1]
	if one.Sequence != 3 || string(one.Before) != "5" || string(one.After) != "7" || len(one.Exchanges) != 0 || !one.Certain || one.ID != "tickets" {
		t.Errorf("the newest is %+v", one)
	}
	if c.into(&log, 200, "GET", "changes?since=1&limit=1", ""); len(log.Changes) != 1 || log.Changes[0].Sequence != 2 || !log.More {
		t.Errorf("the first one after 1 is %+v", log)
	}
	for query, want := range map[string]int{"since=3": 0, "exchange=ex-000001": 0, "id=nope": 0, "since=0": 3} {
		if c.into(&log, 200, "GET", "changes?"+query, ""); len(log.Changes) != want || log.More {
			t.Errorf("%s: %d changes, want %d", query, len(log.Changes), want)
		}
	}
	for query, says := range map[string]string{
		"since=x": "since=x is none; write the sequence of a change", "limit=0": "from 1 to 10000", "vendor=nope": "the mock plays acme",
		"collection=nope": "collection=nope is none; there are tickets", "nope=1": `it knows exchange, vendor, collection, id, since, limit`,
	} {
		c.refused(400, "GET", "changes?"+query, "", says)
	}
	c.into(nil, 204, "POST", "reset", "")
	if c.into(&log, 200, "GET", "changes", ""); len(log.Changes) != 0 {
		t.Errorf("after a reset there are %+v", log.Changes)
	}
	c.into(nil, 204, "POST", "state", `{"state": {"tickets": 2}}`)
	if c.into(&log, 200, "GET", "changes", ""); len(log.Changes) != 1 || log.Changes[0].Sequence != 4 || string(log.Changes[0].Before) != "1" {
		t.Errorf("after a reset there are %+v", log.Changes)
	}
	c.into(nil, 204, "POST", "reset", "")
}

// TestChangesShowNoSecret by its name or its value, wherever it stands.
func TestChangesShowNoSecret(t *testing.T) {
	remembers := func(stage *mockserver.Stage) mockserver.Behaviour {
		kept := mockserver.Persist(stage, "logins", store.NewMemory[json.RawMessage](0, nil))
		return mockserver.Behaviour{AddState: func(given json.RawMessage) error {
			stage.Secret("tok-4711-4711")
			return store.Put(kept, "login of tok-4711-4711", given)
		}}
	}
	c := controlledBy(t, acme.NewWith(t, mockserver.Options{Changes: true}, remembers))
	c.into(nil, 204, "POST", "state", `{"state": {"password": "hunter2hunter2", "note": "with tok-4711-4711", "user": "Example Agent"}}`)
	a := c.call("GET", "changes", "")
	for _, secret := range []string{"hunter2", "tok-4711"} {
		if strings.Contains(a.Body, secret) {
			t.Errorf("%s is shown: %s", secret, a.Body)
		}
	}
	if !strings.Contains(a.Body, "Example Agent") || !strings.Contains(a.Body, "login of ") {
		t.Errorf("shown is %s", a.Body)
	}
}
