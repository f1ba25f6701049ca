package threedolphins

import (
	"context"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// fullName has what often suffers on its way: a letter beyond ASCII, and marks that
// are escaped in JSON, HTML or URLs.
const fullName = `Zoë "Contoh" O'Misal & Penguji`

// sameCustomer lets a customer of that name write. The page demands first and last
// name; that it is the name in the Incoming Event, and not another one by which the
// third party knows the customer, is assumed.
func sameCustomer(ctx context.Context, p *conformance.Partner) error {
	in := incoming(ctx, p, "a text", map[string]any{"customerName": fullName})
	v, err := answered(ctx, p, in)
	if err != nil {
		return err
	}
	switch {
	case !v.readable:
		return notUsed(v, "is not one JSON object", "json")
	case otherTickets(p, in.ticket())[v.ticket]:
		return notUsed(v, "does not name the ticket", "reply")
	}
	if _, other := v.finding(func(f traffic.Finding) bool { return f.Code == "json.utf8" }); other {
		return notUsed(v, "is not in UTF-8", "content-type")
	}
	given, isText := v.body["customerName"].(string)
	if !isText || strings.ReplaceAll(given, "e\u0308", "\u00eb") == fullName { // a letter may be composed of two
		return nil // one that is missing or no text is judged by 3dolphins/client/customer-name
	}
	how, requirement := miswritten(given)
	if other := notTheirs(given, in.body, namesOf(p)); other != "" {
		how, requirement = other, "3D-INT-072"
	}
	return conformance.Breaking(conformance.Fail("customerName "+strconv.Quote(fullName), short(given)+how, v.Exchange), requirement)
}

// notTheirs says why what is given cannot be the customer's name, or nothing: there is none,
// or it is another value of the event, or the name of another customer.
func notTheirs(given string, incoming map[string]any, others []string) string {
	if slices.Contains([]string{"", "undefined", "null", "[object Object]"}, strings.TrimSpace(given)) {
		return ", which is no name"
	}
	for _, name := range []string{"ticketNumber", "accountId", "contactId", "owner", "channel"} {
		if given == incoming[name] {
			return ", which is the " + name + " of the Incoming Event"
		}
	}
	if given != fullName && slices.Contains(others, given) {
		return ", which is the name of another customer"
	}
	return ""
}

// namesOf are the names of the customers who wrote.
func namesOf(p *conformance.Partner) []string {
	var names []string
	for _, d := range deliveriesOf(p) {
		var body map[string]any
		if json.Unmarshal(d.Request.Body.Kept, &body) == nil {
			names = append(names, textOf(body, "customerName"))
		}
	}
	return names
}

// miswritten says what became of the name, and which requirement that breaks.
func miswritten(given string) (how, requirement string) {
	switch {
	case given != "" && isPart(given):
		return ", which is a part of the name", "3D-INT-072"
	case isEscaped(given):
		return ", which is the name escaped once more", "3D-INT-072"
	case given == strings.ReplaceAll(fullName, "ë", "e"):
		return ", which is the name without its accent", "3D-INT-058"
	case isMisread(given):
		return ", which is the name in another encoding", "3D-INT-072"
	}
	return "", "3D-INT-058"
}

// isPart reports whether all words of a name stand in the full one, which has more.
func isPart(given string) bool {
	rest := strings.Fields(fullName)
	for _, word := range strings.Fields(given) {
		i := slices.Index(rest, word)
		if i < 0 {
			return strings.HasPrefix(fullName, given) // cut off within a word
		}
		rest = rest[i+1:]
	}
	return len(strings.Fields(given)) < len(strings.Fields(fullName))
}

func isEscaped(given string) bool {
	query, _ := url.QueryUnescape(given)
	path, _ := url.PathUnescape(given)
	text, _ := strconv.Unquote(`"` + strings.ReplaceAll(given, `\'`, `'`) + `"`)
	return slices.Contains([]string{html.UnescapeString(given), query, path, text, strings.ReplaceAll(given, `\`, "")}, fullName)
}

// isMisread reports whether letters beyond ASCII were lost, replaced, or taken for two.
func isMisread(given string) bool {
	before, after, _ := strings.Cut(fullName, "ë")
	middle, begins := strings.CutPrefix(given, before)
	middle, ends := strings.CutSuffix(middle, after)
	return begins && ends && !strings.ContainsFunc(middle, func(r rune) bool { return r < 0x80 && r != '?' })
}
