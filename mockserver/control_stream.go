package mockserver

import (
	"net/http"
	"time"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// streamBuffer is how many exchanges may wait for a reader of the stream, and
// heartbeat how often a quiet stream shows that it lives.
const (
	streamBuffer = 1000
	heartbeat    = 15 * time.Second
)

// streamJournal sends exchanges as they happen, as server-sent events. With
// "since", or the header Last-Event-ID of a reader that comes back, it begins
// with what was missed.
func (c *control) streamJournal(w http.ResponseWriter, r *http.Request) {
	values, _, ok := c.chosen(w, r)
	if !ok {
		return
	}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		values["since"] = last
	}
	match, err := c.filter(values)
	if err != nil {
		c.refuse(w, err)
		return
	}
	ctx, cancel := c.patient(r, 0)
	defer cancel()
	journal := c.box(r).journal
	subscription := journal.Subscribe(streamBuffer, match)
	defer subscription.Close()
	s := newStream(c, w)
	s.comment("exchanges as they happen")
	if values["since"] != "" {
		for _, e := range journal.Find(match) {
			s.send(e)
		}
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for s.err == nil {
		select {
		case e := <-subscription.C:
			s.tellMissed(subscription.Missed())
			s.send(e)
		case <-beat.C:
			s.comment("still here")
		case <-ctx.Done():
			return
		}
	}
}

// stream writes server-sent events until the reader is gone.
type stream struct {
	control *control
	w       http.ResponseWriter
	flush   *http.ResponseController
	last    string
	missed  uint64
	err     error
}

func newStream(c *control, w http.ResponseWriter) *stream {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	return &stream{control: c, w: w, flush: http.NewResponseController(w)}
}

// send writes one exchange, unless it was already sent.
func (s *stream) send(e *traffic.Exchange) {
	if s.last != "" && !later(e.ID, s.last) {
		return
	}
	s.last = e.ID
	data, err := encode(s.control.redact.Exchange(e))
	if err != nil {
		s.err = err
		return
	}
	s.print("event: exchange\nid: %s\ndata: %s\n\n", e.ID, data)
}

// tellMissed says how many exchanges came too fast for this reader.
func (s *stream) tellMissed(missed uint64) {
	if missed > s.missed {
		s.print("event: missed\ndata: {\"missed\":%d}\n\n", missed-s.missed)
		s.missed = missed
	}
}

func (s *stream) comment(text string) { s.print(": %s\n\n", text) }

func (s *stream) print(format string, args ...any) {
	if s.err != nil {
		return
	}
	if _, s.err = visible.Fprintf(s.w, format, args...); s.err == nil {
		s.err = s.flush.Flush()
	}
}
