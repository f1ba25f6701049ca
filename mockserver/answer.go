package mockserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/madeup"
	"github.com/parleykit/parley/specs"
)

// errNoBody says that an answer which has a body can't be given one.
var errNoBody = errors.New("the contract has no sample of it, and none could be made")

// documented is the answer that a contract has for a status: its sample, or one made
// from its schema, of the type that the caller accepts, with its headers.
func (c *Call) documented(v *vendor, o *specs.Operation, status int, w wish) (Reply, error) {
	reply := c.described(v, o, status)
	documented, _ := o.Response(status)
	made := c.madeFor(o, status)
	if len(documented.ContentTypes) == 0 {
		if w.sample != "" {
			return reply, fmt.Errorf("no body is documented for %s with status %d", o.Name(), status)
		}
		return reply, nil
	}
	accept := c.Request.Header["Accept"]
	kind, _ := negotiated(documented.ContentTypes, accept)
	body, kind, err := v.bodyOf(o, documented, kind, w, made)
	if err != nil || body == nil {
		return reply, err
	}
	kind = concrete(kind, accept)
	if reply.Body, err = inMedia(kind, body); err != nil {
		return reply, err
	}
	return reply.with("Content-Type", kind), nil
}

// described is a status with the headers that are documented for it.
func (c *Call) described(v *vendor, o *specs.Operation, status int) Reply {
	reply := Reply{Status: status}
	documented, _ := o.Response(status)
	for _, h := range documented.Headers {
		if text, ok := headerOf(v.contract, h, c.madeFor(o, status).Seed, status); ok {
			reply = reply.with(h.Name, text)
		}
	}
	return reply
}

// bodyOf is the body of an answer: JSON text of a sample, or a value that was made; nil
// where no body is described. Kind is its content type, another one than asked for
// where only that has the sample.
func (v *vendor) bodyOf(o *specs.Operation, documented specs.Response, kind string, w wish, made madeup.Wish) (any, string, error) {
	payload := v.contract.Payloads[documented.Body(kind)]
	if w.dynamic == nil || !*w.dynamic {
		if body, kind, ok := v.sampleOf(documented, kind, w.sample); ok {
			return body, kind, nil
		}
	}
	switch {
	case w.sample != "" && payload == nil:
		return nil, kind, fmt.Errorf("no body is documented for %s in %s has a sample of this name", o.Name(), kind)
	case w.sample != "":
		return nil, kind, fmt.Errorf("payload %s has no sample of this name; it has %s", payload.Name, sampleNames(payload))
	case w.dynamic != nil && !*w.dynamic:
		return nil, kind, fmt.Errorf("%s has no sample in %s; without dynamic=false its body is made from the schema", o.Name(), kind)
	case payload == nil && v.byDocument && specs.MediaOf(kind) == specs.JSON && strings.Contains(kind, "json"):
		return map[string]any{}, kind, nil // a schema that says nothing allows this
	case payload == nil:
		return nil, kind, nil
	}
	value, err := v.maker.Body(payload.Name, made)
	if err != nil {
		return nil, kind, fmt.Errorf("%w: %w", errNoBody, err)
	}
	return value, kind, nil
}

// sampleOf looks for a sample in one content type, and one that has a name in the
// others too.
func (v *vendor) sampleOf(documented specs.Response, kind, name string) (json.RawMessage, string, bool) {
	kinds := []string{kind}
	if name != "" {
		kinds = append(kinds, documented.ContentTypes...)
	}
	for _, kind := range kinds {
		if payload := v.contract.Payloads[documented.Body(kind)]; payload != nil {
			if sample, ok := payload.Sample(name); ok {
				return sample.Body, kind, true
			}
			continue
		}
		for _, e := range documented.Examples {
			if e.ContentType == kind && (name == "" || e.Name == name) {
				return e.Body, kind, true
			}
		}
	}
	return nil, kind, false
}

// inMedia writes a body as its content type has it. JSON is written later, in the order
// of samples, unless it is text already.
func inMedia(kind string, body any) (any, error) {
	if text, ok := body.(json.RawMessage); ok {
		if specs.MediaOf(kind) == specs.JSON {
			return []byte(text), nil
		}
		if err := json.Unmarshal(text, &body); err != nil {
			return []byte(text), nil
		}
		if _, plain := body.(string); !plain && specs.MediaOf(kind) == specs.Text {
			return []byte(text), nil
		}
	}
	switch specs.MediaOf(kind) {
	case specs.Text:
		if text, ok := body.(string); ok {
			return []byte(text), nil
		}
		if strings.Contains(kind, "xml") || !strings.HasPrefix(kind, "text/") {
			return nil, fmt.Errorf("%w: a body in %s is not made from a schema", errNoBody, kind)
		}
	case specs.Form:
		if members, ok := body.(map[string]any); ok {
			return []byte(formOf(members)), nil
		}
	case specs.Multipart:
		return nil, fmt.Errorf("%w: a body in %s is not made from a schema", errNoBody, kind)
	}
	return body, nil
}

func formOf(members map[string]any) string {
	form := url.Values{}
	for name, value := range members {
		values, isList := value.([]any)
		if !isList {
			values = []any{value}
		}
		for _, one := range values {
			text, isText := one.(string)
			if !isText {
				data, _ := json.Marshal(one) // it was made, or read from JSON
				text = string(data)
			}
			form.Add(name, text)
		}
	}
	return form.Encode()
}

// orProblem is a reply, or what is said in its place: that there is no body for it.
func orProblem(reply Reply, err error) Reply {
	if err == nil {
		return reply
	}
	return *replyOf(problem.Problem{Status: http.StatusInternalServerError, Kind: "sample", Detail: fmt.Sprintf("status %d would be answered: %v", reply.Status, err)})
}

// usual answers a call that breaks nothing, for a vendor without rules of its own.
func (c *Call) usual(v *vendor, o *specs.Operation) Reply {
	status := o.Usual()
	documented, _ := o.Response(status)
	if _, ok := negotiated(documented.ContentTypes, c.Request.Header["Accept"]); !ok && v.byDocument {
		if _, listed := o.Responses[http.StatusNotAcceptable]; listed {
			status = http.StatusNotAcceptable
		}
	}
	return orProblem(c.documented(v, o, status, wish{}))
}
