package mockserver

import (
	"strings"

	"github.com/parleykit/parley/internal/tracecontext"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/mockserver/outbox"
)

// Sending is one event that the vendor's side wants to send.
type Sending struct {
	Event   string         // ID
	Channel string         // ID
	Body    map[string]any // decoded JSON; nil: the event's sample
	To      string         // instead of the channel's URL; must be allowed

	given    map[string]any  // dotted paths that the caller chose
	whole    bool            // the caller chose all that Body has
	envelope outbox.Envelope // beside Body
	trace    tracecontext.Context
}

// Fill puts a value at a dotted path of the body ("data.webhook"), unless the
// caller chose that value.
func (s *Sending) Fill(dotted string, value any) {
	if s.Given(dotted) {
		return
	}
	// A path through something that is no object can't be filled; what the caller
	// put there stays.
	_ = valuepath.Put(s.Body, dotted, value)
}

// Given reports whether the caller chose the value at a path, so that Fill leaves
// it alone.
func (s *Sending) Given(dotted string) bool {
	if s.whole {
		if _, there := valuepath.Dotted(s.Body, dotted); there {
			return true
		}
	}
	for path := range s.given {
		if path == dotted || strings.HasPrefix(dotted, path+".") || strings.HasPrefix(path, dotted+".") {
			return true
		}
	}
	return false
}

// Text returns the string at a dotted path of the body, or "".
func (s *Sending) Text(dotted string) string {
	value, _ := valuepath.Dotted(s.Body, dotted)
	text, _ := value.(string)
	return text
}

// Value returns the value at a dotted path of the body, or nil.
func (s *Sending) Value(dotted string) any {
	value, _ := valuepath.Dotted(s.Body, dotted)
	return value
}
