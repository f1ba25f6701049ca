package control_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
)

// TestControlSaysWhatIsWrongWithABody in words, without the types of a language.
func TestControlSaysWhatIsWrongWithABody(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	for _, test := range []struct{ method, path, body, says string }{
		{"POST", "faults", `{"status":"500"}`, "takes: status: expected a whole number, got a string; it takes a JSON object with id, vendor"},
		{"POST", "faults", `{"status":1.5}`, "takes: status: expected a whole number, got 1.5; "},
		{"POST", "faults", `{"probability":true}`, "takes: probability: expected a number, got true or false; "},
		{"POST", "faults", `{"lose":1}`, "takes: lose: expected true or false, got a number; "},
		{"POST", "faults", `{"set":[]}`, "takes: set: expected an object, got a list; "},
		{"POST", "faults", `{"status":500`, "takes: the JSON ends too early; "},
		{"POST", "channels", `{"name":{}}`, "takes: name: expected a string, got an object; "},
		{"PATCH", "channels/x", `{"policy":{"success":200}}`, "takes: policy.success: expected a list, got a number; "},
		{"POST", "sandboxes", `{"name":"x","seed":-1}`, "takes: seed: expected a whole number from 0, got -1; "},
		{"PUT", "clock", `{"now":"noon"}`, "takes: noon is no time; write one such as 2031-05-06T07:08:09Z; "},
		{"PUT", "clock", `{"now":5}`, `takes: a time is a string such as "2031-05-06T07:08:09Z"; `},
		{"PUT", "clock", " ", "the body is empty; send what PUT /_parley/clock takes: a JSON object with now, frozen"},
	} {
		c.refused(400, test.method, test.path, test.body, test.says)
	}
}

func TestControlToken(t *testing.T) {
	c := newControl(t, mockserver.Options{ControlToken: "open sesame"})
	for _, test := range []struct {
		path, given string
		status      int
	}{
		{"health", "", 200}, {"ready", "", 200}, {"version", "", 401}, {"version", "Bearer open", 401}, {"version", "Bearer open sesame2", 401}, {"version", "Bearer Open sesame", 401},
		{"nope", "", 401}, {"", "", 401}, {"version", "open sesame", 401}, {"version", "Basic open sesame", 401}, {"version", "bearer open sesame", 200}, {"version", "Bearer open sesame", 200},
	} {
		if a := c.call("GET", test.path, "", "Authorization", test.given); a.Status != test.status {
			t.Errorf("%s with %q: %d, want %d", test.path, test.given, a.Status, test.status)
		}
	}
	if a := c.Do("GET", "/tickets/T-1", ""); a.Status != 200 {
		t.Errorf("a vendor's path demands the control token: %d", a.Status)
	}
}

// TestControlKnowsItsParameters: what nothing reads is refused, and nothing is done.
func TestControlKnowsItsParameters(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	c.Do("GET", "/tickets/T-1", "")
	for _, request := range []string{
		"GET version", "GET openapi.json", "GET contracts", "GET contracts/acme", "GET sandboxes", "POST sandboxes", "GET sandboxes/default", "DELETE sandboxes/x", "POST sandboxes/default/reset",
		"GET clock", "PUT clock", "POST clock", "DELETE journal", "GET journal/ex-000001", "DELETE channels/x",
		"POST send", "POST compose", "POST judge", "GET deliveries/dl-000001", "POST deliveries/dl-000001/retry", "POST deliveries/dl-000001/cancel", "POST deliveries/dl-000001/replay",
		"POST listen/me/x", "GET faults", "POST faults", "DELETE faults", "DELETE faults/ft-000001", "POST state", "POST reset",
	} {
		method, path, _ := strings.Cut(request, " ")
		c.refused(400, method, path+"?nope=1", "{}", request[:len(method)]+" /_parley/"+path+` knows no parameter "nope"; it takes none`)
	}
	c.refused(400, "GET", "state?nope=1", "", `knows no parameter "nope"; it knows vendor`)
	c.refused(400, "GET", "channels?nope=1", "", `knows no parameter "nope"; it knows token`)
	if len(c.Sandbox().Journal().Find(nil)) != 1 {
		t.Error("the journal was cleared by a request that was refused")
	}
}

// TestControlTakesWhatItsDocumentSays: of each route the parameters and the members of
// its body are those that are described.
func TestControlTakesWhatItsDocumentSays(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	for _, o := range c.judge.Contract().Operations {
		path := strings.NewReplacer("{name}", "nobody", "{vendor}", "acme", "{id}", "x-1").Replace(o.Path)
		if o.ID != "health" && o.ID != "ready" { // whoever watches over processes asks it as they like
			var described []string
			for _, p := range o.Parameters {
				if p.In == "query" {
					described = append(described, p.Name)
				}
			}
			_, known, _ := strings.Cut(acme.Detail(t, c.Do(o.Method, path+"?nope=1", "")), "; it ")
			sameNames(t, o.Method+" "+o.Path+" takes the parameters", strings.TrimPrefix(strings.TrimPrefix(known, "takes none"), "knows "), described)
		}
		if payload := c.judge.Contract().Payloads[o.Payload]; payload != nil {
			members, _ := payload.Schema()["properties"].(map[string]any)
			_, known, _ := strings.Cut(acme.Detail(t, c.Do(o.Method, path, "")), "a JSON object with ")
			sameNames(t, o.Method+" "+o.Path+" takes the members", known, slices.Collect(maps.Keys(members)))
		}
	}
}

// sameNames compares names that are listed in a sentence.
func sameNames(t *testing.T, what, listed string, want []string) {
	t.Helper()
	got := strings.FieldsFunc(listed, func(r rune) bool { return strings.ContainsRune(", ", r) })
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("%s %v, and described are %v", what, got, want)
	}
}
