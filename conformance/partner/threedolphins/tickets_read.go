package threedolphins

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// maxPages bounds the reading of one list.
const maxPages = 1_000

// readTickets reads the list of tickets to its end.
func (t *ticketClient) readTickets(ctx context.Context, o ticketOrder) (map[string]any, error) {
	if t.has(callsUndocumentedPath) {
		t.call(ctx, ticketCall{method: http.MethodGet, path: "/agents"}) // a defect does not care
	}
	if t.has(writesTodayAsOne) {
		t.call(ctx, ticketCall{method: http.MethodGet, path: "/tickets/assignment", query: url.Values{
			"status": {"pending"}, "isToday": {"1"}, "start": {"0"}, "count": {strconv.Itoa(o.Count)},
		}}) // a defect does not care
	}
	tickets, err := t.tickets(ctx, o)
	return map[string]any{"tickets": len(tickets)}, err
}

func (t *ticketClient) tickets(ctx context.Context, o ticketOrder) ([]partnerkit.Object, error) {
	return t.readAll(ctx, ticketCall{method: http.MethodGet, path: "/tickets"}, "start", o.Count)
}

// readAll reads a list page by page until there is no more. Count is 0 where a
// list has none.
func (t *ticketClient) readAll(ctx context.Context, c ticketCall, startName string, count int) ([]partnerkit.Object, error) {
	var all []partnerkit.Object
	start := 0
	if t.has(startsAtOne) {
		start = 1
	}
	for range maxPages {
		c.query = url.Values{startName: {strconv.Itoa(start)}}
		if count > 0 {
			c.query.Set("count", strconv.Itoa(count))
		}
		page, err := t.call(ctx, c)
		if err != nil {
			return nil, err
		}
		if t.has(readsPagesTwice) {
			t.call(ctx, c) // a defect does not care
		}
		data, _ := partnerkit.Member[[]partnerkit.Object](page, "data")
		all = append(all, data...)
		more, _ := partnerkit.Member[bool](page, "hasMore")
		next, _ := partnerkit.Member[int](page, "nextIndex")
		switch {
		case t.has(readsFirstPageOnly), !more && !(t.has(readsPastTheEnd) && len(data) > 0):
			return all, nil
		case !more:
			next = start + len(data)
		case t.has(countsPages):
			next = start + 1
		case t.has(skipsResults):
			next++
		case t.has(overlapsPages):
			next--
		}
		start = next
	}
	return all, nil
}

// lookUp reads single things: tickets by their subjects, the data of one, a
// customer's contact and conversations.
func (t *ticketClient) lookUp(ctx context.Context, o ticketOrder) (map[string]any, error) {
	tickets, err := t.tickets(ctx, o)
	if err != nil || len(tickets) == 0 {
		return map[string]any{"tickets": 0}, err
	}
	var failed failures
	for _, one := range tickets[:min(len(tickets), 20)] {
		failed.add(t.find(ctx, one))
	}
	newest := tickets[0]
	for _, one := range tickets {
		if kind, _ := partnerkit.Text(one, "channelType"); kind == "webchat" {
			newest = one // the history is for live chat
			break
		}
	}
	failed.add(t.readData(ctx, newest, o))
	failed.add(t.readContact(ctx, newest))
	failed.add(t.readHistory(ctx, newest))
	failed.add(t.readReport(ctx, newest))
	return map[string]any{"tickets": len(tickets)}, failed.error()
}

// find looks a ticket up by its subject.
func (t *ticketClient) find(ctx context.Context, ticket partnerkit.Object) error {
	number, _ := partnerkit.Text(ticket, "ticketNumber")
	subject, ok := partnerkit.Text(ticket, "subject")
	if !ok {
		return nil
	}
	keyword := url.PathEscape(subject)
	switch {
	case t.has(leavesValuesRaw):
		keyword = subject
	case t.has(encodesTwice):
		keyword = url.PathEscape(keyword)
	case t.has(writesBlanksAsPlus):
		keyword = url.QueryEscape(subject)
	}
	_, err := t.call(ctx, ticketCall{method: http.MethodGet, path: "/tickets/data/" + url.PathEscape(number) + "/subject/" + keyword})
	return err
}

// readData reads what belongs to a ticket, with a POST that changes nothing.
func (t *ticketClient) readData(ctx context.Context, ticket partnerkit.Object, o ticketOrder) error {
	number, _ := partnerkit.Text(ticket, "ticketNumber")
	kind, _ := partnerkit.Text(ticket, "channelType")
	if t.has(readsDataByChannelID) {
		kind, _ = partnerkit.Text(ticket, "channel")
	}
	body := map[string]any{"channel_type": kind}
	if t.has(writesChannelTypeInCamelCase) {
		body = map[string]any{"channelType": kind}
	}
	_, err := t.readAll(ctx, ticketCall{method: http.MethodPost, path: "/tickets/data/" + url.PathEscape(number), body: body}, "start", o.Count)
	return err
}

func (t *ticketClient) readContact(ctx context.Context, ticket partnerkit.Object) error {
	id, _ := partnerkit.Text(ticket, "contactId")
	c := ticketCall{method: http.MethodGet, path: "/contacts/contactById", query: url.Values{"contactId": {id}}}
	if t.has(namesContactInID) {
		c.query = url.Values{"id": {id}}
	}
	if t.has(misspellsPath) {
		c.path = "/contacts/contactByID"
	}
	_, err := t.call(ctx, c)
	return err
}

// days are those around a ticket's creation.
func (t *ticketClient) days(ticket partnerkit.Object) (first, last string) {
	ms, _ := partnerkit.Member[int64](ticket, "createdDate")
	layout := time.DateOnly
	if t.has(writesDayFirst) {
		layout = "02-01-2006"
	}
	created := time.UnixMilli(ms).UTC()
	return created.AddDate(0, 0, -1).Format(layout), created.AddDate(0, 0, 1).Format(layout)
}

// readHistory reads a customer's conversation between two days.
func (t *ticketClient) readHistory(ctx context.Context, ticket partnerkit.Object) error {
	channel, _ := partnerkit.Text(ticket, "channel")
	account, _ := partnerkit.Text(ticket, "accountId")
	first, last := t.days(ticket)
	_, err := t.call(ctx, ticketCall{
		method: http.MethodGet, path: "/tickets/conversations/" + url.PathEscape(channel) + "/" + url.PathEscape(account),
		query: url.Values{"startDate": {first}, "endDate": {last}},
	})
	return err
}

func (t *ticketClient) readReport(ctx context.Context, ticket partnerkit.Object) error {
	number, _ := partnerkit.Text(ticket, "ticketNumber")
	first, last := t.days(ticket)
	body := map[string]any{
		"channelFilters": []string{}, "channelTypeFilters": []string{}, "agentFilters": []string{}, "customerFilters": []string{},
		"ticketTagFilters": []string{}, "startDateFilter": first, "endDateFilter": last, "ticketNumber": number,
	}
	if t.has(leavesFiltersOut) {
		for name := range body {
			if strings.HasSuffix(name, "Filters") {
				delete(body, name)
			}
		}
	}
	_, err := t.readAll(ctx, ticketCall{method: http.MethodPost, path: "/report/conversations", body: body}, "startIndex", 0)
	return err
}
