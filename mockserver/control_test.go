package mockserver_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// controlJudge judges the control API by its own contract.
func controlJudge(t testing.TB) *validator.Validator {
	t.Helper()
	contract, err := specs.LoadFolder("control")
	if err != nil {
		t.Fatal(err)
	}
	judge, err := validator.New(contract)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

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
	return &controlled{t: t, Mock: m, judge: controlJudge(t), seen: map[string]bool{}}
}

func newControl(t *testing.T, o mockserver.Options) *controlled {
	remembers := func(stage *mockserver.Stage) mockserver.Behaviour {
		var tickets atomic.Int64
		tickets.Store(1)
		return mockserver.Behaviour{
			State: func() any { return map[string]any{"secret": "s3cr3t", "tickets": tickets.Load()} },
			AddState: func(given json.RawMessage) error {
				var more struct{ Tickets int64 }
				if err := json.Unmarshal(given, &more); err != nil || more.Tickets < 1 {
					return errors.New("give tickets")
				}
				tickets.Add(more.Tickets)
				return nil
			},
			Opened: func(c mockserver.Channel) []mockserver.Sending {
				return []mockserver.Sending{{Event: "changed", Channel: c.ID}}
			},
			Address: func(c mockserver.Channel) string { return "/tickets/" + c.ID },
		}
	}
	return controlledBy(t, acme.New(t, o, remembers))
}

// TestControl goes through the whole control API, and every answer fits its
// contract.
func TestControl(t *testing.T) {
	c := newControl(t, mockserver.Options{Sandboxes: mockserver.SandboxLimits{Number: 2}})
	t.Run("health and version", func(t *testing.T) {
		c.into(nil, 200, "GET", "health", "")
		var v struct {
			Version string
			Vendors []struct{ ID, Name string }
		}
		c.into(&v, 200, "GET", "version", "")
		if v.Version == "" || len(v.Vendors) != 1 || v.Vendors[0].Name != "Acme" {
			t.Errorf("version says %+v", v)
		}
	})
	p := mocktest.NewPartner(t, nil)
	t.Run("channels", func(t *testing.T) { testChannels(t, c, p) })
	t.Run("send and deliveries", func(t *testing.T) { testSend(t, c, p) })
	t.Run("journal", func(t *testing.T) { testJournal(t, c) })
	t.Run("stream", func(t *testing.T) { testStream(t, c) })
	t.Run("orders for deliveries", func(t *testing.T) { testOrders(t, c, p) })
	t.Run("listeners", func(t *testing.T) { testListen(t, c) })
	t.Run("faults", func(t *testing.T) { testFaults(t, c) })
	t.Run("sandboxes", func(t *testing.T) { testSandboxes(t, c) })
	t.Run("clock", func(t *testing.T) { testClock(t, c) })
	t.Run("elements", func(t *testing.T) { testElements(t, c.seen) })
	t.Run("state and reset", func(t *testing.T) {
		var state map[string]struct {
			Secret  string
			Tickets int
		}
		c.into(&state, 200, "GET", "state", "")
		if state["acme"].Tickets != 1 || state["acme"].Secret != traffic.Redacted {
			t.Errorf("the state is %+v", state)
		}
		var one map[string]any
		if c.into(&one, 200, "GET", "state?vendor=acme", ""); len(one) != 1 {
			t.Errorf("the state of acme is %v", one)
		}
		c.refused(400, "GET", "state?vendor=nope", "", "vendor=nope is none; the mock plays acme")
		c.into(nil, 204, "POST", "state", `{"vendor": "acme", "state": {"tickets": 2}}`)
		for body, detail := range map[string]string{
			`{"state": {}}`:   "give tickets",
			`{}`:              "state is missing",
			`{"state": null}`: "state is missing",
			`{"vendor": "nobody", "state": {"tickets": 2}}`: `no vendor "nobody"`,
		} {
			if a := c.call("POST", "state", body); a.Status != 400 || !strings.Contains(acme.Detail(t, a), detail) {
				t.Errorf("%s: answered %d %s, want 400 and %q", body, a.Status, a.Body, detail)
			}
		}
		if c.into(&state, 200, "GET", "state", ""); state["acme"].Tickets != 3 {
			t.Errorf("after 2 more tickets the state is %+v", state)
		}
		c.into(nil, 204, "POST", "reset", "")
		if c.into(&state, 200, "GET", "state", ""); state["acme"].Tickets != 1 {
			t.Errorf("after the reset the state is %+v", state)
		}
		var list exchanges
		if c.into(&list, 200, "GET", "journal", ""); len(list.Exchanges) != 0 {
			t.Error("exchanges are left after the reset")
		}
	})
	for _, o := range c.judge.Contract().Operations {
		if !c.seen[o.ID] {
			t.Errorf("no test calls %s %s", o.Method, o.Path)
		}
	}
}

