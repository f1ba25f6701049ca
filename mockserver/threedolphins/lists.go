package threedolphins

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// everything is the length of a page without end.
const everything = math.MaxInt

// page is what part of a list is wanted, both in results.
type page struct {
	start, count int
}

// pageOf reads start and count of a call: 3D-R-47 and 3D-R-48. It reports false
// for what is no number.
func (d *dolphins) pageOf(c *mockserver.Call, startName string) (page, bool) {
	p := page{count: 10}
	if d.stage.Reading("3D-R-48") == "all" {
		p.count = everything
	}
	query := pairs.InQuery(c.Request.URL)
	for name, into := range map[string]*int{startName: &p.start, "count": &p.count} {
		if text := query.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				return p, false
			}
			*into = n
		}
	}
	if d.stage.Reading("3D-R-47") == "pages" {
		p.start = times(p.start, p.count)
	}
	return p, true
}

// times multiplies without running over.
func times(a, b int) int {
	if a > 0 && b > math.MaxInt/a {
		return math.MaxInt
	}
	return a * b
}

// envelope is around all answers of the service APIs but a few.
func envelope(data any) map[string]any {
	return map[string]any{"status": "success", "data": data, "hasMore": false, "nextIndex": 0, "prevIndex": 0, "totalResults": 0}
}

// success answers with data in the envelope.
func success(data any) mockserver.Reply {
	return mockserver.Reply{Status: http.StatusOK, Body: envelope(data)}
}

// listed answers with the wanted page of a list. What the envelope says of it is
// 3D-R-45.
func listed[T any](d *dolphins, c *mockserver.Call, startName string, list []T, show func(T) Members) mockserver.Reply {
	p, ok := d.pageOf(c, startName)
	if !ok {
		return *d.cannot(c, http.StatusBadRequest, "start and count must be numbers that are not negative")
	}
	from := min(p.start, len(list))
	to := from + min(p.count, len(list)-from)
	data := make([]Members, 0, to-from)
	for _, one := range list[from:to] {
		data = append(data, show(one))
	}
	body := envelope(data)
	if d.stage.Reading("3D-R-45") == "honest" {
		body["totalResults"] = len(list)
		if to < len(list) {
			body["hasMore"], body["nextIndex"] = true, d.index(to, p.count)
		}
		if from > 0 {
			body["prevIndex"] = d.index(max(0, from-p.count), p.count)
		}
	}
	return mockserver.Reply{Status: http.StatusOK, Body: body}
}

// index writes a place in a list as start counts it: 3D-R-47.
func (d *dolphins) index(at, count int) int {
	if d.stage.Reading("3D-R-47") == "pages" && count > 0 {
		return at / count
	}
	return at
}

// ordered sorts records by their createdDate: 3D-R-49. Sort is asc, desc, or ""
// for the order in force.
func ordered[T any](d *dolphins, list []T, members func(T) Members, sort string) []T {
	slices.SortStableFunc(list, func(a, b T) int {
		return cmp.Compare(members(a).moment("createdDate"), members(b).moment("createdDate"))
	})
	if sort == "desc" || sort != "asc" && d.stage.Reading("3D-R-49") == "newest-first" {
		slices.Reverse(list)
	}
	return list
}

func (t Ticket) members() Members  { return t.Members }
func (m Message) members() Members { return m.Members }

// ticketsThat lists the tickets for which want is true, in order.
func (d *dolphins) ticketsThat(sort string, want func(Ticket) bool) []Ticket {
	list := slices.DeleteFunc(wholeOf(store.All(d.tickets)), func(t Ticket) bool { return !want(t) })
	return ordered(d, list, Ticket.members, sort)
}

// messagesThat lists the messages for which want is true, in order.
func (d *dolphins) messagesThat(want func(Message) bool) []Message {
	list := slices.DeleteFunc(wholeOf(store.All(d.messages)), func(m Message) bool { return !want(m) })
	return ordered(d, list, Message.members, "")
}
