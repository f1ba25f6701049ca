package specs

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Credential is what a call proves itself with, as a security scheme of the document
// has it.
type Credential struct {
	Type     string // "apiKey", "http", "oauth2", "openIdConnect" or "mutualTLS"
	In       string // of an apiKey: "header", "query" or "cookie"
	Name     string // of an apiKey
	Scheme   string // behind Authorization, lower-case: "bearer", "basic"
	Evidence Evidence
}

// Credentials are the sets of credentials of which a call needs one, all of them; none
// where the operation demands nothing, or leaves it open with an empty set. What the
// document demands of all operations, events need not have.
func (c *Contract) Credentials(o *Operation) [][]Credential {
	described := c.Described(o)
	if described == nil {
		return nil
	}
	var demanded openapi3.SecurityRequirements
	if !o.Event {
		demanded = c.Document().Security
	}
	if described.Security != nil {
		demanded = *described.Security
	}
	var sets [][]Credential
	for _, requirement := range demanded {
		var set []Credential
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			if one, ok := c.credential(name); ok {
				set = append(set, one)
			}
		}
		if len(set) == 0 {
			return nil
		}
		sets = append(sets, set)
	}
	return sets
}

// TokenCredential is the credential that an operation or event demands and that a token
// alone is: of several sets the first of one, which is no certificate. A contract that
// Parley ships says by itself where its tokens stand.
func (c *Contract) TokenCredential(o *Operation) (Credential, bool) {
	if c.Shipped() {
		return Credential{}, false
	}
	for _, set := range c.Credentials(o) {
		if len(set) == 1 && (set[0].Scheme != "" || set[0].Type == "apiKey") {
			return set[0], true
		}
	}
	return Credential{}, false
}

// Carry puts a token where the scheme has it, into a header or the query of an address,
// which it returns. Of scheme basic it is user:password (RFC 7617).
func (k Credential) Carry(token string, header http.Header, address string) (string, error) {
	switch {
	case k.In == "query":
		u, err := url.Parse(address)
		if err != nil {
			return address, err
		}
		query := u.Query()
		query.Set(k.Name, token)
		u.RawQuery = query.Encode()
		return u.String(), nil
	case k.In == "cookie":
		header.Add("Cookie", (&http.Cookie{Name: k.Name, Value: token}).String())
	case k.In == "header":
		header.Set(k.Name, token)
	case k.Scheme == "basic":
		header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(token)))
	case k.Scheme == "bearer":
		header.Set("Authorization", "Bearer "+token)
	default:
		header.Set("Authorization", k.Scheme+" "+token)
	}
	return address, nil
}

// KnownCredentials are all that the contract describes, also those that no operation
// demands, by the names of their schemes.
func (c *Contract) KnownCredentials() []Credential {
	var known []Credential
	if components := c.Document().Components; components != nil {
		for _, name := range slices.Sorted(maps.Keys(components.SecuritySchemes)) {
			if one, ok := c.credential(name); ok {
				known = append(known, one)
			}
		}
	}
	return known
}

func (c *Contract) credential(name string) (Credential, bool) {
	components := c.Document().Components
	if components == nil || components.SecuritySchemes[name] == nil || components.SecuritySchemes[name].Value == nil {
		return Credential{}, false
	}
	s := components.SecuritySchemes[name].Value
	k := Credential{Type: s.Type, In: s.In, Name: s.Name, Scheme: strings.ToLower(s.Scheme), Evidence: EvidenceOf(s.Extensions)}
	if s.Type == "oauth2" || s.Type == "openIdConnect" {
		k.Scheme = "bearer"
	}
	return k, true
}

// String says in words what a call has to carry.
func (k Credential) String() string {
	switch {
	case k.Type == "apiKey":
		return fmt.Sprintf("the %s %s", k.In, k.Name)
	case k.Scheme != "":
		return "a header Authorization of scheme " + k.Scheme
	}
	return k.Type
}

// Shipped reports whether Parley ships this contract, whatever readings and paths were
// chosen.
func (c *Contract) Shipped() bool { return c.shipped }
