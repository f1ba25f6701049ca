package control_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/store"
)

// archive remembers documents, of which each call changes some at random.
func archive(r *rand.Rand) func(*mockserver.Stage) mockserver.Behaviour {
	return func(stage *mockserver.Stage) mockserver.Behaviour {
		kept := mockserver.Persist(stage, "documents", store.NewMemory[json.RawMessage](20, nil))
		return mockserver.Behaviour{
			State: func() any {
				list, _ := kept.List()
				saved, _ := kept.Save()
				byID := map[string]any{}
				for _, v := range saved.Values {
					byID["~/"+v.ID] = v.Value
				}
				return map[string]any{"list": list, "byID": byID}
			},
			Operations: map[string]func(*mockserver.Call) mockserver.Reply{"ticket": func(c *mockserver.Call) mockserver.Reply {
				for range r.IntN(4) {
					id := fmt.Sprint(r.IntN(30))
					if r.IntN(3) == 0 {
						kept.Delete(id)
						continue
					}
					_ = store.Put(kept, id, document(r, 3))
				}
				return mockserver.Reply{Status: http.StatusOK, Body: map[string]any{"id": "T-1"}}
			}},
		}
	}
}

// document is a JSON value made up.
func document(r *rand.Rand, deep int) json.RawMessage {
	value := func() string { return string(document(r, deep-1)) }
	switch n := r.IntN(8); {
	case n < 2 && deep > 0:
		return json.RawMessage(fmt.Sprintf(`{"a/b":%s,"~":%s,"":%s}`, value(), value(), value()))
	case n < 4 && deep > 0:
		var list []string
		for range r.IntN(5) {
			list = append(list, value())
		}
		return json.RawMessage("[" + strings.Join(list, ",") + "]")
	}
	return json.RawMessage([]string{"null", "true", "9007199254740993", "1.50", `"<&>\u2028"`, `"x"`}[r.IntN(6)])
}

// TestAnotherLibraryAppliesEachDiff to the state before, and gets the state after, over
// random stories.
func TestAnotherLibraryAppliesEachDiff(t *testing.T) {
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 7))
		c := controlledBy(t, acme.NewWith(t, mockserver.Options{History: true}, archive(r)))
		before, changed := c.call("GET", "state", "").Body, 0
		for n := range 40 {
			c.Do("GET", "/tickets/T-1", "")
			id := fmt.Sprintf("ex-%06d", n+1)
			var diff struct {
				Exchange string
				Patch    json.RawMessage
			}
			c.into(&diff, 200, "GET", "journal/"+id+"/diff", "")
			after := c.call("GET", "state?at="+id, "").Body
			patch, err := jsonpatch.DecodePatch(diff.Patch)
			if err != nil {
				t.Fatal(err)
			}
			applied, err := patch.Apply([]byte(before))
			if err != nil || diff.Exchange != id {
				t.Fatalf("%s: %v\n%s\n%s", id, err, before, diff.Patch)
			}
			if !reflect.DeepEqual(exactly(t, string(applied)), exactly(t, after)) {
				t.Fatalf("%s of seed %d:\n before %s\n patch  %s\n makes  %s\n not    %s", id, seed, before, diff.Patch, applied, after)
			}
			if before != after {
				changed++
			}
			before = after
		}
		if changed < 20 {
			t.Errorf("only %d calls changed anything", changed)
		}
	}
}

// exactly decodes JSON with its numbers as they are written.
func exactly(t *testing.T, text string) (value any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// TestADiffIsOfTheExchangeAlone, shows no secret, and can be asked of one vendor.
func TestADiffIsOfTheExchangeAlone(t *testing.T) {
	remembers := func(stage *mockserver.Stage) mockserver.Behaviour {
		kept := mockserver.Persist(stage, "logins", store.NewMemory[json.RawMessage](0, nil))
		set := func(text string) {
			kept.Upsert("login", func(v *json.RawMessage) error { *v = json.RawMessage(text); return nil })
		}
		return mockserver.Behaviour{
			State:    func() any { list, _ := kept.List(); return map[string]any{"logins": list} },
			AddState: func(given json.RawMessage) error { set(string(given)); return nil },
			Operations: map[string]func(*mockserver.Call) mockserver.Reply{"ticket": func(c *mockserver.Call) mockserver.Reply {
				set(`{"password": "hunter2hunter2", "user": "Example Agent"}`)
				return mockserver.Reply{Status: http.StatusOK, Body: map[string]any{"id": "T-1"}}
			}},
		}
	}
	c := controlledBy(t, acme.NewWith(t, mockserver.Options{History: true}, remembers))
	c.Do("GET", "/tickets/T-1", "")
	c.into(nil, 204, "POST", "state", `{"state": {"user": "Nobody"}}`)
	c.Do("GET", "/tickets/T-1", "")
	first, second := c.call("GET", "journal/ex-000001/diff", "").Body, c.call("GET", "journal/ex-000002/diff?vendor=acme", "").Body
	for _, test := range [][2]string{
		{first, `{"exchange":"ex-000001","patch":[{"value":{"password":"[redacted]","user":"Example Agent"},"op":"add","path":"/acme/logins/0"}]}`},
		{second, `{"exchange":"ex-000002","patch":[{"value":"[redacted]","op":"add","path":"/acme/logins/0/password"},{"value":"Example Agent","op":"replace","path":"/acme/logins/0/user"}]}`},
	} {
		if strings.TrimSpace(test[0]) != test[1] {
			t.Errorf("a diff is %s, want %s", test[0], test[1])
		}
	}
	c.refused(400, "GET", "journal/ex-000001/diff?vendor=nope", "", "the mock plays acme")
	c.refused(410, "GET", "journal/ex-000009/diff", "", `exchange "ex-000009" is not in the journal any more, or never was`)
	late := newControl(t, mockserver.Options{})
	late.Do("GET", "/tickets/T-1", "")
	late.refused(410, "GET", "journal/ex-000001/diff", "", "after ex-000001")
}
