package infer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// with changes an exchange.
func with(e *traffic.Exchange, change func(*traffic.Exchange)) *traffic.Exchange {
	change(e)
	return e
}

// sends gives a request a body.
func sends(contentType, body string) func(*traffic.Exchange) {
	return func(e *traffic.Exchange) {
		e.Request.Header = map[string][]string{"Content-Type": {contentType}}
		e.Request.Body = traffic.NewBody([]byte(body), 0)
	}
}

func answers(status int, contentType, body string) func(*traffic.Exchange) {
	return func(e *traffic.Exchange) {
		e.Response = &traffic.Response{Status: status, Header: map[string][]string{}, Body: traffic.NewBody([]byte(body), 0)}
		if contentType != "" {
			e.Response.Header.Set("Content-Type", contentType)
		}
	}
}

func header(name, value string) func(*traffic.Exchange) {
	return func(e *traffic.Exchange) {
		if e.Request.Header == nil {
			e.Request.Header = map[string][]string{}
		}
		e.Request.Header.Set(name, value)
	}
}

const tickets = "https://desk.example/tickets"

func get(url string) *traffic.Exchange { return answered("GET", url, `{"n": 1}`) }

func TestParameters(t *testing.T) {
	exchanges := []*traffic.Exchange{
		with(get(tickets+"?page=1&open=true&tag=a&tag=b&since=2026-01-31&no=007&sum=1&q="), header("X-Page-Size", "10")),
		with(get(tickets+"?page=2&open=false&tag=c&since=2026-02-28&no=8&sum=1.5"), header("X-Forwarded-For", "10.0.0.1")),
		with(get(tickets+"/17"), header("Accept-Datetime", "x")),
		with(get(tickets+"/18"), header("Cookie", "theme=dark")),
	}
	made := inferred(t, Options{ID: "desk"}, exchanges...)
	fits(t, Options{}, made, exchanges)
	got := map[string]string{}
	for _, o := range loaded(t, made).Operations {
		for _, p := range o.Parameters {
			got[o.ID+" "+p.In+" "+p.Name] = fmt.Sprintf("%s %v %v", p.Type(), p.Required, p.Schema["format"])
		}
	}
	want := map[string]string{
		"getTickets query page": "integer true <nil>", "getTickets query open": "boolean true <nil>", "getTickets query tag": "array of string true <nil>",
		"getTickets query since": "string true date", "getTickets query no": "string true <nil>", "getTickets query sum": "number true <nil>", "getTickets query q": "string false <nil>",
		"getTickets header X-Page-Size": "integer false <nil>", "getTicketsTicketId path ticketId": "integer true <nil>",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want\n%v", got, want)
	}
	for _, note := range []string{"headers of requests: Accept-Datetime", "cookies: theme"} {
		if !slices.Contains(made.Notes, note) {
			t.Errorf("%q is not named: %q", note, made.Notes)
		}
	}
}

func TestCredentials(t *testing.T) {
	const secret = "aZ3kQ9xT7bLm2PqR"
	exchanges := []*traffic.Exchange{
		with(get(tickets), header("Authorization", "Bearer "+secret)), with(get(tickets), header("Authorization", "Bearer "+secret)),
		with(get("https://desk.example/agents"), header("X-Api-Key", secret)), get("https://desk.example/agents"),
		get("https://desk.example/reports?access_token=" + secret),
		with(get("https://desk.example/raw"), header("Authorization", secret)),
		get("https://desk.example/open"),
	}
	made := inferred(t, Options{ID: "desk"}, exchanges...)
	fits(t, Options{}, made, exchanges)
	c := loaded(t, made)
	got := map[string]string{}
	for _, o := range c.Operations {
		var sets []string
		for _, set := range c.Credentials(o) {
			for _, one := range set {
				sets = append(sets, one.String())
			}
		}
		security, _ := json.Marshal(c.Described(o).Security)
		got[o.ID] = fmt.Sprintf("%v %s %d", sets, security, len(o.Parameters))
	}
	want := map[string]string{
		"getTickets": `[a header Authorization of scheme bearer] [{"bearer":[]}] 0`, "getAgents": `[] [{},{"header-X-Api-Key":[]}] 0`,
		"getReports": `[the query access_token] [{"query-access_token":[]}] 0`, "getRaw": `[the header Authorization] [{"header-Authorization":[]}] 0`, "getOpen": `[] [] 0`,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want\n%v", got, want)
	}
	for _, f := range made.Files {
		if strings.Contains(string(f.Data), secret) {
			t.Errorf("%s has a secret", f.Name)
		}
	}
}

