package mockserver_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/mockserver"
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

// control calls the control API, and has both halves judged. A request that is
// wrong on purpose is not judged.
type control struct {
	*mock
	judge *validator.Validator
	seen  map[string]bool // operations
}

func (c *control) call(method, path, body string, header ...string) answer {
	c.t.Helper()
	a := c.do(method, "/_parley/"+path, body, header...)
	e := &traffic.Exchange{
		Caller:   traffic.Partner,
		Request:  traffic.Request{Method: method, URL: "/_parley/" + path, Body: traffic.NewBody([]byte(body), 0), Header: http.Header{"Content-Type": {"application/json"}}},
		Response: &traffic.Response{Status: a.status, Header: a.header, Body: traffic.NewBody([]byte(a.body), 1<<24)},
	}
	c.judge.Exchange(e)
	c.seen[strings.TrimPrefix(e.Operation, "operations/")] = true
	for _, f := range e.Findings {
		known := f.Code == "operation.path" || f.Code == "operation.method"
		if f.Part == traffic.InResponse && f.Severity.AtLeast(traffic.Info) || a.status < 300 && f.Severity.AtLeast(traffic.Warn) && !known {
			c.t.Errorf("%s %s answered %d: %s %s at %q: expected %s, got %s\n%s", method, path, a.status, f.Part, f.Code, f.Pointer, f.Expected, f.Actual, a.body)
		}
	}
	return a
}

// into decodes an answer of the given status.
func (c *control) into(result any, status int, method, path, body string) {
	c.t.Helper()
	a := c.call(method, path, body)
	if a.status != status {
		c.t.Fatalf("%s %s answered %d %s, want %d", method, path, a.status, a.body, status)
	}
	if result != nil {
		if err := json.Unmarshal([]byte(a.body), result); err != nil {
			c.t.Fatal(err)
		}
	}
}

func newControl(t *testing.T, o mockserver.Options) *control {
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
	return &control{mock: newMock(t, o, remembers), judge: controlJudge(t), seen: map[string]bool{}}
}

type exchanges struct {
	Exchanges []*traffic.Exchange
	More      bool
	Stats     traffic.Stats
}

