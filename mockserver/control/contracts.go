package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/specs"
)

// summaryOf is what a list of contracts has of one.
func summaryOf(c *specs.Contract) contractSummary {
	return contractSummary{
		ID: c.ID, Name: c.Name, Title: c.Title, Operations: len(c.Operations), Events: len(c.Events), Payloads: len(c.Payloads),
		Requirements: len(c.Requirements), Readings: len(c.Readings), NotJudged: orNone(c.NotJudged),
	}
}

func (c *reader) listContracts(w http.ResponseWriter, _ *http.Request) {
	views := []contractSummary{}
	for _, one := range c.contracts() {
		views = append(views, summaryOf(one))
	}
	c.writeDocument(w, map[string]any{"contracts": views})
}

// contract shows one whole, without its schemas.
func (c *reader) contract(w http.ResponseWriter, r *http.Request) {
	if found := c.meant(w, r); found != nil {
		c.writeDocument(w, viewOfContract(found))
	}
}

// payload shows one payload of a contract, with its schema and its samples.
func (c *reader) payload(w http.ResponseWriter, r *http.Request) {
	values, ok := c.query(w, r, "name")
	if !ok {
		return
	}
	contract := c.meant(w, r)
	if contract == nil {
		return
	}
	name := values["name"]
	p := contract.Payloads[name]
	switch {
	case name == "":
		c.refuse(w, errors.New("name is missing; give that of a payload, as name=operations/message, of those that GET /_parley/contracts/"+contract.ID+" lists"))
	case p == nil:
		problem.Problem{
			Status: http.StatusNotFound, Kind: "payload",
			Detail: fmt.Sprintf("%s has no payload %q; GET /_parley/contracts/%s lists them", contract.ID, c.redact.Values(name), contract.ID),
		}.Write(w)
	default:
		c.writeDocument(w, viewOfPayload(contract, p))
	}
}

// meant returns the contract that a path names, or answers that there is none.
func (c *reader) meant(w http.ResponseWriter, r *http.Request) *specs.Contract {
	id, all := mux.Vars(r)["vendor"], c.contracts()
	i := slices.IndexFunc(all, func(one *specs.Contract) bool { return one.ID == id })
	if i >= 0 {
		return all[i]
	}
	var known []string
	for _, one := range all {
		known = append(known, one.ID)
	}
	problem.Problem{
		Status: http.StatusNotFound, Kind: "contract",
		Detail: fmt.Sprintf("there is no contract %q here; there are %s", c.redact.Values(id), plural.List(known, "and")),
	}.Write(w)
	return nil
}

// writeDocument answers with a part of a contract. A document may use the names of
// secrets as it likes; what is known to be one by its value is left out.
func (c *reader) writeDocument(w http.ResponseWriter, value any) {
	data, err := plainjson.Marshal(value)
	if err == nil {
		var read any
		if read, err = decodedJSON(data); err == nil {
			data, err = plainjson.Marshal(c.withoutKnown(read))
		}
	}
	writeJSON(w, http.StatusOK, data, err)
}

// withoutKnown replaces what is secret in the texts and numbers of a decoded value.
func (c *reader) withoutKnown(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, one := range value {
			value[name] = c.withoutKnown(one)
		}
	case []any:
		for i, one := range value {
			value[i] = c.withoutKnown(one)
		}
	case string:
		return c.redact.Values(value)
	case json.Number:
		if shown := c.redact.Values(value.String()); shown != value.String() {
			return shown
		}
	}
	return value
}

// orNone is a list that JSON has as [] when it is empty.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
