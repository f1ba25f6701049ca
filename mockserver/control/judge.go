package control

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// judgeRequest is what POST judge takes: a body as somebody typed it.
type judgeRequest struct {
	Vendor      string       `json:"vendor"`
	Operation   string       `json:"operation"` // "operations/message", "events/message"
	Part        traffic.Part `json:"part"`      // default the request
	Status      int          `json:"status"`    // of a response
	ContentType string       `json:"contentType"`
	Text        string       `json:"text"`
}

// judgeBody judges a body that was not sent. What is wrong with it, its syntax
// included, are findings.
func (c *reader) judgeBody(w http.ResponseWriter, r *http.Request) {
	var request judgeRequest
	if !c.read(w, r, &request) {
		return
	}
	judge, o, err := c.judgeOf(request)
	if err != nil {
		c.refuse(w, err)
		return
	}
	found := c.redact.Findings(request.judged(judge, o))
	c.writeShown(w, http.StatusOK, map[string]any{"findings": orNone(found)})
}

// judge returns what judges by a contract, which need not be named where there is one.
func (c *reader) judge(vendor string) (*validator.Validator, error) {
	judges := c.judges()
	if err := c.checkNames(vendor, ""); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(judges, func(v *validator.Validator) bool { return v.Contract().ID == vendor })
	switch {
	case i >= 0:
		return judges[i], nil
	case len(judges) == 1:
		return judges[0], nil
	}
	return nil, fmt.Errorf("say with \"vendor\" which contract is meant; there are %s", specs.JoinIDs(c.contracts()))
}

// judgeOf finds what judges a body, and the operation or event that it is of.
func (c *reader) judgeOf(r judgeRequest) (*validator.Validator, *specs.Operation, error) {
	judge, err := c.judge(r.Vendor)
	if err != nil {
		return nil, nil, err
	}
	contract := judge.Contract()
	o := contract.Operation(r.Operation)
	switch {
	case o == nil:
		return nil, nil, fmt.Errorf("%s has no operation or event %q; it has %s", contract.Name, r.Operation, strings.Join(specs.OperationNames([]*specs.Contract{contract}), ", "))
	case r.Part != "" && r.Part != traffic.InRequest && r.Part != traffic.InResponse:
		return nil, nil, fmt.Errorf("part is %q; write %s, which it is without one, or %s", r.Part, traffic.InRequest, traffic.InResponse)
	case r.Part == traffic.InResponse && (r.Status < 100 || r.Status > 999):
		return nil, nil, fmt.Errorf("status is %d; give that of the response, such as %d", r.Status, o.Success())
	case r.Part != traffic.InResponse && r.Status != 0:
		return nil, nil, fmt.Errorf("a request has no status; leave it out, or judge the response with \"part\": %q", traffic.InResponse)
	}
	return judge, o, nil
}

// judged are the findings of the body, and of the type and the status that it comes
// with.
func (r judgeRequest) judged(judge *validator.Validator, o *specs.Operation) []traffic.Finding {
	part, documented := traffic.InRequest, o.ContentTypes
	if r.Part == traffic.InResponse {
		answer, _ := o.Response(r.Status)
		part, documented = traffic.InResponse, answer.ContentTypes
	}
	kind := "application/json"
	if len(documented) > 0 && !slices.Contains(documented, kind) {
		kind = documented[0]
	}
	header := http.Header{"Content-Type": {cmp.Or(r.ContentType, kind)}}
	body := traffic.NewBody([]byte(r.Text), max(1, len(r.Text)))
	var found []traffic.Finding
	if part == traffic.InResponse {
		found = judge.ResponseBody(o, &traffic.Response{Status: r.Status, Header: header, Body: body})
	} else {
		found = judge.RequestBody(o, &traffic.Request{Method: o.Method, Header: header, Body: body}, nil)
	}
	for i := range found {
		found[i].Part = part
	}
	return found
}

// composeRequest is what POST compose takes: what POST send does, without wait.
type composeRequest struct {
	Vendor  string         `json:"vendor"`
	Event   string         `json:"event"`
	Channel string         `json:"channel"`
	Set     map[string]any `json:"set"`
	Body    map[string]any `json:"body"`
	Sample  string         `json:"sample"`
	To      string         `json:"to"`
	Broken  bool           `json:"broken"`
}

// compose shows what send would send.
func (c *API) compose(w http.ResponseWriter, r *http.Request) {
	var request composeRequest
	if !c.read(w, r, &request) {
		return
	}
	d, err := c.box(r).DryRun(mockserver.SendRequest{
		Vendor: request.Vendor, Event: request.Event, Channel: request.Channel, Set: request.Set, Body: request.Body,
		Sample: request.Sample, To: request.To, Broken: request.Broken,
	})
	if err != nil {
		c.refuse(w, err)
		return
	}
	shown := c.redact.Exchange(&traffic.Exchange{Request: traffic.Request{URL: d.URL, Header: d.Header}, Findings: d.Findings})
	d.URL, d.Header, d.Findings = shown.Request.URL, shown.Request.Header, shown.Findings
	if d.Body != nil {
		d.Body = c.redact.JSON(d.Body)
	}
	c.writeShown(w, http.StatusOK, d)
}