// TestSecretsStayOut puts secrets wherever one can stand.
func TestSecretsStayOut(t *testing.T) {
	const secret = "aZ3kQ9xT7bLm2PqRs5"
	exchanges := []*traffic.Exchange{
		with(answered("POST", "https://desk.example/login/"+secret+"?token="+secret, `{"access_token": "`+secret+`", "keys": {"`+secret+`": 1, "first": 2}, "note": "Bearer `+secret+`"}`),
			sends("application/json", `{"password": "`+secret+`", "state": "`+secret+`"}`)),
		with(answered("POST", "https://desk.example/login", `{}`), sends("application/x-www-form-urlencoded", "password="+secret+"&name=minka")),
	}
	const phrase = "ahorseandastaple" // which looks like a word, until its name is seen
	exchanges = append(exchanges, with(answered("POST", "https://desk.example/reset/"+phrase, `{}`), sends("application/json", `{"password": "`+phrase+`"}`)))
	for range 8 {
		exchanges = append(exchanges, answered("GET", "https://desk.example/me", `{"session": {"secret": "`+secret+`"}, "apiKey": "correct"}`))
	}
	made := inferred(t, Options{ID: "desk"}, exchanges...)
	fits(t, Options{}, made, exchanges)
	for _, f := range made.Files {
		if strings.Contains(string(f.Data), secret) || strings.Contains(string(f.Data), "correct") || strings.Contains(string(f.Data), phrase) {
			t.Errorf("%s has a secret:\n%s", f.Name, f.Data)
		}
	}
}

// TestBodiesThatAreNotDescribed: what no schema can say is left open, and named.
func TestBodiesThatAreNotDescribed(t *testing.T) {
	for _, test := range []struct {
		name      string
		exchanges []*traffic.Exchange
		note      string
	}{
		{"no JSON", []*traffic.Exchange{get(tickets), with(get(tickets), answers(200, "application/json", `)]}' {}`))}, "operations/getTickets, answer 200: bodies in application/json: not all can be read as their type says"},
		{"a name twice", []*traffic.Exchange{get(tickets), with(get(tickets), answers(200, "application/json", `{"a": 1, "a": 2}`))}, "operations/getTickets, answer 200: bodies in application/json: not all can be read as their type says"},
		{"no body at times", []*traffic.Exchange{get(tickets), with(get(tickets), answers(200, "application/json", ""))}, "operations/getTickets, answer 200: bodies in application/json: some came without a body"},
		{"no type", []*traffic.Exchange{get(tickets), with(get(tickets), answers(200, "", `{}`))}, "operations/getTickets, answer 200: bodies, because 1 was without a Content-Type that can be read"},
		{"another charset", []*traffic.Exchange{get(tickets), with(get(tickets), answers(200, "application/json; charset=latin1", `{}`))}, "operations/getTickets, answer 200: bodies, because 1 was without a Content-Type that can be read"},
		{"text", []*traffic.Exchange{with(get(tickets), answers(200, "text/csv", "a;b"))}, "operations/getTickets, answer 200: bodies in text/csv: only their type is judged"},
		{"cut", []*traffic.Exchange{get(tickets), with(get(tickets), func(e *traffic.Exchange) { e.Response.Body = traffic.NewBody([]byte(`{"other": 1}`), 5) })}, "operations/getTickets, answer 200: 1 body that was not recorded whole"},
		{"no answer", []*traffic.Exchange{get(tickets), with(get(tickets), func(e *traffic.Exchange) { e.Response, e.Error = nil, traffic.NoResponseKept })}, "operations/getTickets: 1 call without an answer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			made := inferred(t, Options{ID: "desk"}, test.exchanges...)
			if !slices.Contains(made.Notes, test.note) {
				t.Errorf("%q is not named: %q", test.note, made.Notes)
			}
			if test.name == "cut" || test.name == "no answer" { // which are findings of any traffic
				loaded(t, made)
				return
			}
			fits(t, Options{}, made, test.exchanges)
		})
	}
}

