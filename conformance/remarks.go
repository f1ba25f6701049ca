package conformance

import (
	"fmt"
	"slices"
	"time"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/traffic"
)

// remarksOn says that the target is probably not the webhook, and what was measured of
// a run as a whole. No page names a bound for any of it, so it is shown and judges
// nobody.
func remarksOn(exchanges []*traffic.Exchange) []string {
	var list []string
	if text, _ := notFound(exchanges); text != "" {
		list = append(list, text)
	}
	list = append(list, acknowledged(exchanges)...)
	list = append(list, repeated(exchanges, "an error or without an answer", func(e *traffic.Exchange) bool { return e.Response == nil || e.Status() >= 500 })...)
	return append(list, repeated(exchanges, "401", func(e *traffic.Exchange) bool { return e.Status() == 401 })...)
}

// acknowledged tells how long the partner took to answer the vendor's events.
func acknowledged(exchanges []*traffic.Exchange) []string {
	var answered []*traffic.Exchange
	for _, e := range exchanges {
		if e.Caller == traffic.Vendor && e.Response != nil {
			answered = append(answered, e)
		}
	}
	if len(answered) == 0 {
		return nil
	}
	slices.SortStableFunc(answered, func(a, b *traffic.Exchange) int { return int(a.Duration - b.Duration) })
	slowest := answered[len(answered)-1]
	return []string{fmt.Sprintf("%s acknowledged in %s (median), %s (longest, %s)", plural.Of(len(answered), "event"),
		short(answered[len(answered)/2].Duration), short(slowest.Duration), slowest.ID)}
}

// repeated tells how soon the partner makes a call again that ended so.
func repeated(exchanges []*traffic.Exchange, after string, ended func(*traffic.Exchange) bool) []string {
	last := map[string]*traffic.Exchange{} // by what was called with
	var shortest time.Duration
	var again int
	var where string
	for _, e := range exchanges {
		if !isCall(e) {
			continue
		}
		what := e.Request.Method + " " + e.Request.URL + "\n" + e.Request.Body.String()
		if before := last[what]; before != nil && ended(before) {
			pause := e.Time.Sub(before.Time.Add(before.Duration))
			if again == 0 || pause < shortest {
				shortest, where = pause, e.ID
			}
			again++
		}
		last[what] = e
	}
	if again == 0 {
		return nil
	}
	return []string{fmt.Sprintf("a call that ended with %s was made again %s, the soonest after %s (%s)", after, plural.Of(again, "time"), short(max(shortest, 0)), where)}
}

func short(d time.Duration) string { return d.Round(100 * time.Microsecond).String() }
