package independent

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

const (
	webhooksDocument = "@octokit/openapi-webhooks/generated/api.github.com.json"
	webhooksExamples = "@octokit/webhooks-examples/api.github.com/index.json"
)

// githubDelivery is one of GitHub's example deliveries.
type githubDelivery struct {
	event, action string
	body          json.RawMessage
}

func readDeliveries(t *testing.T) []githubDelivery {
	t.Helper()
	nodetest.Installed(t, ".", webhooksExamples)
	var events []struct {
		Name     string
		Examples []json.RawMessage
	}
	readJSON(t, filepath.Join("node_modules", filepath.FromSlash(webhooksExamples)), &events)
	var list []githubDelivery
	for _, e := range events {
		for _, body := range e.Examples {
			var about struct{ Action string }
			if err := json.Unmarshal(body, &about); err != nil {
				t.Fatal(err)
			}
			list = append(list, githubDelivery{e.Name, about.Action, body})
		}
	}
	return list
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// webhook is what the document says of an event in an extension of its own, which
// Parley does not read, and in the schema of its body.
type webhook struct {
	category string
	actions  []string
}

// webhooksOf are those of the document, by name.
func webhooksOf(t *testing.T, file string) map[string]webhook {
	t.Helper()
	type schema struct {
		Ref        string `json:"$ref"`
		Properties struct{ Action struct{ Enum []string } }
		OneOf      []json.RawMessage
	}
	var document struct {
		Webhooks map[string]struct {
			Post struct {
				Github      struct{ Subcategory string } `json:"x-github"`
				RequestBody struct {
					Content map[string]struct{ Schema schema }
				}
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	readJSON(t, file, &document)
	all := map[string]webhook{}
	for name, hook := range document.Webhooks {
		body := document.Components.Schemas[strings.TrimPrefix(hook.Post.RequestBody.Content["application/json"].Schema.Ref, "#/components/schemas/")]
		if len(body.OneOf) > 0 {
			if err := json.Unmarshal(body.OneOf[0], &body); err != nil {
				t.Fatal(err)
			}
		}
		all[name] = webhook{strings.ReplaceAll(hook.Post.Github.Subcategory, "-", "_"), body.Properties.Action.Enum}
	}
	return all
}

// TestDeliveriesOfGitHub: each of GitHub's example deliveries is recognised as its event,
// among 261 which no header with a fixed value tells apart; and it is as valid as ajv
// finds it. What both refuse stands in outdated.
func TestDeliveriesOfGitHub(t *testing.T) {
	t.Parallel()
	deliveries := readDeliveries(t)
	c, file := loadOther(t, webhooksDocument)
	v := validatorFor(t, c)
	hooks := webhooksOf(t, file)
	var faults []fault
	findings := make([][]string, len(deliveries))
	for i, d := range deliveries {
		o, found := recognised(t, c, v, d)
		hook, known := hooks[o.ID]
		if !known || hook.category != d.event || len(hook.actions) > 0 && !slices.Contains(hook.actions, d.action) {
			t.Errorf("%s %s was taken for %s", d.event, d.action, o.ID)
		}
		var body any
		if err := json.Unmarshal(d.body, &body); err != nil {
			t.Fatal(err)
		}
		f := fault{payload: o.Payload, sample: d.event, body: body}
		faults = append(append(faults, f), brokenDelivery(c, i, f)...)
		findings[i] = found
	}
	agree(t, c, file, faults)
	judgeOutdated(t, deliveries, findings)
}

// noBody are events of which no body is valid: an author is to be null and a user.
var noBody = []string{"repository-advisory-published", "repository-advisory-reported"}

// TestEveryEventOfGitHubIsSent: the mock makes a body for each, which is valid.
func TestEveryEventOfGitHubIsSent(t *testing.T) {
	t.Parallel()
	c, file := loadOther(t, webhooksDocument)
	signed, err := c.WithSignature("github") // the document demands the header, and does not say how
	if err != nil {
		t.Fatal(err)
	}
	mock, err := mockserver.New(mockserver.Options{
		Channels: []mockserver.Channel{{Vendor: c.ID, ID: "app", URL: "http://127.0.0.1/webhook"}},
		Secrets:  map[string][]string{c.ID: {"example"}},
	}, mockserver.Vendor{Contract: signed})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close(t.Context())
	var bodies []fault
	for i, o := range c.Events {
		body, err := mock.Sandbox().Compose(mockserver.SendRequest{Event: o.ID})
		if impossible := slices.Contains(noBody, o.ID); (err != nil) != impossible {
			t.Errorf("%s: %v", o.ID, err)
		}
		if err != nil {
			continue
		}
		for _, f := range validatorFor(t, c).Payload(o.Payload, validator.Decode(nodetest.Encode(t, body))) {
			if f.Severity.AtLeast(traffic.Warn) {
				t.Errorf("%s: %s", o.ID, f)
			}
		}
		if i%5 == 0 { // ajv takes long to compile a schema
			bodies = append(bodies, fault{payload: o.Payload, sample: "of the mock", body: body})
		}
	}
	agree(t, c, file, bodies)
}

// recognised is the event that a delivery is taken for, with the errors of the exchange.
func recognised(t *testing.T, c *specs.Contract, v *validator.Validator, d githubDelivery) (*specs.Operation, []string) {
	t.Helper()
	header := http.Header{"Content-Type": {"application/json"}}
	for _, p := range c.Events[0].Parameters { // all have the same ones
		header.Set(p.Name, "1")
	}
	header.Set("X-GitHub-Event", d.event)
	e := traffic.Exchange{
		Caller:   traffic.Vendor,
		Request:  traffic.Request{Method: http.MethodPost, URL: "/webhook", Header: header, Body: traffic.NewBody(d.body, 0)},
		Response: &traffic.Response{Status: http.StatusOK},
	}
	v.Exchange(&e)
	o := c.Operation(e.Operation)
	if o == nil {
		t.Fatalf("%s %s is not recognised: %v", d.event, d.action, e.Findings)
	}
	var errors []string
	for _, f := range e.Findings {
		if f.Severity.AtLeast(traffic.Error) {
			errors = append(errors, f.String())
		}
	}
	return o, errors
}

// refusal is why examples are refused, and of how many it is the reason: one that becomes
// valid is noticed.
type refusal struct {
	reason   string
	finding  *regexp.Regexp
	examples int
}

var outdated = []refusal{
	{"the example is older than a key that the document requires now", regexp.MustCompile(`body\.required `), 113},
	{"a text is empty where the document wants a URL or null", regexp.MustCompile(`body\.format at .*expected uri, got ""`), 26},
	{"a moment is written as Rails prints it, without T and zone", regexp.MustCompile(`expected date-time, got "2018-04-25 20:42:10"`), 2},
	{"seconds of an installation's dates, where the document wants texts", regexp.MustCompile(`body\.type at /installation/(created|updated)_at`), 8},
	{"brackets in an address, as RFC 5322 has them only within quotes", regexp.MustCompile(`expected email, got "\d+\+github-actions\[bot\]@`), 1},
	{"a price model is written with a hyphen", regexp.MustCompile(`body\.enum at /(previous_)?marketplace_purchase/plan/price_model`), 3},
	{"one of the reasons above holds in each form of a choice", regexp.MustCompile(`body\.(any-of at /repository|one-of \(line 1)`), 4},
}

// judgeOutdated compares what was found in each delivery with the list.
func judgeOutdated(t *testing.T, deliveries []githubDelivery, findings [][]string) {
	t.Helper()
	times, valid := make([]int, len(outdated)), 0
	for i, d := range deliveries {
		if len(findings[i]) == 0 {
			valid++
		}
		reasons := map[int]bool{}
		for _, finding := range findings[i] {
			at := slices.IndexFunc(outdated, func(r refusal) bool { return r.finding.MatchString(finding) })
			if at < 0 {
				t.Errorf("%s %s: %s", d.event, d.action, finding)
				continue
			}
			reasons[at] = true
		}
		for at := range reasons {
			times[at]++
		}
	}
	for i, r := range outdated {
		if times[i] != r.examples {
			t.Errorf("%q is the reason of %d examples, and the list says %d", r.reason, times[i], r.examples)
		}
	}
	t.Logf("%d of %d examples are valid", valid, len(deliveries))
}

// brokenDelivery is every so many-th body with one keyword of its schema broken, for the
// judges to compare.
func brokenDelivery(c *specs.Contract, number int, f fault) []fault {
	const stride = 170
	if number%stride != 0 {
		return nil
	}
	g := &generator{contract: c, fault: f, whole: f.body}
	p := c.Payloads[f.payload]
	g.breakKeywords(p, p.Schema(), f.body, nil)
	return g.made
}