func (c *controlled) refused(status int, method, path, body, says string) {
	c.t.Helper()
	a := c.call(method, path, body)
	if detail := acme.Detail(c.t, a); a.Status != status || !strings.Contains(detail, says) {
		c.t.Errorf("%s %s answered %d %q, want %d and %q", method, path, a.Status, detail, status, says)
	}
}

func TestControlToken(t *testing.T) {
	c := newControl(t, mockserver.Options{ControlToken: "open sesame"})
	for _, test := range []struct {
		path, given string
		status      int
	}{
		{"health", "", 200}, {"version", "", 401}, {"version", "Bearer open", 401}, {"version", "Bearer open sesame2", 401}, {"version", "Bearer Open sesame", 401},
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

func TestControlRefusesForeignWebPages(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	for _, header := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		if a := c.call("POST", "reset", "", header...); a.Status != 403 {
			t.Errorf("with %v: %d", header, a.Status)
		}
	}
	if a := c.call("POST", "reset", "", "Origin", c.URL); a.Status != 204 {
		t.Errorf("its own page: %d", a.Status)
	}
}

// TestControlAnswersToItsOwnNamesOnly: a name that somebody else gave to this
// machine's address is not one of them.
func TestControlAnswersToItsOwnNamesOnly(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	port := c.URL[strings.LastIndexByte(c.URL, ':'):]
	for host, want := range map[string]int{
		"127.0.0.1" + port: 200, "localhost" + port: 200, "127.8.8.8": 200, "[::1]" + port: 200,
		"evil.example" + port: 403, "10.1.2.3": 403, "localhost.evil.example": 403,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.URL+"/_parley/journal", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("asked as %s: %d, want %d", host, response.StatusCode, want)
		}
	}
}

func TestControlHelpsOnWrongPathsAndMethods(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	for path, says := range map[string]string{
		"jurnal":          "the control API has no /_parley/jurnal; nearest are GET /_parley/journal, DELETE /_parley/journal, GET /_parley/journal/wait, GET /_parley/journal/{id}; GET /_parley/ lists all, and mockserver/control/openapi.yaml describes them",
		"faults/ft-1/off": "nearest are DELETE /_parley/faults/{id}, GET /_parley/faults, ",
		"admin/mappings":  "the control API has no /_parley/admin/mappings; GET /_parley/ lists all",
	} {
		c.refused(404, "GET", path, "", says)
	}
	for _, path := range []string{"/_parley", "/_parley/", "/~one/_parley"} {
		c.refusedAs(path, 404, `its paths are those in "served"`)
	}
	a := c.call("PATCH", "faults", "")
	if a.Status != 405 || a.Header.Get("Allow") != "DELETE, GET, POST" || !strings.Contains(acme.Detail(t, a), "knows DELETE, GET, POST, not PATCH") {
		t.Errorf("answered %d %s, Allow %s", a.Status, a.Body, a.Header.Get("Allow"))
	}
}

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

// TestControlKnowsItsParameters: what nothing reads is refused, and nothing is done.
func TestControlKnowsItsParameters(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	c.Do("GET", "/tickets/T-1", "")
	for _, request := range []string{
		"GET version", "GET sandboxes", "POST sandboxes", "GET sandboxes/default", "DELETE sandboxes/x", "POST sandboxes/default/reset",
		"GET clock", "PUT clock", "POST clock", "DELETE journal", "GET journal/ex-000001", "DELETE channels/x",
		"POST send", "GET deliveries/dl-000001", "POST deliveries/dl-000001/retry", "POST deliveries/dl-000001/cancel", "POST deliveries/dl-000001/replay",
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

func TestControlContractDescribesTheRoutes(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	var served struct{ Served []string }
	if err := json.Unmarshal([]byte(c.call("GET", "", "").Body), &served); err != nil {
		t.Fatal(err)
	}
	var described []string
	for _, o := range c.judge.Contract().Operations {
		described = append(described, o.Method+" "+o.Path)
	}
	slices.Sort(described)
	slices.Sort(served.Served)
	if !slices.Equal(described, served.Served) {
		t.Errorf("described are %v, served are %v", described, served.Served)
	}
}
