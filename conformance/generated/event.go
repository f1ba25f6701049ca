package generated

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// event is an event of the contract. Its payload is nil when it has no body.
type event struct {
	*maker
	*specs.Operation
	payload *specs.Payload
}

// request is one request to the partner's webhook, and what is special about it.
type request struct {
	mockserver.Raw
	what string
}

// secrets are the pointers of the members that carry the token.
func (v event) secrets() []string {
	var pointers []string
	for _, f := range v.contract.Fields(v.Payload) {
		if f.Secret && f.Type == "string" {
			pointers = append(pointers, f.Pointer)
		}
	}
	return pointers
}

// composable says why no document tells how to send the event.
func (v event) composable() error {
	switch {
	case v.demandsMore():
		return conformance.CouldNotRun(fmt.Sprintf("%s demands several credentials at once, and Parley sends one, the token", v.Name()))
	case v.payload == nil:
		return nil
	case v.contentType() == "":
		return conformance.CouldNotRun(fmt.Sprintf("%s is sent as %s, and generated checks write JSON only", v.Name(), enumerate(v.ContentTypes, "or")))
	case len(v.payload.Samples) == 0:
		return conformance.CouldNotRun(fmt.Sprintf("%s has no sample to send: put one into %s", v.Name(), v.contract.SamplePlace(v.payload.Name)))
	}
	return nil
}

// demandsMore reports whether the document demands credentials of the event of which a token
// alone is none. Those of the connection are not Parley's to show.
func (v event) demandsMore() bool {
	_, one := v.contract.TokenCredential(v.Operation)
	sets := v.contract.Credentials(v.Operation)
	return !one && !v.contract.Shipped() && len(sets) > 0 && !slices.ContainsFunc(sets, func(set []specs.Credential) bool {
		return !slices.ContainsFunc(set, func(k specs.Credential) bool { return k.Type == "apiKey" || k.Scheme != "" })
	})
}

// contentType is the documented JSON type; "" when the event has another.
func (v event) contentType() string {
	for _, documented := range v.ContentTypes {
		kind, _, err := mime.ParseMediaType(documented)
		if err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json")) {
			return documented
		}
	}
	return ""
}

// body is a sample, completed by what plays the vendor, its secrets those of the
// channel. A sample that breaks its own schema is not sent.
func (v event) body(p *conformance.Partner, sample string) (map[string]any, error) {
	if err := v.composable(); err != nil {
		return nil, err
	}
	channel := p.Channel()
	body, err := p.Sandbox().Compose(mockserver.SendRequest{Vendor: v.contract.ID, Event: v.ID, Channel: channel.ID, Sample: sample})
	if err != nil {
		return nil, conformance.CouldNotRun(fmt.Sprintf("%s cannot be composed: %v", v.Name(), err))
	}
	for _, pointer := range v.secrets() {
		if holder, key, ok := member(body, pointer); ok && channel.Token != "" {
			holder[key] = channel.Token
		}
	}
	found, err := v.breaks(body)
	if err == nil && found != nil {
		s, _ := v.payload.Sample(sample)
		err = conformance.CouldNotRun(fmt.Sprintf("%s breaks %s, and so cannot be sent: %s", v.contract.Path(s.File), v.contract.Path(v.payload.File), found))
	}
	return body, err
}

// breaks returns the worst error of a body by the event's schema, or nil.
func (v event) breaks(body map[string]any) (*traffic.Finding, error) {
	judge, err := v.judge()
	if err != nil || v.payload == nil {
		return nil, err
	}
	for _, f := range judge.Sent(specs.FromVendor).Payload(v.Payload, validator.Decode(conformance.Encode(body))) {
		if f.Severity.AtLeast(traffic.Error) {
			return &f, nil
		}
	}
	return nil, nil
}

// valid is the event as the vendor sends it; sample "" is the first.
func (v event) valid(p *conformance.Partner, sample, what string) (request, error) {
	body, err := v.body(p, sample)
	r := v.written(what, conformance.Encode(body))
	r.Broken = false
	if v.payload == nil {
		r.Body, r.ContentType = nil, "-"
	}
	return r, err
}

// written is a request that the vendor would not send.
func (v event) written(what string, text []byte) request {
	return request{mockserver.Raw{Event: v.ID, Method: v.Method, ContentType: v.contentType(), Body: text, Broken: true}, what}
}

// member finds what a pointer of specs.Field leads to: the object that holds it and
// its key there. For "*" the first item is taken.
func member(body map[string]any, pointer string) (holder map[string]any, key string, ok bool) {
	var inside any = body
	for segment := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch value := inside.(type) {
		case map[string]any:
			key = jsonpointer.Unescape(segment)
			holder = value
			if inside, ok = value[key]; !ok {
				return nil, "", false
			}
		case []any:
			if segment != "*" || len(value) == 0 {
				return nil, "", false
			}
			inside, holder = value[0], nil
		default:
			return nil, "", false
		}
	}
	return holder, key, holder != nil
}

// changed returns a copy of a body in which change was done to one member; false
// when the body does not have it.
func changed(body map[string]any, pointer string, change func(holder map[string]any, key string)) (map[string]any, bool) {
	var next map[string]any
	decoder := json.NewDecoder(bytes.NewReader(conformance.Encode(body)))
	decoder.UseNumber()
	if decoder.Decode(&next) != nil {
		return nil, false
	}
	holder, key, ok := member(next, pointer)
	if ok {
		change(holder, key)
	}
	return next, ok
}

func without(holder map[string]any, key string) { delete(holder, key) }

// statusOf says in words how an event was answered.
func statusOf(e *traffic.Exchange) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.Status(), http.StatusText(e.Status())))
}
