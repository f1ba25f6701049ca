package independent

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// TestEveryOperationIsServed of documents that nobody here wrote: a valid call of each is
// answered with a documented success, in which neither Parley nor ajv finds anything.
func TestEveryOperationIsServed(t *testing.T) {
	t.Parallel()
	for _, one := range driven {
		t.Run(filepath.Base(one.file), func(t *testing.T) {
			c, file := loadOther(t, one.file)
			v := validatorFor(t, c)
			began := time.Now()
			mock, err := mockserver.New(mockserver.Options{}, mockserver.Vendor{Contract: c})
			if err != nil {
				t.Fatal(err)
			}
			defer mock.Close(t.Context())
			t.Logf("the mock was made in %s", time.Since(began).Round(time.Millisecond))
			agree(t, c, file, serveAll(t, c, v, mock))
		})
	}
}

func serveAll(t *testing.T, c *specs.Contract, v *validator.Validator, mock http.Handler) []fault {
	t.Helper()
	var answers []fault
	d := newDriver(c, v, drivenSeed)
	answered, wrong := map[int]int{}, 0
	for _, o := range c.Operations {
		one, err := d.valid(o, true)
		if err != nil {
			t.Errorf("%s: no valid call can be made: %v", o.ID, err)
			continue
		}
		e := exchanged(v, one, mock, "")
		if isExample(c, v, &e) {
			wrong++ // the document's own example, which is answered as it is
			e = exchanged(v, one, mock, "dynamic=true")
		}
		answered[e.Status()]++
		answers = append(answers, answerOf(o, &e)...)
		if e.Status() != o.Usual() {
			t.Errorf("%.300s\n  is answered with %d, not with %d: %.200s", one, e.Status(), o.Usual(), e.Response.Body.Kept)
		}
		for _, f := range e.Findings {
			if f.Severity.AtLeast(traffic.Warn) {
				t.Errorf("%.300s\n  is answered with %d: %s %s", one, e.Status(), f.Part, f)
			}
		}
	}
	t.Logf("%d operations, answers by status: %v; of %d the document's example breaks its own schema, and a body was made", len(c.Operations), answered, wrong)
	return answers
}

// answerOf is the body of an answer for another judge, where it is JSON.
func answerOf(o *specs.Operation, e *traffic.Exchange) []fault {
	answer, _ := o.Response(e.Status())
	payload := answer.Body(e.Response.Header.Get("Content-Type"))
	var body any
	if payload == "" || json.Unmarshal(e.Response.Body.Kept, &body) != nil {
		return nil
	}
	return []fault{{payload: payload, sample: "answer of the mock", body: body}}
}

// isExample tells whether an answer is an example of the document that breaks the schema.
func isExample(c *specs.Contract, v *validator.Validator, e *traffic.Exchange) bool {
	o := c.Operation(e.Operation)
	if o == nil {
		return false
	}
	answer, _ := o.Response(e.Status())
	payload := answer.Body(e.Response.Header.Get("Content-Type"))
	if c.Payloads[payload] == nil {
		return false
	}
	for _, sample := range c.Payloads[payload].Samples {
		broken := slices.ContainsFunc(v.Payload(payload, validator.Decode(sample.Body)), func(f traffic.Finding) bool { return f.Severity.AtLeast(traffic.Warn) })
		if broken && sameJSON(sample.Body, e.Response.Body.Kept) {
			return true
		}
	}
	return false
}

func sameJSON(a, b []byte) bool {
	var first, second any
	return json.Unmarshal(a, &first) == nil && json.Unmarshal(b, &second) == nil && reflect.DeepEqual(first, second)
}

// exchanged is a call with the mock's answer, judged.
func exchanged(v *validator.Validator, one call, mock http.Handler, prefer string) traffic.Exchange {
	r := httptest.NewRequest(one.operation.Method, one.url(), bytes.NewReader(one.raw()))
	r.Header = one.header()
	if sets := v.Contract().Credentials(one.operation); len(sets) > 0 {
		carry(r, sets[0])
	}
	if prefer != "" {
		r.Header.Set("Prefer", prefer)
	}
	w := httptest.NewRecorder()
	mock.ServeHTTP(w, r)
	e := traffic.Exchange{
		Caller:   traffic.Partner,
		Request:  traffic.Request{Method: r.Method, URL: r.URL.String(), Header: r.Header, Body: traffic.NewBody(one.raw(), 0)},
		Response: &traffic.Response{Status: w.Code, Header: w.Result().Header, Body: traffic.NewBody(w.Body.Bytes(), 0)},
	}
	v.Exchange(&e)
	return e
}

// carry puts credentials into a request.
func carry(r *http.Request, set []specs.Credential) {
	for _, k := range set {
		switch {
		case k.Scheme == "basic":
			r.SetBasicAuth("user", "example")
		case k.Scheme != "":
			r.Header.Set("Authorization", "Bearer example")
		case k.In == "header":
			r.Header.Set(k.Name, "example")
		case k.In == "cookie":
			r.AddCookie(&http.Cookie{Name: k.Name, Value: "example"})
		case k.In == "query":
			query := r.URL.Query()
			query.Set(k.Name, "example")
			r.URL.RawQuery = query.Encode()
		}
	}
}
