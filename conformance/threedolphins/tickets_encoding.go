package threedolphins

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/lazy"
)

// encodesValues judges all URLs of the run: what may not stand in any, and
// whether the values that tickets were looked up by arrive as they are.
func encodesValues(ctx context.Context, p *conformance.Partner) error {
	if _, err := lookingUp.made(ctx, p, "findTicket"); err != nil && conformance.DeviationOf(err).Verdict != conformance.VerdictNotApplicable {
		return err
	}
	calls := runsTicketCalls(p)
	known := fieldsOf(calls)
	telling := 0 // values that must be encoded
	err := conformance.JudgeEach(p, calls, func(_ *conformance.Partner, c ticketCall) error {
		if bad := strayByte().FindString(c.Request.URL); bad != "" {
			return conformance.Fail("percent-encoding", fmt.Sprintf("%q in %s", bad, c.Request.URL), c.Exchange)
		}
		value, written, ok := c.lookedUp(known)
		if !ok {
			return nil
		}
		if url.PathEscape(value) != value {
			telling++
		}
		if how := misencoded(value, written); how != "" {
			return conformance.Fail(fmt.Sprintf("%q as %s", value, url.PathEscape(value)), written+", "+how, c.Exchange)
		}
		return nil
	})
	if err == nil && telling == 0 {
		return conformance.NotApplicable("the client put nothing into a URL that must be encoded; looking a ticket up by a subject like \"Ada promo?\" (findTicket) would decide this")
	}
	return err
}

// strayByte is what stands in no URL (RFC 3986, section 2), or a percent sign that
// begins nothing.
var strayByte = lazy.Regexp("[^!-~]|[\"<>\\\\^`{|}]|%(?:[^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)")

// fieldsOf are the fields that tickets had in the answers that a client got, by
// number and name.
func fieldsOf(calls []ticketCall) map[string]map[string]string {
	tickets := map[string]map[string]string{}
	keep := func(value any) {
		ticket, _ := value.(map[string]any)
		number, _ := ticket["ticketNumber"].(string)
		if number == "" {
			return
		}
		fields := map[string]string{}
		for name, value := range ticket {
			if text, ok := value.(string); ok && text != "" {
				fields[name] = text
			}
		}
		tickets[number] = fields
	}
	for _, c := range operationsOf(calls, "listTickets", "getTicket", "getTicketByNumber", "listAssignedTickets", "listPriorityTickets") {
		switch data := c.answer()["data"].(type) {
		case []any:
			for _, one := range data {
				keep(one)
			}
		case map[string]any:
			keep(data)
		}
	}
	return tickets
}

// byField is the path of findTicket as it was sent, whatever stands in it.
var byField = lazy.Regexp(`^` + graph + `/tickets/data/([^/?]+)/([^/?]+)/(.*)$`)

// lookedUp returns the value of the field by which a call looks a ticket up, and
// how it was written.
func (c ticketCall) lookedUp(known map[string]map[string]string) (value, written string, ok bool) {
	at := byField().FindStringSubmatch(c.url)
	if at == nil {
		return "", "", false
	}
	value, ok = known[at[1]][at[2]]
	return value, at[3], ok
}

// misencoded says how a value was written wrongly; "" when it was written well, or
// is another value.
func misencoded(value, written string) string {
	once, err := url.PathUnescape(written)
	if err != nil {
		return ""
	}
	twice, _ := url.PathUnescape(once)
	beginning, _, cut := strings.Cut(written, "?")
	read, _ := url.PathUnescape(beginning)
	switch {
	case once == value && !cut && !strings.Contains(written, "/"):
		return ""
	case once == value || cut && strings.HasPrefix(value, read+"?"):
		return "which is not encoded"
	case twice == value:
		return "which is encoded twice"
	case strings.ReplaceAll(once, "+", " ") == value:
		return "which has + for a blank, as in a form"
	}
	return ""
}
