package threedolphins

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// ticketCallChecks: every call of the run so far is as documented.
var ticketCallChecks = []conformance.Check{
	{
		ID: "3dolphins/tickets/get-token", Title: "gets its token with POST /graph/auth and a JSON body of username and password",
		Requirements: []string{"3D-AUTH-001"},
		Run:          everyTicketCall(ticketCall.wantsToken, asksForToken, "POST /graph/auth"),
	},
	{
		ID: "3dolphins/tickets/authorization", Title: "sends Authorization with Bearer, a space and its token in each call",
		Requirements: []string{"3D-AUTH-004"},
		Run:          authorizes,
	},
	{
		ID: "3dolphins/tickets/token-in-url", Title: "puts its token into no URL",
		Requirements: []string{"3D-AUTH-008"},
		Run:          noTokenInURL,
	},
	{
		ID: "3dolphins/tickets/methods", Title: "calls the service APIs with the methods that the pages print",
		Requirements: []string{"3D-TKT-001"},
		Run: everyTicketCall(ticketCall.wantsMore, func(p *conformance.Partner, c ticketCall) error {
			return c.wrongMethod(p.Contract())
		}, "any but that for a token"),
	},
	{
		ID: "3dolphins/tickets/paths", Title: "writes the paths of the service APIs as the pages print them",
		Requirements: []string{"3D-TKT-001"},
		Run: everyTicketCall(ticketCall.wantsMore, func(_ *conformance.Partner, c ticketCall) error {
			if why := c.misspelt(); why != "" {
				return conformance.Fail("a path as printed", c.Request.Method+" "+c.path+": "+why, c.Exchange)
			}
			return nil
		}, "any"),
	},
	{
		ID: "3dolphins/tickets/undocumented", Title: "makes no call that no page documents",
		Requirements: []string{"3D-TKT-008"},
		Covers:       []string{"operations", "operations/*"}, // with those beside it, which judge every call
		Run:          everyTicketCall(ticketCall.wantsMore, isOnAPage, "any"),
	},
	{
		ID: "3dolphins/tickets/parameters", Title: "writes numbers and switches into its URLs as the printed addresses have them",
		Requirements: []string{"3D-TKT-052"},
		Run: everyTicketCall(ticketCall.wantsMore, func(_ *conformance.Partner, c ticketCall) error {
			if f, ok := c.finding(aboutNumbers); ok {
				return c.deviates("numbers and switches as printed", f)
			}
			return nil
		}, "any"),
	},
	{
		ID: "3dolphins/tickets/content-type", Title: "sends its JSON as application/json",
		Requirements: []string{"3D-TKT-002"},
		Run: everyTicketCall(func(c ticketCall) bool {
			return c.wantsMore() && len(c.Request.Body.Kept) > 0 && !strings.HasPrefix(c.operation, "upload")
		}, func(_ *conformance.Partner, c ticketCall) error {
			if f, ok := c.finding(aboutContentType); ok {
				return c.deviates("application/json in UTF-8", f)
			}
			return nil
		}, "one with a body, such as sendMessage,"),
	},
}

// wrongMethod is the verdict on a call with another method than its path is printed with.
func (c ticketCall) wrongMethod(contract *specs.Contract) error {
	f, ok := c.finding(aboutMethod)
	if !ok || f.Hint != "" {
		return nil
	}
	err := conformance.Fail(f.Expected+" "+c.path, c.Request.Method, c.Exchange)
	return conformance.At(err, c.nominal(contract).Evidence)
}

// nominal is the first operation that the contract has at the path of a call, whatever its
// method is.
func (c ticketCall) nominal(contract *specs.Contract) specs.Operation {
	sent, _, _ := strings.Cut(c.Request.URL, "?")
	path, _ := contract.Routes().Find("", sent)
	for _, o := range contract.Operations {
		if o.Path == path {
			return *o
		}
	}
	return specs.Operation{}
}

// aboutMethod are findings about a method; with a hint, at another path that is meant.
func aboutMethod(f traffic.Finding) bool { return f.Code == "operation.method" }

// aboutNumbers are findings about the parameters of paging: dates have a check of
// their own, and IDs may be any text.
func aboutNumbers(f traffic.Finding) bool {
	return strings.HasPrefix(f.Code, "parameter.") && f.Requirement == "3D-TKT-052"
}

// everyTicketCall returns a Run that judges the calls of the run so far that want
// picks. What says which call decides, where the client made none.
func everyTicketCall(want func(ticketCall) bool, judge func(*conformance.Partner, ticketCall) error, what string) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		if _, err := anyTicketCalls(ctx, p); err != nil {
			return err
		}
		calls := where(runsTicketCalls(p), want)
		if len(calls) == 0 {
			if err := barred(runsTicketCalls(p)); err != nil {
				return err
			}
			return conformance.NotApplicable("the client made no such call; " + what + " would decide this")
		}
		return conformance.JudgeEach(p, calls, judge)
	}
}

