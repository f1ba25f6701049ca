package generated

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/specs"
)

// refusal is a kind of request that the partner must not say it took.
type refusal struct {
	name, what string
	fitting    []int // statuses that are meant for it
	// Assumed: that such a request is one of those which the documented status is
	// for.
	assumed  bool
	requests func(event, *conformance.Partner) ([]request, error)
}

var badRequest = []int{http.StatusBadRequest, http.StatusUnprocessableEntity}

var unauthorized = []int{http.StatusUnauthorized, http.StatusForbidden}

var refusalKinds = []refusal{
	{name: "broken-json", what: "whose body is no JSON", fitting: badRequest, requests: brokenJSON},
	{name: "missing-member", what: "that lacks a required member", fitting: badRequest, requests: missingMembers},
	{name: "wrong-type", what: "with a required member of another type", fitting: badRequest, assumed: true, requests: wrongTypes},
	{name: "content-type", what: "under a content type that is not documented", fitting: []int{http.StatusUnsupportedMediaType}, requests: wrongContentTypes},
	{name: "foreign-secret", what: "with a foreign secret", fitting: unauthorized, requests: foreignSecrets},
	{name: "foreign-credential", what: "with a foreign credential", fitting: unauthorized, requests: foreignCredentials},
}

// refusalChecks: the partner does not say that it took what it cannot have taken.
// An event without a body has none of them.
func (v event) refusalChecks() []conformance.Check {
	if v.payload == nil {
		return nil
	}
	var checks []conformance.Check
	for _, r := range refusalKinds {
		_, demanded := v.contract.TokenCredential(v.Operation)
		if r.name == "foreign-secret" && len(v.secrets()) == 0 || r.name == "foreign-credential" && !demanded {
			continue
		}
		statuses, meant, fits := v.refusals(r.fitting...)
		c := v.check(r.name, fmt.Sprintf("does not answer success to %s %s", v.ID, r.what), v.refusing(r, statuses))
		if c.Requirements = nil; fits {
			c.Facts, c.Requirements = v.aboutAnswer(v.Operation, meant)
		}
		if !fits || r.assumed || meant == specs.AnyStatus { // which does not say what it is for
			c.Facts = append(c.Facts, ours("refused", "an event "+r.what+" is one that is refused"))
		}
		checks = append(checks, c)
	}
	return checks
}

func (v event) refusing(r refusal, statuses []int) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		requests, err := r.requests(v, p)
		switch {
		case err != nil:
			return err
		case len(requests) == 0:
			return conformance.NotApplicable(fmt.Sprintf("nothing in the sample of %s can be changed in this way", v.Name()))
		case statuses == nil:
			return each(ctx, p, v.refused, requests...)
		}
		return v.afterControl(ctx, p, v.refused, requests)
	}
}

func brokenJSON(v event, p *conformance.Partner) ([]request, error) {
	body, err := v.body(p, "")
	whole := conformance.Encode(body)
	return []request{
		v.written("a body that breaks off", whole[:len(whole)-1]),
		v.written("a body with a comma too many", append(whole[:len(whole)-1:len(whole)-1], ",}"...)),
		v.written("a body that is prose", []byte("Hello!")),
	}, err
}

func wrongContentTypes(v event, p *conformance.Partner) ([]request, error) {
	body, err := v.body(p, "")
	var requests []request
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded"} {
		if !strings.Contains(strings.Join(v.ContentTypes, " "), kind) {
			r := v.written(v.ID+" as "+kind, conformance.Encode(body))
			r.ContentType = kind
			requests = append(requests, r)
		}
	}
	return requests, err
}

func missingMembers(v event, p *conformance.Partner) ([]request, error) {
	return v.wrong(p, func(specs.Field) (string, func(map[string]any, string)) { return " without ", without })
}

func wrongTypes(v event, p *conformance.Partner) ([]request, error) {
	return v.wrong(p, func(f specs.Field) (string, func(map[string]any, string)) {
		var other any = "parley"
		if strings.Contains(f.Type, "string") || f.Type == "any" {
			other = []any{"parley"}
		}
		return " with another type of ", func(holder map[string]any, key string) { holder[key] = other }
	})
}

// wrong changes one demanded member at a time. What does not break the schema is
// left out.
func (v event) wrong(p *conformance.Partner, how func(specs.Field) (string, func(map[string]any, string))) ([]request, error) {
	body, err := v.body(p, "")
	var requests []request
	for _, f := range v.demanded() {
		what, change := how(f)
		next, ok := changed(body, f.Pointer, change)
		if !ok || len(requests) == mostMembers {
			continue
		}
		if found, err := v.breaks(next); err == nil && found != nil {
			requests = append(requests, v.written(v.ID+what+f.Pointer, conformance.Encode(next)))
		}
	}
	return requests, err
}

// demanded are the members that every event has: required in an object that is
// itself demanded. What stands in a list need not be there.
func (v event) demanded() []specs.Field {
	at := map[string]bool{"": true}
	var list []specs.Field
	for _, f := range v.contract.Fields(v.Payload) {
		if f.Required && at[jsonpointer.Parent(f.Pointer)] {
			at[f.Pointer] = true
			list = append(list, f)
		}
	}
	return list
}

func foreignSecrets(v event, p *conformance.Partner) ([]request, error) {
	body, err := v.body(p, "")
	if err == nil && p.Channel().Token == "" {
		return nil, conformance.NotApplicable("no token was given, so that none is foreign")
	}
	var requests []request
	for _, pointer := range v.secrets() {
		foreign := func(holder map[string]any, key string) { holder[key] = p.NewID("foreign") }
		if next, ok := changed(body, pointer, foreign); ok {
			requests = append(requests, v.written(v.ID+" with a foreign "+pointer, conformance.Encode(next)))
		}
	}
	return requests, err
}

// foreignCredentials are of those that stand in a header: where one stands in the query,
// the address would be another than the one that was configured.
func foreignCredentials(v event, p *conformance.Partner) ([]request, error) {
	r, err := v.valid(p, "", v.ID+" with a foreign credential")
	k, _ := v.contract.TokenCredential(v.Operation)
	switch {
	case err != nil:
		return nil, err
	case p.Channel().Token == "":
		return nil, conformance.NotApplicable("no token was given, so that none is foreign")
	case k.In == "query":
		return nil, conformance.NotApplicable("the credential stands in the query, which is that of --target")
	}
	r.Broken, r.Header = true, http.Header{}
	_, err = k.Carry(p.NewID("foreign")+":"+p.NewID("foreign"), r.Header, "")
	return []request{r}, err
}
