package validator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// CredentialMissing is the code of a finding about a call that proves nothing.
const CredentialMissing = "credential.missing"

// credentialsOf are the credentials that operations demand. Of a contract that Parley
// ships, its own requirements and readings say what is judged of them.
func credentialsOf(c *specs.Contract) map[operationKey][][]specs.Credential {
	table := map[operationKey][][]specs.Credential{}
	if c.Shipped() {
		return table
	}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		if sets := c.Credentials(o); len(sets) > 0 {
			table[keyOf(o)] = sets
		}
	}
	return table
}

// judgeCredentials finds a call that carries none of the credentials that its operation
// demands. What they are worth, only who issued them knows.
func (v *Validator) judgeCredentials(o *specs.Operation, r *traffic.Request) []traffic.Finding {
	sets := v.credentials[keyOf(o)]
	carried := func(set []specs.Credential) bool {
		return !slices.ContainsFunc(set, func(k specs.Credential) bool { return !Carries(r, k) })
	}
	if len(sets) == 0 || slices.ContainsFunc(sets, carried) {
		return nil
	}
	var texts []string
	evidence := specs.Assumed
	for _, set := range sets {
		var parts []string
		for _, k := range set {
			parts = append(parts, k.String())
			if k.Evidence.Class != specs.Assumed {
				evidence = k.Evidence.Class
			}
		}
		texts = append(texts, plural.List(parts, "and"))
	}
	f := finding(CredentialMissing, traffic.Finding{Expected: plural.List(texts, "or"), Actual: "nothing"})
	if evidence == specs.Assumed {
		f.Severity = traffic.Warn
	}
	return []traffic.Finding{f}
}

// Carries reports whether a call carries a credential, whatever it is worth. Of one that
// was recorded without secrets, what was hidden counts.
func Carries(r *traffic.Request, k specs.Credential) bool {
	switch {
	case k.Type == "apiKey" && k.In == "query":
		_, query, _ := strings.Cut(r.URL, "?")
		values, _ := pairs.Parse(query) // what can be read of it
		return values.Get(k.Name) != ""
	case k.Type == "apiKey" && k.In == "cookie":
		if traffic.Hidden(r.Header.Get("Cookie")) {
			return true
		}
		cookie, err := (&http.Request{Header: r.Header}).Cookie(k.Name)
		return err == nil && cookie.Value != ""
	case k.Type == "apiKey":
		return r.Header.Get(k.Name) != ""
	case k.Scheme == "":
		return true // mutual TLS: nothing of it is seen here
	}
	given := r.Header.Get("Authorization")
	name, value, _ := strings.Cut(given, " ")
	return strings.EqualFold(name, k.Scheme) && strings.TrimSpace(value) != "" || traffic.Hidden(name)
}
