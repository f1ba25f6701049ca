package generate

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

// asked is a call of the control API, of the operation with that ID.
type asked struct{ operation, method, path, body string }

// played is the vendor of the story.
const played = "elma365"

// story is what one mock is asked, in this order.
var story = []asked{
	{"health", "GET", "health", ""},
	{"setClock", "PUT", "clock", `{"frozen": true, "now": "2026-01-02T03:04:05Z"}`},
	{"advanceClock", "POST", "clock", `{"advance": "1h"}`},
	{"clock", "GET", "clock", ""},
	{"listContracts", "GET", "contracts", ""},
	{"judge", "POST", "judge", `{"vendor": "elma365", "operation": "events/markAsRead", "text": "{\"type\": \"markAsRead\"}"}`},
	{"addSandbox", "POST", "sandboxes", `{"name": "my-test"}`},
	{"sandboxes", "GET", "sandboxes", ""},
	{"sandbox", "GET", "sandboxes/my-test", ""},
	{"resetSandbox", "POST", "sandboxes/my-test/reset", ""},
	{"removeSandbox", "DELETE", "sandboxes/my-test", ""},
	{"openChannel", "POST", "channels", `{"id": "c1", "token": "confirm", "url": "http://127.0.0.1:3000/webhook"}`},
	{"channels", "GET", "channels", ""},
	{"channel", "GET", "channels/c1", ""},
	{"compose", "POST", "compose", `{"channel": "c1", "event": "message", "set": {"data.text": "Hello"}}`},
	{"removeChannel", "DELETE", "channels/c1", ""},
	{"addFault", "POST", "faults", `{"operation": "message", "status": 500, "times": 1}`},
	{"faults", "GET", "faults", ""},
	{"removeFault", "DELETE", "faults/ft-000001", ""},
	{"clearFaults", "DELETE", "faults", ""},
	{"deliveries", "GET", "deliveries", ""},
	{"journal", "GET", "journal", ""},
	{"clearJournal", "DELETE", "journal", ""},
	{"reset", "POST", "reset", ""},
}

// answered are the calls with their answers, by the ID of the operation.
func answered(contract *specs.Contract) (map[string]string, error) {
	contractPlayed, err := specs.Embedded(played)
	if err != nil {
		return nil, err
	}
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	mock, err := mockserver.New(mockserver.Options{Control: control.New, Now: func() time.Time { return start }}, vendors.Played(contractPlayed)...)
	if err != nil {
		return nil, err
	}
	defer mock.Close(context.Background()) // it ends what it has begun; nothing was
	found := map[string]string{}
	for _, call := range story {
		o := contract.Operation("operations/" + call.operation)
		if o == nil || o.Method != call.method {
			return nil, fmt.Errorf("the control API has no operation %s by %s", call.operation, call.method)
		}
		request := httptest.NewRequest(call.method, mockserver.ControlPrefix+call.path, strings.NewReader(call.body))
		text := call.method + " " + request.URL.RequestURI() + "\n"
		if call.body != "" {
			request.Header.Set("Content-Type", "application/json")
			text += "Content-Type: application/json\n\n" + call.body + "\n"
		}
		recorder := httptest.NewRecorder()
		mock.ServeHTTP(recorder, request)
		answer := recorder.Result()
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode >= http.StatusBadRequest {
			return nil, fmt.Errorf("%s: %s\n%s", text, answer.Status, body)
		}
		text += "\nHTTP/1.1 " + fmt.Sprint(answer.StatusCode, " ", http.StatusText(answer.StatusCode)) + "\n"
		if len(body) > 0 {
			text += "Content-Type: " + answer.Header.Get("Content-Type") + "\n\n" + indented(body)
		}
		found[call.operation] = text
	}
	return found, nil
}

func indented(body []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, body, "", "  ") != nil {
		return string(body)
	}
	return out.String()
}

// ControlAPI writes the pages about the control API, by their names.
func ControlAPI() (map[string]string, error) {
	contract, err := control.Contract()
	if err != nil {
		return nil, err
	}
	examples, err := answered(contract)
	if err != nil {
		return nil, err
	}
	v := &vendor{c: contract, home: "../../../mockserver/control"}
	var index, bodies Page
	index.Heading(1, "Control API")
	for _, paragraph := range strings.Split(contract.Document().Info.Description, "\n\n") {
		index.Paragraph("%s", Prose(paragraph))
	}
	index.Paragraph("It is described in %s, which a mock shows in one piece at `/_parley/openapi.json`. An example was answered by a mock.", Link("OpenAPI", "../../../mockserver/control/openapi.yaml"))
	var rows [][]string
	for _, o := range contract.Operations {
		rows = append(rows, []string{Code(o.Method + " " + o.Path), v.link(o.Name(), o.Summary)})
	}
	index.Table([]string{"request", "what it does"}, rows)
	var operations Page
	operations.Heading(1, "Control API: operations")
	operations.Paragraph("%s", Link("Overview", "index.md"))
	for _, o := range contract.Operations {
		v.controlled(&operations, o, examples[o.ID])
	}
	bodies.Heading(1, "Control API: payloads")
	bodies.Paragraph("%s", Link("Overview", "index.md"))
	used := v.usedBy()
	for _, name := range contract.PayloadNames() {
		payload := *contract.Payloads[name]
		payload.Samples = nil
		v.payload(&bodies, &payload, used[name])
	}
	return map[string]string{"index.md": index.Text(), operationsPage: operations.Text(), payloadsPage: bodies.Text()}, nil
}

// controlled is an operation of the control API.
func (v *vendor) controlled(p *Page, o *specs.Operation, example string) {
	p.Heading(2, o.ID)
	p.Paragraph("%s", v.prose(o.Summary))
	p.Fence("http", o.Method+" "+o.Path)
	p.Paragraph("%s", v.prose(o.Description))
	if body := v.bodies(o.Payload, o.Bodies); body != "" {
		p.Paragraph("Body: %s.", body)
	}
	var rows [][]string
	for _, one := range o.Parameters {
		rows = append(rows, []string{Code(one.Name), one.In, one.Type() + ", " + needed(one.Required), strings.TrimSpace(v.prose(one.Description) + " " + v.demands(one))})
	}
	p.Table([]string{"parameter", "in", "type", "meaning"}, rows)
	rows = nil
	for _, status := range answers(o) {
		r := o.Responses[status]
		rows = append(rows, []string{specs.StatusName(status), v.prose(r.Description), cmp.Or(v.bodies(r.Payload, r.Bodies), "none")})
	}
	p.Table([]string{"status", "meaning", "body"}, rows)
	if example != "" {
		p.Fence("http", example)
	}
}
