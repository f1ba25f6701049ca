package threedolphins

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// graph is below what the service APIs lie.
const graph = "/dolphin/apiv1/graph"

// ticketCall is one call of a client's to the service APIs, as far as it can be
// read.
type ticketCall struct {
	*traffic.Exchange
	operation string         // ID; "" when the contract has none of that method and path
	url       string         // path and query, the path as the pages print it: see printed
	path      string         // that path
	query     url.Values     // what of it can be read
	body      map[string]any // nil when it is no JSON object
}

// isTicketCall is true for every call but the third party's events, and those that
// missed their paths.
func isTicketCall(c *specs.Contract) func(*traffic.Exchange) bool {
	outgoing := c.Operation("operations/outgoing")
	return func(e *traffic.Exchange) bool {
		event := e.Operation == "operations/outgoing" || e.Operation == "operations/command"
		beside := e.Operation == "" && outgoing != nil && path.Dir(outgoing.Path) != "/" && strings.HasPrefix(e.Request.URL, path.Dir(outgoing.Path)+"/")
		return e.Caller == traffic.Partner && !event && !beside
	}
}

// printed is a URL with the beginning that the pages print, where the vendor's
// installation has another: 3D-R-42.
func printed(c *specs.Contract, address string) string {
	token := c.Operation("operations/getToken")
	if token == nil {
		return address
	}
	own := strings.TrimSuffix(token.Path, "/auth")
	if rest, ok := strings.CutPrefix(address, own+"/"); ok {
		return graph + "/" + rest
	}
	return address
}

func ticketCalls(contract *specs.Contract, seen []*traffic.Exchange) []ticketCall {
	var calls []ticketCall
	for _, e := range seen {
		c := ticketCall{Exchange: e, url: printed(contract, e.Request.URL), operation: strings.TrimPrefix(e.Operation, "operations/")}
		var query string
		c.path, query, _ = strings.Cut(c.url, "?")
		c.query, _ = pairs.Parse(query) // what can't be read is left out
		if json.Unmarshal(e.Request.Body.Kept, &c.body) != nil {
			c.body = nil
		}
		calls = append(calls, c)
	}
	return calls
}

// operationsOf are those of the calls that are of one of the operations.
func operationsOf(calls []ticketCall, operations ...string) []ticketCall {
	return where(calls, func(c ticketCall) bool { return slices.Contains(operations, c.operation) })
}

func where(calls []ticketCall, want func(ticketCall) bool) []ticketCall {
	var found []ticketCall
	for _, c := range calls {
		if want(c) {
			found = append(found, c)
		}
	}
	return found
}

// login is true for a call that asks for a token with a name, by whatever method.
func (c ticketCall) login() bool { return strings.TrimRight(c.path, "/") == graph+"/auth" }

// wantsToken is true for login, and for a call to a path of its own invention with a
// name and a password, which is meant as one.
func (c ticketCall) wantsToken() bool {
	form, _ := pairs.Parse(string(c.Request.Body.Kept)) // what can't be read is left out
	asks := c.body["password"] != nil || form.Has("password") || c.query.Has("password")
	return c.login() || c.operation == "" && asks && c.Request.Header.Get("Authorization") == ""
}

// wantsMore is true for calls that are not made for a token.
func (c ticketCall) wantsMore() bool { return !c.wantsToken() }

// aboutTokens is true for calls that get a token, and false for what needs one.
func (c ticketCall) aboutTokens() bool { return c.login() || c.operation == "refreshToken" }

// same tells whether two calls ask for the same. A token in the URL does not count.
func (c ticketCall) same(other ticketCall) bool {
	plain := func(c ticketCall) string {
		query := maps.Clone(c.query)
		query.Del("access_token")
		return c.Request.Method + " " + c.path + "?" + query.Encode() + " " + string(c.Request.Body.Kept)
	}
	return plain(c) == plain(other)
}

// token is what stands behind the scheme of Authorization, whatever scheme it is.
func (c ticketCall) token() string {
	header := c.Request.Header.Get("Authorization")
	return header[strings.LastIndexByte(header, ' ')+1:]
}

// stale is true for a call with a token from before the run, which a client may have
// kept: it came before the first that was issued in it.
func (c ticketCall) stale(all []ticketCall) bool {
	issued := issuedTokens(all)
	return len(issued) > 0 && c.token() != "" && c.Status() == http.StatusUnauthorized && c.Time.Before(issued[0].given.ended())
}

// ended is when the client could have its answer.
func (c ticketCall) ended() time.Time { return c.Time.Add(c.Duration) }

// answer is the body of an answer of 200, or nil.
func (c ticketCall) answer() map[string]any {
	var body map[string]any
	if c.Status() != http.StatusOK || json.Unmarshal(c.Response.Body.Kept, &body) != nil {
		return nil
	}
	return body
}

// succeeded is true for a call that 3Dolphins did what it asks for. With
// 3D-R-34=always-200 a status of 200 alone does not say so.
func (c ticketCall) succeeded() bool {
	status, enveloped := c.answer()["status"]
	return c.Status() == http.StatusOK && (!enveloped || status == "success")
}

// issuedToken is a token that 3Dolphins gave a client.
type issuedToken struct {
	value   string
	expires time.Time // as the client was told
	given   ticketCall
}

// issuedTokens are the tokens that calls were answered with, in order.
func issuedTokens(calls []ticketCall) []issuedToken {
	var list []issuedToken
	for _, c := range calls {
		if !c.aboutTokens() {
			continue
		}
		answer := c.answer()
		value, _ := answer["token"].(string)
		told, _ := answer["expireAt"].(string)
		moment, _, _ := strings.Cut(told, "[") // the region adds nothing to the offset
		if expires, err := time.Parse(time.RFC3339, moment); value != "" && err == nil {
			list = append(list, issuedToken{value, expires, c})
		}
	}
	return list
}

// finding returns the gravest deviation of a call's request that matches.
func (c ticketCall) finding(match func(traffic.Finding) bool) (traffic.Finding, bool) {
	return gravest(c.Exchange, match)
}

func aboutContentType(f traffic.Finding) bool { return strings.HasPrefix(f.Code, "content-type.") }

// aboutBody are findings about a call's body, other than its content type.
func aboutBody(f traffic.Finding) bool {
	return strings.HasPrefix(f.Code, "body.") || strings.HasPrefix(f.Code, "json.") || strings.HasPrefix(f.Code, "form.")
}

// deviates is the verdict on a call with a finding.
func (c ticketCall) deviates(expected string, f traffic.Finding) error {
	err := conformance.DeviationOf(conformance.FailWithFinding(expected, f, c.Exchange))
	f.Hint, f.Requirement = "", ""
	err.Actual = c.Request.Method + " " + c.path + ": " + f.String()
	return err
}

func lastSegment(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }
