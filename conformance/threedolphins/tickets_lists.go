package threedolphins

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
)

// ticketListChecks: the client reads a list to its end, with one token.
var ticketListChecks = []conformance.Check{
	{
		ID: "3dolphins/tickets/paging", Title: "reads a list page by page to its end, and asks for no page twice",
		Requirements: []string{"3D-TKT-004"},
		Run:          pagesOnceToTheEnd,
	},
	{
		ID: "3dolphins/tickets/token-reuse", Title: "uses its token for more than one call",
		Requirements: []string{"3D-AUTH-007"},
		Run:          oneTokenForManyCalls,
	},
}

// listPage is one page of a list that a client got.
type listPage struct {
	ticketCall
	start int
	given int // results in it
	count int // wanted; 0 when the client left it out
	more  bool
	total float64
}

// pagesOf sorts the pages that calls were answered with by the list and by where
// they begin.
func pagesOf(p *conformance.Partner, calls []ticketCall) map[string][]listPage {
	lists := map[string][]listPage{}
	for _, c := range calls {
		startName := startOf(p.Contract(), c.operation)
		answer := c.answer()
		data, isList := answer["data"].([]any)
		if startName == "" || !isList {
			continue
		}
		page := listPage{ticketCall: c, given: len(data)}
		page.start, _ = strconv.Atoi(c.query.Get(startName)) // absent is 0
		page.count, _ = strconv.Atoi(c.query.Get("count"))
		page.more, _ = answer["hasMore"].(bool)
		page.total, _ = answer["totalResults"].(float64)
		name := listName(c, startName)
		lists[name] = append(lists[name], page)
	}
	for _, pages := range lists {
		slices.SortStableFunc(pages, func(a, b listPage) int { return cmp.Compare(a.start, b.start) })
	}
	return lists
}

// startOf is the parameter with which an operation's list goes on, or "".
func startOf(contract *specs.Contract, operation string) string {
	for _, o := range contract.Operations {
		if o.ID != operation {
			continue
		}
		for _, parameter := range o.Parameters {
			if parameter.Name == "start" || parameter.Name == "startIndex" {
				return parameter.Name
			}
		}
	}
	return ""
}

// listName tells one list from another: by all that is asked for but the page.
func listName(c ticketCall, startName string) string {
	rest := map[string][]string{}
	for name, values := range c.query {
		if name != startName && name != "count" {
			rest[name] = values
		}
	}
	return fmt.Sprintf("%s %s %v %s", c.Request.Method, c.path, rest, c.Request.Body.Kept)
}

func pagesOnceToTheEnd(ctx context.Context, p *conformance.Partner) error {
	calls, err := asked(ctx, p, AskReadTickets)
	if err != nil {
		return err
	}
	lists := pagesOf(p, calls)
	if len(lists) == 0 {
		return noList(calls)
	}
	var open, wrong error
	several := false
	for _, pages := range lists {
		several = several || len(pages) > 1 || unfinished(p, pages[0])
		d := conformance.DeviationOf(aList(p, pages))
		switch {
		case d == nil:
		case d.Verdict == conformance.VerdictUndetermined:
			open = d
		case wrong == nil:
			wrong = d
		}
	}
	switch {
	case wrong != nil:
		return wrong
	case !several:
		return conformance.NotApplicable("each list that the client read fitted into one page; a list with more results than it asks for at once would decide this")
	}
	return open
}

// aList judges the pages of one list: one after another, to the end and no further.
func aList(p *conformance.Partner, pages []listPage) error {
	if pages[0].start != 0 {
		return conformance.Fail("the list from its beginning, start=0", fmt.Sprintf("start=%d as its first page", pages[0].start), pages[0].Exchange)
	}
	for i, page := range pages[1:] {
		before := pages[i]
		next := before.start + before.given
		if p.Reading("3D-R-47") == "pages" {
			next = before.start + 1
		}
		switch {
		case page.start == before.start:
			return conformance.Fail("each page once", fmt.Sprintf("the page start=%d twice", page.start), before.Exchange, page.Exchange)
		case !unfinished(p, before) && page.given == 0 && p.Reading("3D-R-45") == "as-sampled":
			return nil // it looked whether there is more, where nothing else tells
		case !unfinished(p, before) && page.given == 0:
			return conformance.Undetermined("3D-R-45", "the client asked for one more page although hasMore was false; in the page's samples it is false always", before.Exchange, page.Exchange)
		case page.start < next:
			return conformance.Fail(fmt.Sprintf("start=%d after the page start=%d", next, before.start), fmt.Sprintf("start=%d, which gives results again", page.start), before.Exchange, page.Exchange)
		case page.start > next:
			return conformance.Fail(fmt.Sprintf("start=%d after the page start=%d", next, before.start), fmt.Sprintf("start=%d, which leaves results out", page.start), before.Exchange, page.Exchange)
		}
	}
	last := pages[len(pages)-1]
	if unfinished(p, last) {
		return conformance.Fail("pages until hasMore is false", fmt.Sprintf("no more after %d of %g results", last.start+last.given, last.total), last.Exchange)
	}
	return nil
}

// unfinished reports whether there is more behind a page: 3D-R-45.
func unfinished(p *conformance.Partner, page listPage) bool {
	if p.Reading("3D-R-45") == "as-sampled" {
		return page.given > 0 && page.given >= cmp.Or(page.count, 10)
	}
	return page.more
}

// oneTokenForManyCalls counts the tokens that a client got although the one before
// was still good.
func oneTokenForManyCalls(ctx context.Context, p *conformance.Partner) error {
	calls, err := asked(ctx, p, AskReadTickets)
	if err != nil {
		return err
	}
	if err := barred(calls); err != nil {
		return err
	}
	made := len(where(calls, func(c ticketCall) bool { return !c.aboutTokens() }))
	if made < 2 {
		return conformance.NotApplicable("the client made one call only; two, such as two pages of a list, would decide this")
	}
	tokens := issuedTokens(calls)
	for i := 1; i < len(tokens); i++ {
		before, next := tokens[i-1], tokens[i]
		refused := where(calls, func(c ticketCall) bool {
			return c.token() == before.value && c.Status() == http.StatusUnauthorized && !c.ended().After(next.given.ended())
		})
		if len(refused) == 0 && next.given.Time.Before(before.expires) {
			return conformance.Fail("one token until it expires", fmt.Sprintf("%d tokens for %d calls", len(tokens), made), before.given.Exchange, next.given.Exchange)
		}
	}
	p.Note("calls: %d, new tokens for them: %d", made, len(tokens))
	return nil
}
