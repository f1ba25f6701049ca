package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/vendors"
)

var pathParameter = regexp.MustCompile(`\{[^{}]*\}`)

// TestPreferOnEveryOperation asks each operation of each vendor for each documented
// status, for each sample of it, and for a delay. The mock judges what it answers.
func TestPreferOnEveryOperation(t *testing.T) {
	for _, id := range specs.IDs() {
		contract := specstest.Contract(t, id)
		mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, vendors.Played(contract)...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { mock.Close(t.Context()) })
		for _, o := range contract.Operations {
			preferences := preferencesOf(contract, o)
			if len(preferences) == 0 {
				t.Errorf("%s %s has nothing to ask for", id, o.ID)
			}
			for _, test := range preferences {
				got, e := ask(t, mock, contract, o, test.prefer)
				if got.Code != test.status || got.Header().Get("Preference-Applied") != test.prefer {
					t.Errorf("%s %s with Prefer: %s is answered %d, applied %q\n%s", id, o.ID, test.prefer, got.Code, got.Header().Get("Preference-Applied"), got.Body)
				}
				if test.body != "" && got.Body.String() != test.body {
					t.Errorf("%s %s with Prefer: %s is answered %s, want %s", id, o.ID, test.prefer, got.Body, test.body)
				}
				for _, f := range e.Findings {
					if f.Severity == traffic.HarnessError {
						t.Errorf("%s %s with Prefer: %s: %+v", id, o.ID, test.prefer, f)
					}
				}
			}
			if got, _ := ask(t, mock, contract, o, "delay=1"); got.Header().Get("Preference-Applied") != "delay=1" {
				t.Errorf("%s %s: a delay is not applied: %d %s", id, o.ID, got.Code, got.Body)
			}
			if got, _ := ask(t, mock, contract, o, "code=none"); got.Code != http.StatusBadRequest || got.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: nonsense is answered %d %s", id, o.ID, got.Code, got.Body)
			}
		}
	}
}

type preference struct {
	prefer string
	status int
	body   string // "" for any
}

// preferencesOf lists every documented status, and every sample of each.
func preferencesOf(c *specs.Contract, o *specs.Operation) []preference {
	var list []preference
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if status == specs.AnyStatus {
			status = 599
		}
		if specs.IsRange(status) {
			status = 100*status + 99
		}
		list = append(list, preference{prefer: fmt.Sprintf("code=%d", status), status: status})
		documented, _ := o.Response(status)
		payload := c.Payloads[documented.Payload]
		if payload == nil {
			continue
		}
		for _, sample := range payload.Samples {
			list = append(list, preference{fmt.Sprintf("code=%d, example=%s", status, sample.Name), status, string(sample.Body)})
		}
	}
	return list
}

// ask calls an operation with a sample of its body, or none.
func ask(t *testing.T, mock *mockserver.Server, c *specs.Contract, o *specs.Operation, prefer string) (*httptest.ResponseRecorder, *traffic.Exchange) {
	t.Helper()
	var body []byte
	if payload := c.Payloads[o.Payload]; payload != nil && len(payload.Samples) > 0 {
		body = payload.Samples[0].Body
	}
	request := httptest.NewRequest(o.Method, pathParameter.ReplaceAllString(o.Path, "x"), bytes.NewReader(body))
	if len(o.ContentTypes) > 0 {
		request.Header.Set("Content-Type", o.ContentTypes[0])
	}
	request.Header.Set("Prefer", prefer)
	answer := httptest.NewRecorder()
	mock.ServeHTTP(answer, request)
	e, ok := mock.Sandbox().Journal().Get(answer.Header().Get(mockserver.HeaderExchange))
	if !ok {
		t.Fatalf("%s %s: the exchange is not in the journal: %d %s", c.ID, o.ID, answer.Code, answer.Body)
	}
	if e.Operation != o.Name() {
		t.Errorf("%s %s was taken for %q", c.ID, o.ID, e.Operation)
	}
	return answer, e
}
