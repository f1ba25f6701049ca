package mockserver

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/serial"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Match says which exchange is meant. Empty members match everything.
type Match struct {
	Operation string            // "operations/message" or "events/connect"; "message" is both of that ID
	Caller    traffic.Caller    // who sent the request
	Channel   string            // ID
	Status    int               // of the answer
	After     string            // ID of an exchange: those that came after it
	Body      map[string]any    // dotted path = value in the request's body: "data.externalChatId": "c-1"
	Contains  map[string]string // dotted path = text that stands in a string of the request's body
}

// traits are what all that match have in common.
func (m Match) traits() traffic.Traits {
	return traffic.Traits{Operation: m.Operation, Caller: m.Caller, Channel: m.Channel, Status: m.Status}
}

// Differences says what about an exchange is not as meant, in words; nil when it
// matches.
func (m Match) Differences(e *traffic.Exchange) []string {
	var list []string
	differ := func(what string, got, want any) {
		list = append(list, fmt.Sprintf("%s is %v, not %v", what, got, want))
	}
	if m.Caller != "" && m.Caller != e.Caller {
		differ("the caller", e.Caller, m.Caller)
	}
	if !traffic.Names(m.Operation, e.Operation) {
		differ("the operation", orNone(e.Operation), m.Operation)
	}
	if m.Channel != "" && m.Channel != e.Channel {
		differ("the channel", orNone(e.Channel), m.Channel)
	}
	if m.Status != 0 && m.Status != e.Status() {
		differ("the status", e.Status(), m.Status)
	}
	if m.After != "" && serial.Compare(e.ID, m.After) <= 0 {
		list = append(list, "it is not after "+m.After)
	}
	return append(list, m.bodyDifferences(e.Request.Body.Kept)...)
}

func (m Match) bodyDifferences(sent []byte) []string {
	if len(m.Body)+len(m.Contains) == 0 {
		return nil
	}
	var body any
	if err := json.Unmarshal(sent, &body); err != nil {
		return []string{"the body is no JSON"}
	}
	var list []string
	for _, path := range slices.Sorted(maps.Keys(m.Body)) {
		if got, ok := valuepath.Dotted(body, path); !ok {
			list = append(list, fmt.Sprintf("%s is missing, not %s", path, valuepath.JSON(m.Body[path])))
		} else if valuepath.JSON(got) != valuepath.JSON(m.Body[path]) {
			list = append(list, fmt.Sprintf("%s is %s, not %s", path, valuepath.JSON(got), valuepath.JSON(m.Body[path])))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(m.Contains)) {
		got, _ := valuepath.Dotted(body, path)
		if text, ok := got.(string); !ok || !strings.Contains(text, m.Contains[path]) {
			list = append(list, fmt.Sprintf("%s is %s and does not contain %q", path, valuepath.JSON(got), m.Contains[path]))
		}
	}
	return list
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// String says in words what is meant: operations/message with
// data.externalChatId = "c-1".
func (m Match) String() string {
	what := "an exchange"
	switch {
	case m.Operation != "":
		what = m.Operation
	case m.Caller != "":
		what = "a call of the " + string(m.Caller)
	}
	var with []string
	if m.Channel != "" {
		with = append(with, "channel = "+m.Channel)
	}
	if m.Status != 0 {
		with = append(with, fmt.Sprintf("status = %d", m.Status))
	}
	for _, path := range slices.Sorted(maps.Keys(m.Body)) {
		with = append(with, path+" = "+valuepath.JSON(m.Body[path]))
	}
	for _, path := range slices.Sorted(maps.Keys(m.Contains)) {
		with = append(with, fmt.Sprintf("%s containing %q", path, m.Contains[path]))
	}
	if len(with) > 0 {
		what += " with " + strings.Join(with, " and ")
	}
	return what
}

// Await returns as soon as at least n exchanges match, of those in the journal and
// those that come. The error is a *Miss when ctx ended before; with it, what
// matched until then is returned. An operation that no vendor of the mock has is an
// error at once.
func (b *Sandbox) Await(ctx context.Context, n int, m Match) ([]*traffic.Exchange, error) {
	if err := m.check(b.server.Contracts()); err != nil {
		return nil, err
	}
	found, err := b.journal.Only(m.traits()).Wait(ctx, n, func(e *traffic.Exchange) bool { return len(m.Differences(e)) == 0 })
	if err == nil || ctx.Err() == nil {
		return found, err
	}
	miss := &Miss{Match: m, Want: n, Found: len(found), Seen: b.journal.Find(nil)}
	miss.Closest, miss.Differences = m.Closest(miss.Seen)
	return found, miss
}

// Closest returns the latest of the exchanges that differ least, and how; nil when
// none differs.
func (m Match) Closest(seen []*traffic.Exchange) (closest *traffic.Exchange, least []string) {
	for _, e := range seen {
		if d := m.Differences(e); len(d) > 0 && (closest == nil || len(d) <= len(least)) {
			closest, least = e, d
		}
	}
	return closest, least
}

// check refuses a match that nothing can ever fit.
func (m Match) check(contracts []*specs.Contract) error {
	known := specs.OperationNames(contracts)
	if slices.ContainsFunc(known, func(name string) bool { return traffic.Names(m.Operation, name) }) {
		return nil
	}
	return fmt.Errorf("the mock knows no operation or event %q; it knows %s", m.Operation, strings.Join(known, ", "))
}

// Miss says that what was waited for did not come, and what came closest to it.
type Miss struct {
	Match       Match
	Want, Found int
	Seen        []*traffic.Exchange // all that the journal has
	Closest     *traffic.Exchange   // the latest of those that differ least; nil when none differ
	Differences []string            // of the closest
}

// Error names the nearest miss.
func (m *Miss) Error() string {
	text := "expected " + m.Match.String()
	if m.Want > 1 {
		text = fmt.Sprintf("expected %d times %s, found %d", m.Want, m.Match, m.Found)
	}
	switch {
	case len(m.Seen) == 0:
		return text + "; saw no exchange at all"
	case m.Closest == nil:
		return text + fmt.Sprintf("; saw %d exchanges", len(m.Seen))
	}
	saw := fmt.Sprintf("saw %d exchanges, the closest (%s, %s)", len(m.Seen), m.Closest.ID, orNone(m.Closest.Operation))
	if len(m.Seen) == 1 {
		saw = fmt.Sprintf("saw 1 exchange (%s, %s), and it", m.Closest.ID, orNone(m.Closest.Operation))
	}
	return visible.Line(text + "; " + saw + " differs: " + strings.Join(m.Differences, ", "))
}
