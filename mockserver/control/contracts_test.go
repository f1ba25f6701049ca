package control_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

type shownContract struct {
	ID, Title string
	Sources   map[string]specs.Source
	Events    []struct {
		Name, Summary, Payload string
		Path                   *string
		Evidence               shownEvidence
		Responses              []struct {
			Status, Payload string
			Evidence        shownEvidence
		}
		Requirements, Readings []string
	}
	Operations []struct {
		Name, Method, Path string
		Credentials        [][]struct{ Type, In, Name, Scheme string }
		Parameters         []struct {
			Name, In string
			Required bool
			Schema   map[string]any
		}
	}
	Payloads []struct {
		Name    string
		Samples []string
	}
	Requirements []struct {
		ID        string
		Check     bool
		Excluded  string
		Evidence  shownEvidence
		BelongsTo []string
	}
	Readings []struct {
		ID, Chosen, ChosenClass, Harmless string
		Options                           []struct{ ID string }
	}
}

type shownEvidence struct{ Class, Source, Title, URL, Quote string }

// TestControlShowsAContract as a folder of documents has it, with the readings in force.
func TestControlShowsAContract(t *testing.T) {
	contract, err := specs.LoadFolder("../../testdata/contracts/acme")
	if err != nil {
		t.Fatal(err)
	}
	c := controlledBy(t, mocktest.New(t, mockserver.Vendor{Contract: contract}))
	var list struct {
		Contracts []struct {
			ID                                                   string
			Operations, Events, Payloads, Requirements, Readings int
		}
	}
	c.into(&list, 200, "GET", "contracts", "")
	if len(list.Contracts) != 1 {
		t.Fatalf("there are %d contracts", len(list.Contracts))
	}
	one := list.Contracts[0]
	var v shownContract
	c.into(&v, 200, "GET", "contracts/acme", "")
	for what, numbers := range map[string][3]int{
		"operations":   {one.Operations, len(v.Operations), len(contract.Operations)},
		"events":       {one.Events, len(v.Events), len(contract.Events)},
		"payloads":     {one.Payloads, len(v.Payloads), len(contract.Payloads)},
		"requirements": {one.Requirements, len(v.Requirements), len(contract.Requirements)},
		"readings":     {one.Readings, len(v.Readings), len(contract.Readings)},
	} {
		if numbers[0] != numbers[2] || numbers[1] != numbers[2] || numbers[2] == 0 {
			t.Errorf("%s: listed %d, shown %d, and there are %d", what, numbers[0], numbers[1], numbers[2])
		}
	}
	answered := v.Events[0]
	want := shownEvidence{"documented", "webhooks#ticket-answered", "Acme Desk: webhooks", "https://acme.example/docs/webhooks", "ticketAnswered is sent when an agent answers."}
	if answered.Name != "events/ticketAnswered" || answered.Evidence != want || answered.Path != nil || len(answered.Responses) != 5 {
		t.Errorf("the event is %+v", answered)
	}
	get := v.Operations[1]
	if get.Name != "operations/getTicket" || get.Path != "/tickets/{ticketId}" || len(get.Parameters) != 1 || !get.Parameters[0].Required || get.Parameters[0].Schema["type"] != "string" {
		t.Errorf("the operation is %+v", get)
	}
	if sets := get.Credentials; len(sets) != 1 || len(sets[0]) != 1 || sets[0][0] != (struct{ Type, In, Name, Scheme string }{"apiKey", "header", "X-Acme-Key", ""}) {
		t.Errorf("the operation needs %+v", sets)
	}
	for _, r := range v.Requirements {
		if (r.Excluded == "") != r.Check || r.Evidence.Class == "" {
			t.Errorf("the requirement is %+v", r)
		}
	}
	if !slices.ContainsFunc(v.Readings, func(r struct {
		ID, Chosen, ChosenClass, Harmless string
		Options                           []struct{ ID string }
	}) bool {
		return len(r.Options) > 1 && r.Chosen == contract.Chosen(r.ID) && r.ChosenClass != ""
	}) {
		t.Errorf("no reading has options: %+v", v.Readings)
	}

	for _, p := range v.Payloads {
		var shown struct {
			Name    string
			Schema  map[string]any
			Samples map[string]any
			Fields  []struct{ Pointer string }
		}
		c.into(&shown, 200, "GET", "contracts/acme/payload?name="+p.Name, "")
		if shown.Name != p.Name || shown.Schema["type"] == nil || len(shown.Samples) != len(p.Samples) || len(shown.Fields) != len(contract.Fields(p.Name)) {
			t.Errorf("the payload %s is %+v", p.Name, shown)
		}
		if got := slices.Sorted(maps.Keys(shown.Samples)); len(got) > 0 && !slices.Contains(p.Samples, got[0]) {
			t.Errorf("%s has the samples %v and %v", p.Name, got, p.Samples)
		}
	}
	c.refused(404, "GET", "contracts/nope", "", `there is no contract "nope" here; there are acme`)
	c.refused(404, "GET", "contracts/nope/payload?name=x", "", `there is no contract "nope" here; there are acme`)
	c.refused(404, "GET", "contracts/acme/payload?name=nope", "", `acme has no payload "nope"; GET /_parley/contracts/acme lists them`)
	c.refused(400, "GET", "contracts/acme/payload", "", "name is missing")
}

// TestControlShowsEveryContractThatIsShipped, and each of its payloads, as its document
// says.
func TestControlShowsEveryContractThatIsShipped(t *testing.T) {
	for _, contract := range specstest.Shipped(t) {
		c := controlledBy(t, mocktest.New(t, mockserver.Vendor{Contract: contract}))
		var v shownContract
		c.into(&v, 200, "GET", "contracts/"+contract.ID, "")
		belonging := 0
		for _, r := range v.Requirements {
			belonging += len(r.BelongsTo)
		}
		if belonging == 0 {
			t.Errorf("no requirement of %s belongs to anything", contract.ID)
		}
		for _, p := range v.Payloads {
			c.into(nil, 200, "GET", "contracts/"+contract.ID+"/payload?name="+p.Name, "")
		}
	}
}

// TestAContractShowsNoSecret that is known by its value; what it calls so is no secret.
func TestAContractShowsNoSecret(t *testing.T) {
	c := newControl(t, mockserver.Options{})
	shown := func() string {
		var v struct {
			Schema  json.RawMessage
			Samples struct{ Documented map[string]any }
		}
		c.into(&v, 200, "GET", "contracts/acme/payload?name=changed", "")
		if !strings.Contains(string(v.Schema), `"x-secret":true`) {
			t.Errorf("the schema is %s", v.Schema)
		}
		text, _ := v.Samples.Documented["secret"].(string)
		return text
	}
	if got := shown(); got != "s3cr3t" {
		t.Errorf("the sample has %q; its document is no secret", got)
	}
	c.Server().Redactor().Know("s3cr3t")
	if got := shown(); strings.Contains(got, "s3cr3t") || got == "" {
		t.Errorf("the sample shows %q, which is the secret of somebody", got)
	}
}

func testContracts(c *controlled) {
	for _, path := range []string{"contracts", "contracts/acme", "contracts/acme/payload?name=ticket"} {
		c.into(nil, 200, "GET", path, "")
	}
}