func asksForToken(_ *conformance.Partner, c ticketCall) error {
	const expected = "POST " + graph + "/auth with a JSON object of username and password"
	if c.Request.Method != http.MethodPost || c.path != graph+"/auth" {
		return conformance.Fail(expected, c.Request.Method+" "+c.path, c.Exchange)
	}
	if f, ok := c.finding(func(f traffic.Finding) bool { return aboutBody(f) || aboutContentType(f) }); ok {
		return c.deviates(expected, f)
	}
	return nil
}

// authorizes judges the header of each call that needs a token.
func authorizes(ctx context.Context, p *conformance.Partner) error {
	if _, err := anyTicketCalls(ctx, p); err != nil {
		return err
	}
	all := runsTicketCalls(p)
	issued := map[string]bool{}
	for _, token := range issuedTokens(all) {
		issued[token.value] = true
	}
	calls := where(all, func(c ticketCall) bool { return c.wantsMore() && strings.Contains(c.path, "/graph/") && !c.stale(all) })
	if len(calls) == 0 {
		return couldNotRunAfter(all, "the client made no call that needs a token; see 3dolphins/tickets/get-token")
	}
	return conformance.JudgeEach(p, calls, func(_ *conformance.Partner, c ticketCall) error {
		if actual := c.misauthorized(issued); actual != "" {
			return conformance.Fail("the word Bearer, a space and the token, once", actual, c.Exchange)
		}
		return nil
	})
}

// misauthorized says what is wrong with a call's Authorization, without the token.
func (c ticketCall) misauthorized(issued map[string]bool) string {
	given := c.Request.Header.Values("Authorization")
	switch {
	case len(given) == 0:
		return "no such header"
	case len(given) > 1:
		return fmt.Sprintf("that header %d times", len(given))
	case issued[given[0]]:
		return "the token alone"
	}
	scheme, token, _ := strings.Cut(given[0], " ")
	switch {
	case scheme != "Bearer":
		return fmt.Sprintf("the word %.20q instead of Bearer", scheme)
	case issued[token]:
	case issued[strings.TrimSpace(token)]:
		return "a blank beside the token"
	default:
		return "something that 3Dolphins did not issue as a token"
	}
	return ""
}

func noTokenInURL(ctx context.Context, p *conformance.Partner) error {
	if _, err := anyTicketCalls(ctx, p); err != nil {
		return err
	}
	calls := runsTicketCalls(p)
	issued := issuedTokens(calls)
	if len(issued) == 0 {
		return couldNotRunAfter(calls, "the client has no token; see 3dolphins/tickets/get-token")
	}
	return conformance.JudgeEach(p, calls, func(p *conformance.Partner, c ticketCall) error {
		if c.operation == "getFile" && p.Reading("3D-R-76") == "url-with-token" {
			return nil // 3Dolphins put it there
		}
		leaks := func(token issuedToken) bool { return strings.Contains(c.Request.URL, token.value) }
		if c.query.Has("access_token") || slices.ContainsFunc(issued, leaks) {
			return conformance.Fail("the token in the header Authorization only", "the token in the URL of "+c.Request.Method+" "+c.path, c.Exchange)
		}
		return nil
	})
}

// misspelt says how the path of a call differs from one that is printed; "" when
// it is printed, or like none. What is not encoded well has a check of its own.
func (c ticketCall) misspelt() string {
	if f, ok := c.finding(aboutMethod); ok {
		return f.Hint
	}
	f, unknown := c.finding(func(f traffic.Finding) bool { return f.Code == "operation.path" })
	switch {
	case !unknown || byField().MatchString(c.url):
		return ""
	case f.Hint != "":
		return f.Hint
	case strings.HasPrefix(c.path, strings.TrimPrefix(graph, "/dolphin/apiv1")+"/"):
		return "the full URLs have /dolphin/apiv1 before /graph"
	}
	return ""
}

// otherAPIs are those of the vendor's that the contract does not hold.
var otherAPIs = []string{graph + "/users", graph + "/ping", graph + "/profile", graph + "/bot"}

func isOnAPage(p *conformance.Partner, c ticketCall) error {
	_, unknown := c.finding(func(f traffic.Finding) bool { return f.Code == "operation.path" })
	other := slices.ContainsFunc(otherAPIs, func(base string) bool { return c.path == base || strings.HasPrefix(c.path, base+"/") })
	switch {
	case unknown && other:
		p.Note("%s %s belongs to an API that is not judged", c.Request.Method, c.path)
		return nil
	case unknown && c.misspelt() == "" && !byField().MatchString(c.url):
		return conformance.Fail("calls that a page documents", c.Request.Method+" "+c.path, c.Exchange)
	}
	for _, o := range p.Contract().Operations {
		if source, _, _ := strings.Cut(o.Evidence.Source, "#"); o.ID == c.operation && (source == "sdk" || source == "clients") {
			return conformance.Fail("calls that a page documents", c.operation+", which was seen in public code only", c.Exchange)
		}
	}
	return nil
}