// TestControl goes through the whole control API, and every answer fits its
// contract.
func TestControl(t *testing.T) {
	c := newControl(t, mockserver.Options{})
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
	p := newPartner(t, nil)
	t.Run("channels", func(t *testing.T) { testChannels(t, c, p) })
	t.Run("send and deliveries", func(t *testing.T) { testSend(t, c, p) })
	t.Run("journal", func(t *testing.T) { testJournal(t, c) })
	t.Run("stream", func(t *testing.T) { testStream(t, c) })
	t.Run("faults", func(t *testing.T) { testFaults(t, c) })
	t.Run("state and reset", func(t *testing.T) {
		var state map[string]struct {
			Secret  string
			Tickets int
		}
		c.into(&state, 200, "GET", "state", "")
		if state["acme"].Tickets != 1 || state["acme"].Secret != traffic.Redacted {
			t.Errorf("the state is %+v", state)
		}
		c.into(nil, 204, "POST", "state", `{"vendor": "acme", "state": {"tickets": 2}}`)
		for body, detail := range map[string]string{
			`{"state": {}}`:   "give tickets",
			`{}`:              "state is missing",
			`{"state": null}`: "state is missing",
			`{"vendor": "nobody", "state": {"tickets": 2}}`: `no vendor "nobody"`,
		} {
			if a := c.call("POST", "state", body); a.status != 400 || !strings.Contains(a.detail(t), detail) {
				t.Errorf("%s: answered %d %s, want 400 and %q", body, a.status, a.body, detail)
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

type opened struct {
	Channel    struct{ ID, Vendor, Name, Token, URL, State, Address string }
	Deliveries []mockserver.Delivery
}

func testChannels(t *testing.T, c *control, p *partner) {
	var o opened
	c.into(&o, 201, "POST", "channels", fmt.Sprintf(`{"id":"first","name":"One","token":"open sesame","url":%q}`, p.URL))
	if o.Channel.Token != traffic.Redacted || o.Channel.State != "active" || o.Channel.Address != c.url+"/tickets/first" {
		t.Errorf("opened %+v", o.Channel)
	}
	if len(o.Deliveries) != 1 || o.Deliveries[0].State != "delivered" || o.Deliveries[0].Status != 200 {
		t.Errorf("the partner was told by %+v", o.Deliveries)
	}
	o = opened{}
	c.into(&o, 201, "POST", "channels?token=show", `{"id":"first","name":"Uno"}`)
	if o.Channel.Token != "open sesame" || o.Channel.Name != "Uno" || o.Channel.URL != p.URL {
		t.Errorf("opened again it is %+v; what is left out stays", o.Channel)
	}
	o = opened{}
	c.into(&o, 201, "POST", "channels", `{}`)
	if o.Channel.ID == "" || o.Deliveries[0].State != "cancelled" || !strings.HasPrefix(o.Deliveries[0].Error, "no URL") {
		t.Errorf("a channel without URL is %+v", o)
	}
	var list struct{ Channels []struct{ ID, Token string } }
	if c.into(&list, 200, "GET", "channels", ""); len(list.Channels) != 2 || list.Channels[0].Token != traffic.Redacted || list.Channels[1].Token != "" {
		t.Errorf("listed %+v", list)
	}
	c.into(&o.Channel, 200, "GET", "channels/first?token=show", "")
	if o.Channel.Token != "open sesame" {
		t.Errorf("token=show shows %q", o.Channel.Token)
	}
	c.into(nil, 204, "DELETE", "channels/"+list.Channels[1].ID, "")
	c.refused(404, "DELETE", "channels/nope", "", `no channel "nope"`)
	c.refused(404, "GET", "channels/nope", "", `no channel "nope"; GET /_parley/channels lists them`)
	c.refused(400, "GET", "channels?token=yes", "", "token=show")
	c.refused(400, "POST", "channels", `{"url":"localhost:3000"}`, "http:// or https://")
	c.refused(400, "POST", "channels", `{"vendor":"x"}`, `no vendor "x"; the mock plays acme`)
}

func (c *control) refused(status int, method, path, body, says string) {
	c.t.Helper()
	a := c.call(method, path, body)
	if detail := a.detail(c.t); a.status != status || !strings.Contains(detail, says) {
		c.t.Errorf("%s %s answered %d %q, want %d and %q", method, path, a.status, detail, status, says)
	}
}

func testSend(t *testing.T, c *control, p *partner) {
	var d mockserver.Delivery
	c.into(&d, 200, "POST", "send", `{"event":"changed","set":{"ticket":"T-5"},"wait":true}`)
	if d.State != "delivered" || !strings.Contains(string(d.Body), `"ticket":"T-5"`) || strings.Contains(string(d.Body), "s3cr3t") {
		t.Errorf("sent %+v with %s", d, d.Body)
	}
	if got := p.received(); !strings.Contains(got[len(got)-1], "s3cr3t") {
		t.Errorf("the partner got %s: only what is shown is redacted", got[len(got)-1])
	}
	// 202 while it is under way; a quick partner has ended it already.
	a := c.call("POST", "send", `{"event":"changed","sample":"documented"}`)
	if a.status != 200 && a.status != 202 {
		t.Fatalf("POST send answered %d %s", a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &d); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Sandbox().Journal().Wait(soon(t), 1, func(e *traffic.Exchange) bool { return e.Delivery == d.ID }); err != nil {
		t.Fatal(err)
	}
	var list struct {
		Deliveries []mockserver.Delivery
		More       bool
	}
	c.into(&list, 200, "GET", "deliveries?channel=first&event=changed&limit=1", "")
	if len(list.Deliveries) != 1 || list.Deliveries[0].ID != d.ID || !list.More {
		t.Errorf("listed %+v", list)
	}
	c.into(&list, 200, "GET", "deliveries?state=lost", "")
	if len(list.Deliveries) != 0 || list.More {
		t.Errorf("listed %+v", list)
	}
	c.into(&d, 200, "GET", "deliveries/"+d.ID, "")
	c.refused(404, "GET", "deliveries/dl-999999", "", `no delivery "dl-999999"`)
	c.refused(404, "GET", "deliveries/x", "", `no delivery "x"`)
	c.refused(400, "GET", "deliveries?limit=0", "", "from 1 to 10000")
	c.refused(400, "POST", "send", `{"event":"chnged"}`, "it sends changed")
	c.refused(400, "POST", "send", `{"evnt":"changed"}`, `unknown field "evnt"; it takes a JSON object with vendor, event, channel, set, body, sample, to, wait, broken`)
	c.refused(400, "POST", "send", `{"event":"changed"} {}`, "after the JSON object")
	c.refused(400, "POST", "send", `[]`, "cannot unmarshal array")
	c.refused(400, "POST", "send", ``, "EOF")
	c.refused(404, "POST", "send", `{"event":"changed","channel":"nope"}`, `no channel "nope"`)
	c.into(nil, 201, "POST", "channels", `{"id":"quiet"}`)
	c.refused(409, "POST", "send", `{"event":"changed","channel":"quiet"}`, "open it again with one")
	c.into(nil, 204, "DELETE", "channels/quiet", "")
}

func testJournal(t *testing.T, c *control) {
	before := c.exchange(c.do("GET", "/tickets/T-1", "")).ID
	c.do("GET", "/tickets/T-2", "", "Prefer", "code=404")
	c.do("POST", "/tickets/T-2/notes", `{"text":5,"secret":"s3cr3t"}`)
	var list exchanges
	for _, test := range []struct {
		query string
		want  int
	}{
		{"since=" + before, 2}, {"since=" + before + "&status=4xx", 2}, {"since=" + before + "&status=404", 1}, {"since=" + before + "&findings=error", 1},
		{"since=" + before + "&limit=1", 1}, {"since=" + before + "&caller=vendor", 0}, {"since=" + before + "&operation=operations/ticket", 1},
		{"channel=first&vendor=acme&operation=events/changed&caller=vendor&status=200&limit=2", 2}, {"status=0", 0},
	} {
		if c.into(&list, 200, "GET", "journal?"+test.query, ""); len(list.Exchanges) != test.want {
			t.Errorf("journal?%s lists %d exchanges, want %d", test.query, len(list.Exchanges), test.want)
		}
	}
	if c.into(&list, 200, "GET", "journal?limit=1", ""); !list.More || list.Stats.Kept < 3 {
		t.Errorf("a part of the journal says %+v", list)
	}
	last := list.Exchanges[0]
	if strings.Contains(last.Request.Body.String(), "s3cr3t") || last.Operation != "operations/note" {
		t.Errorf("the newest exchange is %s with %s", last.Operation, last.Request.Body)
	}
	c.into(last, 200, "GET", "journal/"+last.ID, "")
	c.refused(404, "GET", "journal/ex-999999", "", `no exchange "ex-999999"`)
	for query, says := range map[string]string{
		"status=abc": "404, 4xx, or 0", "status=9xx": "4xx", "findings=bad": "harness_error, error, warn or info", "caller=me": "partner or vendor",
		"vendor=x": "the mock plays acme", "operation=ticket": "operations/ticket, ", "limit=x": "from 1 to 10000", "nope=1": `no parameter "nope"; it knows vendor, operation`,
	} {
		c.refused(400, "GET", "journal?"+query, "", says)
	}

	a := c.call("GET", "journal.ndjson?since="+before, "")
	reader := traffic.NewReader(strings.NewReader(a.body), 0)
	for i := range 2 {
		if e, err := reader.Read(); err != nil || !strings.HasPrefix(e.Operation, "operations/") {
			t.Errorf("line %d: %v", i+1, err)
		}
	}
	if strings.Contains(a.body, "s3cr3t") {
		t.Error("the export holds a secret")
	}

	if c.into(&list, 200, "GET", "journal/wait?n=2&timeout=20s&since="+before, ""); len(list.Exchanges) != 2 {
		t.Errorf("waited for 2 and got %d", len(list.Exchanges))
	}
	c.refused(408, "GET", "journal/wait?n=3&timeout=10ms&since="+before, "", "2 of 3 matching exchanges within 10ms; the journal has")
	c.refused(400, "GET", "journal/wait?timeout=1h", "", "at most 5m0s")
	c.refused(400, "GET", "journal/wait?n=0", "", "from 1")
	c.into(nil, 204, "DELETE", "journal", "")
	if c.into(&list, 200, "GET", "journal", ""); len(list.Exchanges) != 0 || list.More {
		t.Error("the journal was not cleared")
	}
}

func testStream(t *testing.T, c *control) {
	missed := c.exchange(c.do("GET", "/tickets/T-1", "")).ID
	since := c.exchange(c.do("GET", "/tickets/T-2", "")).ID
	request, err := http.NewRequestWithContext(soon(t), "GET", c.url+"/_parley/journal/stream?operation=operations/ticket", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Last-Event-ID", missed)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	c.seen["streamJournal"] = true
	if kind := response.Header.Get("Content-Type"); response.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("answered %d with %s", response.StatusCode, kind)
	}
	lines := bufio.NewScanner(response.Body)
	next := func() string {
		for lines.Scan() {
			if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				lines.Scan()
				var e traffic.Exchange
				data := strings.TrimPrefix(lines.Text(), "data: ")
				if err := json.Unmarshal([]byte(data), &e); err != nil || e.ID != id {
					t.Errorf("the event %s has %s", id, data)
				}
				return id
			}
		}
		t.Fatal("the stream ended")
		return ""
	}
	if got := next(); got != since {
		t.Errorf("the stream begins with %s, want %s", got, since)
	}
	c.do("POST", "/tickets/T-1/notes", `{"text":"x"}`)
	now := c.exchange(c.do("GET", "/tickets/T-3", "")).ID
	if got := next(); got != now {
		t.Errorf("the stream goes on with %s, want %s", got, now)
	}
	c.refused(400, "GET", "journal/stream?status=x", "", "status=x is none")
}

func testFaults(t *testing.T, c *control) {
	var f mockserver.Fault
	c.into(&f, 201, "POST", "faults", `{"operation":"ticket","status":404,"times":1,"where":{"secret":"s3cr3t"}}`)
	if f.ID == "" || f.Acted != 0 || f.Where["secret"] != traffic.Redacted {
		t.Errorf("added %+v", f)
	}
	c.into(nil, 201, "POST", "faults", `{"event":"changed","lose":true}`)
	var list struct{ Faults []mockserver.Fault }
	if c.into(&list, 200, "GET", "faults", ""); len(list.Faults) != 2 {
		t.Errorf("listed %+v", list)
	}
	c.into(nil, 204, "DELETE", "faults/"+f.ID, "")
	c.refused(404, "DELETE", "faults/"+f.ID, "", "no fault")
	c.refused(400, "POST", "faults", `{"operation":"ticket","status":500}`, "documented: 200, 404")
	c.into(nil, 204, "DELETE", "faults", "")
	if c.into(&list, 200, "GET", "faults", ""); len(list.Faults) != 0 {
		t.Errorf("left are %+v", list)
	}
}

func TestControlToken(t *testing.T) {
	c := newControl(t, mockserver.Options{ControlToken: "open sesame"})
	for _, test := range []struct {
		path, given string
		status      int
	}{
		{"health", "", 200}, {"version", "", 401}, {"version", "Bearer open", 401}, {"version", "Bearer open sesame2", 401}, {"version", "Bearer Open sesame", 401},
		{"nope", "", 401}, {"version", "open sesame", 401}, {"version", "Basic open sesame", 401}, {"version", "bearer open sesame", 200}, {"version", "Bearer open sesame", 200},
	} {
		if a := c.call("GET", test.path, "", "Authorization", test.given); a.status != test.status {
			t.Errorf("%s with %q: %d, want %d", test.path, test.given, a.status, test.status)
		}
	}
	if a := c.do("GET", "/tickets/T-1", ""); a.status != 200 {
		t.Errorf("a vendor's path demands the control token: %d", a.status)
	}
}

func TestControlRefusesForeignWebPages(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	for _, header := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}} {
		if a := c.call("POST", "reset", "", header...); a.status != 403 {
			t.Errorf("with %v: %d", header, a.status)
		}
	}
	if a := c.call("POST", "reset", "", "Origin", c.url); a.status != 204 {
		t.Errorf("its own page: %d", a.status)
	}
}

func TestControlHelpsOnWrongPathsAndMethods(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	if a := c.call("GET", "jurnal", ""); a.status != 404 || !strings.Contains(a.detail(t), "GET /_parley/journal,") {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	a := c.call("PATCH", "faults", "")
	if a.status != 405 || a.header.Get("Allow") != "DELETE, GET, POST" || !strings.Contains(a.detail(t), "knows DELETE, GET, POST, not PATCH") {
		t.Errorf("answered %d %s, Allow %s", a.status, a.body, a.header.Get("Allow"))
	}
}

func TestControlContractDescribesTheRoutes(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	var served struct{ Served []string }
	if err := json.Unmarshal([]byte(c.call("GET", "nope", "").body), &served); err != nil {
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
