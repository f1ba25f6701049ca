package traffic

import (
	"math"
	"net/http"

	"github.com/parleykit/parley/internal/tracecontext"
)

// Traits are what exchanges have in common. An empty member stands for anything.
type Traits struct {
	Vendor    string // contract ID
	Operation string // "operations/message"; "message" is an operation or an event of that ID
	Caller    Caller
	Channel   string
	Status    int    // of the answer
	Class     int    // of that status: 4 is any from 400 to 499
	Trace     string // ID of the trace that the request belongs to
}

// Of reports whether an exchange has the traits.
func (t Traits) Of(e *Exchange) bool {
	return (t.Vendor == "" || t.Vendor == e.Vendor) && Names(t.Operation, e.Operation) &&
		(t.Caller == "" || t.Caller == e.Caller) && (t.Channel == "" || t.Channel == e.Channel) &&
		(t.Status == 0 || t.Status == e.Status()) && (t.Class == 0 || t.Class == e.Status()/100) &&
		(t.Trace == "" || t.Trace == traceOf(e.Request.Header))
}

// and is whether an exchange has the traits and matches; nil for a match of all.
func (t Traits) and(match func(*Exchange) bool) func(*Exchange) bool {
	switch {
	case t == Traits{}:
		return match
	case match == nil:
		return t.Of
	}
	return func(e *Exchange) bool { return t.Of(e) && match(e) }
}

func traceOf(header http.Header) string { return tracecontext.Of(header).TraceID() }

// Names reports whether a full name of an operation is what somebody called so: by
// itself, or by its ID alone, which an operation and an event may have alike. "" names all.
func Names(called, name string) bool { return names(called, name) }

// names is Names, also for a name that was not made a string.
func names[Name string | []byte](called string, name Name) bool {
	rest := len(name) - len(called)
	return called == "" || rest >= 0 && string(name[rest:]) == called && (rest == 0 || name[rest-1] == '/')
}

// Selection is those exchanges of a journal that have traits.
type Selection struct {
	journal *Journal
	traits  Traits
}

// Only selects from the journal. Waits for and subscriptions to a selection are not asked
// about what is appended and not in it, however many there are.
func (j *Journal) Only(t Traits) Selection { return Selection{j, t} }

// Find is Journal.Find in the selection.
func (c Selection) Find(match func(*Exchange) bool) []*Exchange {
	return c.journal.kept(0, math.MaxInt).only(c.traits).matching(c.traits.and(match))
}