func TestEvents(t *testing.T) {
	const hook = "https://partner.example/hook"
	event := func(body string) *traffic.Exchange {
		return with(with(answered("POST", hook, `{}`), sends("application/json", body)), answers(202, "", ""))
	}
	o := Options{ID: "desk", Webhooks: []string{hook}}
	told := []*traffic.Exchange{event(`{"event": "ticket.opened", "id": 1}`), event(`{"event": "ticket.closed", "reason": "done"}`), event(`{"event": "ticket.opened", "id": 2}`)}
	untold := []*traffic.Exchange{event(`{"event": "ticket.opened"}`), event(`{"id": 1}`)}
	recorded := []*traffic.Exchange{event(`{"kind": "a"}`)}
	recorded[0].Vendor, recorded[0].Caller = "desk", traffic.Vendor
	for want, exchanges := range map[string][]*traffic.Exchange{
		"events/ticket.closed 1, events/ticket.opened 2": told, "events/postHook 2": untold, "events/a 1": recorded,
	} {
		made := inferred(t, o, exchanges...)
		fits(t, o, made, exchanges)
		var list []string
		for _, m := range made.Operations {
			list = append(list, fmt.Sprint(m.Name, " ", m.Seen))
		}
		if got := strings.Join(list, ", "); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	c := loaded(t, inferred(t, o, told...))
	for _, f := range c.Fields("events/ticket.opened") {
		if f.Pointer == "/event" && (f.Const != "ticket.opened" || !f.Required) || f.Pointer == "/reason" {
			t.Errorf("%+v", f)
		}
	}
	if fields := c.Fields("events/ticket.closed"); len(fields) != 2 {
		t.Errorf("%+v", fields)
	}
}

// TestWhatIsLeftOut: pages and their parts are none of the API, except where whoever
// judges by the contract would take them for its calls.
func TestWhatIsLeftOut(t *testing.T) {
	exchanges := []*traffic.Exchange{
		get("https://desk.example/api/tickets"), get("https://desk.example/api/tickets/1"),
		with(get("https://desk.example/"), answers(200, "text/html", "<p>")),
		with(get("https://desk.example/app.js"), answers(200, "application/octet-stream", "x")),
		with(get("https://desk.example/logo"), answers(200, "image/png", "x")),
		with(get("https://desk.example/start"), header("Sec-Fetch-Dest", "document")),
		with(get("https://desk.example/api/tickets"), func(e *traffic.Exchange) { e.Request.Method = "OPTIONS" }),
		with(get("wss://desk.example/live"), answers(101, "", "")),
		with(get("https://desk.example/api/tickets/1/photo.png"), answers(200, "image/png", "x")),
		with(get("https://cdn.example/x.css"), answers(200, "text/css", "x")),
	}
	made := inferred(t, Options{ID: "desk"}, exchanges...)
	fits(t, Options{}, made, exchanges)
	if got, want := strings.Join(made.LeftOut, "; "), "OPTIONS, which browsers ask by themselves (1); calls that are not HTTP (1); images (1); pages (2); scripts (1); style sheets (1)"; got != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	if len(made.Operations) != 3 || made.Operations[2].Path != "/api/tickets/{ticketId}/photo.png" {
		t.Errorf("%+v", made.Operations)
	}
}

func TestHostsAreChosen(t *testing.T) {
	recorded := with(get("/tickets"), func(e *traffic.Exchange) { e.Vendor, e.Caller = "other", traffic.Partner })
	for _, test := range []struct {
		base      string
		exchanges []*traffic.Exchange
		want      string
	}{
		{"", []*traffic.Exchange{get(tickets), get(tickets), get("https://pay.example/x")}, "calls of 2 hosts are in it, https://desk.example (2), https://pay.example (1); choose one with --base, for example --base https://desk.example"},
		{"https://desk.example/v2", []*traffic.Exchange{get(tickets)}, "nothing in it was called below https://desk.example/v2; there are calls of desk.example (1)"},
		{"", []*traffic.Exchange{recorded}, "its exchanges are those of another vendor, other (1); a contract is called as the vendor in them is: parley specs init other"},
		{"", nil, "no call of an API is in its 0 exchanges"},
		{"", []*traffic.Exchange{with(get(tickets), answers(200, "text/html", "<p>"))}, "no call of an API is in its 1 exchange; left out were pages (1)"},
	} {
		i, err := New(Options{ID: "desk", Base: test.base})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range test.exchanges {
			i.Add(e)
		}
		if _, err := i.Contract(); err == nil || err.Error() != test.want {
			t.Errorf("%v, want\n%s", err, test.want)
		}
	}
	o := Options{ID: "desk", Base: "https://desk.example/v2/"}
	exchanges := []*traffic.Exchange{get("https://desk.example/v2/tickets"), get("https://desk.example/v3/agents"), get("https://pay.example/x")}
	made := inferred(t, o, exchanges...)
	fits(t, o, made, exchanges)
	if len(made.Operations) != 1 || made.Operations[0].Path != "/tickets" || strings.Join(made.LeftOut, "") != "calls elsewhere: desk.example (1), pay.example (1)" {
		t.Errorf("%+v", made)
	}
	for want, other := range map[string]string{"": "https://pay.example/x", "https://desk.example": "https://test.example/api/tickets"} {
		chosen := inferred(t, Options{ID: "desk", Base: "https://desk.example"}, get("https://desk.example/api/tickets"), get(other))
		if chosen.Base != want {
			t.Errorf("beside %s: base %q, want %q", other, chosen.Base, want)
		}
	}
	if _, err := New(Options{ID: "desk", Base: "desk.example"}); err == nil {
		t.Error("desk.example is a URL")
	}
}

// TestForms: a form is judged by types, and a name that comes twice is a list.
func TestForms(t *testing.T) {
	exchanges := []*traffic.Exchange{
		with(answered("POST", tickets, `{}`), sends("application/x-www-form-urlencoded", "subject=Lost+card&priority=1&tag=a&tag=b&pin=12345678")),
		with(answered("POST", tickets, `{}`), sends("application/x-www-form-urlencoded", "subject=Found&priority=2")),
	}
	made := inferred(t, Options{ID: "desk"}, exchanges...)
	fits(t, Options{}, made, exchanges)
	sample := ""
	for _, f := range made.Files {
		if f.Name == "samples/operations/postTickets/observed.json" {
			sample = strings.Join(strings.Fields(string(f.Data)), " ")
		}
	}
	if want := `{ "pin": "[redacted]", "priority": 1, "subject": "Lost card", "tag": [ "a", "b" ] }`; sample != want {
		t.Errorf("%s, want %s", sample, want)
	}
}

func TestSamples(t *testing.T) {
	exchanges := []*traffic.Exchange{get(tickets), answered("GET", tickets, `{"z": "Minka", "n": 2}`), answered("GET", tickets, `{"n": 3}`)}
	made := inferred(t, Options{ID: "desk", Capture: "x.har"}, exchanges...)
	if n := count(made, "samples/answers/getTickets/200/"); n != 4 || made.Samples != 2 {
		t.Errorf("%d files, %d samples", n, made.Samples)
	}
	c := loaded(t, made)
	for _, o := range c.Operations {
		if o.Evidence.Class != specs.Observed || c.Sources[o.Evidence.Source].Title != "capture x.har, 3 exchanges" {
			t.Errorf("%+v, %+v", o.Evidence, c.Sources)
		}
	}
	if without := inferred(t, Options{ID: "desk", NoSamples: true}, exchanges...); count(without, "samples/") != 0 || without.Samples != 0 {
		t.Error("there are samples")
	}
}

func count(made *Contract, beginning string) (n int) {
	for _, f := range made.Files {
		if strings.HasPrefix(f.Name, beginning) {
			n++
		}
	}
	return n
}
