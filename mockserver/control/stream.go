package control

import (
	"fmt"
	"net/http"
	"time"

	"github.com/parleykit/parley/traffic"
)

// streamTurn is how many exchanges a stream writes at a time, and heartbeat how
// often a quiet stream shows that it lives.
const (
	streamTurn = 16
	heartbeat  = 15 * time.Second
)

// streamJournal sends exchanges as they happen, as server-sent events. With
// "since", or the header Last-Event-ID of a reader that comes back, it begins
// with what was missed.
func (c *reader) streamJournal(w http.ResponseWriter, r *http.Request) {
	values, _, ok := c.chosen(w, r)
	if !ok {
		return
	}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		values["since"] = last
	}
	q, err := c.filter(r, values)
	if err != nil {
		c.refuse(w, err)
		return
	}
	ctx, leave, ok := c.takePlace(&c.streams, w, r, 0)
	if !ok {
		return
	}
	defer leave()
	subscription, missed := c.source(r).Follow(values["since"], q.traits, q.match)
	defer subscription.Close()
	s := newStream(c, w)
	s.comment("exchanges as they happen")
	s.write(tellMissed(nil, missed))
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for s.err == nil {
		select {
		case <-subscription.Ready():
			if c.pace.turn(ctx) {
				s.exchanges(subscription.Next(streamTurn))
			}
		case <-beat.C:
			s.comment("still here")
		case <-ctx.Done():
			return
		}
	}
}

// stream writes server-sent events until the reader is gone.
type stream struct {
	api   *reader
	w     http.ResponseWriter
	flush *http.ResponseController
	err   error
}

func newStream(c *reader, w http.ResponseWriter) *stream {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	return &stream{api: c, w: w, flush: http.NewResponseController(w)}
}

// exchanges writes some, and before them how many came too fast for this reader. A
// reader that stands still holds those of one turn, and nothing else.
func (s *stream) exchanges(list []*traffic.Exchange, missed uint64) {
	text := tellMissed(nil, missed)
	began := time.Now()
	for _, e := range list {
		text = append(text, s.api.frame(e)...)
	}
	s.api.pace.spent(len(text), time.Since(began))
	s.write(text)
}

func tellMissed(to []byte, missed uint64) []byte {
	if missed == 0 {
		return to
	}
	return fmt.Appendf(to, "event: missed\ndata: {\"missed\":%d}\n\n", missed)
}

func (s *stream) comment(text string) { s.write([]byte(": " + text + "\n\n")) }

func (s *stream) write(text []byte) {
	if s.err != nil || len(text) == 0 {
		return
	}
	if _, s.err = s.w.Write(text); s.err == nil {
		s.err = s.flush.Flush()
	}
}
