package infer

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// usualSecrets knows the names of secrets by common use.
var usualSecrets = redaction.New(redaction.Options{})

func secretName(name string) bool { return usualSecrets.IsSecret(name) }

// unproving are headers with the name of a secret that are looked at elsewhere, or are
// those of a browser's session.
var unproving = []string{"Cookie", "Set-Cookie", "Proxy-Authorization", "Authorization"}

// scheme is what stands before credentials.
var scheme = lazy.Regexp(`^([A-Za-z][A-Za-z0-9-]*) +\S`)

// credentialsIn are the credentials that a request carries, by what proves it and where
// it stands: "http:bearer", "header:X-Api-Key", "query:api_key"; and the names of those
// in the query. What they are worth is not looked at.
func credentialsIn(e *traffic.Exchange) (list []string, inQuery map[string]bool) {
	inQuery = map[string]bool{}
	if given := e.Request.Header.Get("Authorization"); given != "" {
		if found := scheme().FindStringSubmatch(given); found != nil {
			list = append(list, "http:"+strings.ToLower(found[1]))
		} else {
			list = append(list, "header:Authorization")
		}
	}
	for name, given := range e.Request.Header {
		name = http.CanonicalHeaderKey(name)
		if secretName(name) && !slices.Contains(unproving, name) && strings.Join(given, "") != "" {
			list = append(list, "header:"+url.QueryEscape(name))
		}
	}
	for name, given := range queryOf(e.Request.URL, nil) {
		if secretName(name) && strings.Join(given, "") != "" {
			list = append(list, "query:"+url.QueryEscape(name))
			inQuery[name] = true
		}
	}
	slices.Sort(list)
	return slices.Compact(list), inQuery
}

// securityScheme is the scheme of a credential as OpenAPI has it, with its name.
func securityScheme(credential string) (name string, described map[string]any) {
	place, what, _ := strings.Cut(credential, ":")
	described = map[string]any{"x-evidence": evidence()}
	if place == "http" {
		described["type"], described["scheme"] = "http", what
		return what, described
	}
	if plain, err := url.QueryUnescape(what); err == nil {
		what = plain
	}
	described["type"], described["in"], described["name"] = "apiKey", place, what
	return openapi.FileName(place + "-" + what), described
}

// security is what calls of an operation need: each set of credentials that was seen.
// A call without any makes them optional.
func (c *call) security() []any {
	sets := []any{}
	if !c.isProven() {
		return sets
	}
	for _, joined := range slices.Sorted(maps.Keys(c.proofs)) {
		set := map[string]any{}
		for credential := range strings.FieldsSeq(joined) {
			name, _ := securityScheme(credential)
			set[name] = []any{}
		}
		sets = append(sets, set)
	}
	return sets
}
