package expertflow

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/traffic"
)

// The IDs of the contract's operations, and the path of the first.
const (
	pushActivity   = "pushActivity"
	requestToken   = "requestToken"
	activitiesPath = "/conversation-manager/activities"
)

// activity is one push of the application's, as far as its message can be read.
type activity struct {
	*traffic.Exchange
	readable bool // the body is one JSON object
	id       string
	kind     string // body.type
	message  map[string]any
	header   map[string]any
	body     map[string]any
}

func read(e *traffic.Exchange) activity {
	a := activity{Exchange: e}
	if json.Unmarshal(e.Request.Body.Kept, &a.message) != nil || a.message == nil {
		return a
	}
	a.readable = true
	a.id, _ = a.message["id"].(string)
	a.header, _ = a.message["header"].(map[string]any)
	a.body, _ = a.message["body"].(map[string]any)
	a.kind, _ = a.body["type"].(string)
	return a
}

// isActivity is true for a call of the operation, and for one that seems to be
// meant for it: with another method, or with a message to another path.
func isActivity(e *traffic.Exchange) bool {
	if e.Operation != "" {
		return e.Operation == "operations/"+pushActivity
	}
	if path, _, _ := strings.Cut(e.Request.URL, "?"); path == activitiesPath {
		return true
	}
	a := read(e)
	return a.header != nil || a.body != nil
}

// The members of a header that say what an activity belongs to; "" where one is
// missing.
func (a activity) conversation() string { return textOf(a.header, "conversationId") }
func (a activity) session() string      { return textOf(a.header, "channelSessionId") }
func (a activity) customer() string {
	customer, _ := a.header["customer"].(map[string]any)
	return cmp.Or(textOf(customer, "_id"), textOf(customer, "Id"), textOf(customer, "id"))
}

func textOf(object map[string]any, name string) string {
	text, _ := object[name].(string)
	return text
}

// nothing is what an activity belongs to that names nothing.
const nothing = "none of the three"

// belongs says in words what an activity belongs to.
func (a activity) belongs() string {
	var named []string
	for _, one := range []struct{ name, value string }{
		{"customer", a.customer()}, {"conversationId", a.conversation()}, {"channelSessionId", a.session()},
	} {
		if one.value != "" {
			named = append(named, one.name)
		}
	}
	if len(named) == 0 {
		return nothing
	}
	return strings.Join(named, " and ")
}

// said is what an activity says, without its ID and the time at which it was sent.
func (a activity) said() string {
	header := map[string]any{}
	for name, value := range a.header {
		if name != "timestamp" {
			header[name] = value
		}
	}
	text, _ := json.Marshal([]any{header, a.body}) // it has just been decoded
	return string(text)
}

// same is true for another push of one activity: with its ID, or with its contents.
func (a activity) same(other activity) bool {
	if a.id != "" && a.id == other.id {
		return true
	}
	return a.readable && other.readable && a.said() == other.said()
}

// is is true for another push with the ID of this one or, where it has none, with its
// contents.
func (a activity) is(other activity) bool {
	return a.id == other.id && a.id != "" || a.id == "" && a.same(other)
}

// activities are all pushes of the run so far, oldest first.
func activities(p *conformance.Partner) []activity {
	var all []activity
	for _, e := range partnerCalls(p, isActivity) {
		all = append(all, read(e))
	}
	return all
}

func partnerCalls(p *conformance.Partner, match func(*traffic.Exchange) bool) []*traffic.Exchange {
	return p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Caller == traffic.Partner && match(e) })
}

// isLogin is true for a request for a token: at Keycloak, or where clients with a
// user interface get theirs.
func isLogin(e *traffic.Exchange) bool {
	return e.Operation == "operations/"+requestToken || isAgentLogin(e) ||
		e.Operation == "" && strings.Contains(e.Request.URL, "/openid-connect/token")
}

func isAgentLogin(e *traffic.Exchange) bool {
	path, _, _ := strings.Cut(e.Request.URL, "?")
	return e.Operation == "" && (strings.HasSuffix(path, "/agent/login") || strings.HasSuffix(path, "/keycloakLogin") || strings.HasSuffix(path, "/agent/refresh-token"))
}

// state is what Expertflow CX remembers.
func state(p *conformance.Partner) (expertflow.State, error) {
	s, ok := p.Sandbox().State()["expertflow"].(expertflow.State)
	if !ok {
		return s, conformance.CouldNotRun("the mock does not tell what Expertflow CX remembers")
	}
	return s, nil
}

// kept are the activities that Expertflow CX has since then and that one of these
// pushes brought.
func kept(p *conformance.Partner, since time.Time, pushes ...activity) ([]expertflow.Activity, error) {
	s, err := state(p)
	if err != nil {
		return nil, err
	}
	var found []expertflow.Activity
	for _, k := range s.Activities {
		var event struct{ Data json.RawMessage }
		if k.Received.Before(since) || json.Unmarshal(k.Event, &event) != nil {
			continue
		}
		message := read(&traffic.Exchange{Request: traffic.Request{Body: traffic.NewBody(event.Data, 0)}})
		for _, a := range pushes {
			if a.is(message) {
				found = append(found, k)
				break
			}
		}
	}
	return found, nil
}

// after is true for an exchange that began when another had ended.
func after(e, earlier *traffic.Exchange) bool {
	return !e.Time.Before(earlier.Time.Add(earlier.Duration))
}

func later(a, b activity) time.Duration { return b.Time.Sub(a.Time).Round(time.Millisecond) }
