package control_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// controlJudge judges the control API by its own contract, which is read once.
var controlJudge = sync.OnceValue(func() *validator.Validator {
	contract, err := specs.LoadFolder(".")
	if err != nil {
		panic(err)
	}
	judge, err := validator.New(contract)
	if err != nil {
		panic(err)
	}
	return judge
})

// controlled calls the control API, and has both halves judged. A request that is
// wrong on purpose is not judged.
type controlled struct {
	t *testing.T
	*mocktest.Mock
	judge *validator.Validator
	mu    sync.Mutex
	seen  map[string]bool // operations
}

func (c *controlled) call(method, path, body string, header ...string) mocktest.Answer {
	c.t.Helper()
	a := c.Do(method, "/_parley/"+path, body, header...)
	e := &traffic.Exchange{
		Caller:   traffic.Partner,
		Request:  traffic.Request{Method: method, URL: "/_parley/" + path, Body: traffic.NewBody([]byte(body), 0), Header: http.Header{"Content-Type": {"application/json"}}},
		Response: &traffic.Response{Status: a.Status, Header: a.Header, Body: traffic.NewBody([]byte(a.Body), 1<<24)},
	}
	c.judge.Exchange(e)
	c.mu.Lock()
	c.seen[strings.TrimPrefix(e.Operation, "operations/")] = true
	c.mu.Unlock()
	for _, f := range e.Findings {
		known := f.Code == "operation.path" || f.Code == "operation.method"
		if f.Part == traffic.InResponse && f.Severity.AtLeast(traffic.Info) || a.Status < 300 && f.Severity.AtLeast(traffic.Warn) && !known {
			c.t.Errorf("%s %s answered %d: %s %s at %q: expected %s, got %s\n%s", method, path, a.Status, f.Part, f.Code, f.Pointer, f.Expected, f.Actual, a.Body)
		}
	}
	return a
}

// into decodes an answer of the given status.
func (c *controlled) into(result any, status int, method, path, body string) {
	c.t.Helper()
	a := c.call(method, path, body)
	if a.Status != status {
		c.t.Fatalf("%s %s answered %d %s, want %d", method, path, a.Status, a.Body, status)
	}
	if result != nil {
		if err := json.Unmarshal([]byte(a.Body), result); err != nil {
			c.t.Fatal(err)
		}
	}
}

func controlledBy(t *testing.T, m *mocktest.Mock) *controlled {
	t.Helper()
	return &controlled{t: t, Mock: m, judge: controlJudge(), seen: map[string]bool{}}
}

func newControl(t *testing.T, o mockserver.Options) *controlled {
	remembers := func(stage *mockserver.Stage) mockserver.Behaviour {
		kept := mockserver.Persist(stage, "tickets", store.NewMemory[int64](1, nil))
		add := func(more int64) int64 {
			n, _ := kept.Upsert("tickets", func(n *int64) error {
				*n += more
				return nil
			})
			return n
		}
		add(1)
		return mockserver.Behaviour{
			State: func() any {
				n, _ := kept.Get("tickets")
				return map[string]any{"secret": "s3cr3t", "tickets": n}
			},
			AddState: func(given json.RawMessage) error {
				var more struct{ Tickets int64 }
				if err := json.Unmarshal(given, &more); err != nil || more.Tickets < 1 {
					return errors.New("give tickets")
				}
				add(more.Tickets)
				return nil
			},
			Opened: func(c mockserver.Channel) []mockserver.Sending {
				return []mockserver.Sending{{Event: "changed", Channel: c.ID}}
			},
			Address: func(c mockserver.Channel) string { return "/tickets/" + c.ID },
		}
	}
	return controlledBy(t, acme.NewWith(t, o, remembers))
}

func (c *controlled) refused(status int, method, path, body, says string) {
	c.t.Helper()
	a := c.call(method, path, body)
	if detail := acme.Detail(c.t, a); a.Status != status || !strings.Contains(detail, says) {
		c.t.Errorf("%s %s answered %d %q, want %d and %q", method, path, a.Status, detail, status, says)
	}
}

func (c *controlled) refusedAs(path string, status int, says string, header ...string) {
	c.t.Helper()
	a := c.Do("GET", path, "", header...)
	if detail := acme.Detail(c.t, a); a.Status != status || !strings.Contains(detail, says) {
		c.t.Errorf("%s answered %d %q, want %d and %q", path, a.Status, detail, status, says)
	}
}
