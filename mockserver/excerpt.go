package mockserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver/clock"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/traffic"
)

// Excerpt is what happened in a sandbox from a step on, as its ledger has it, but for
// secrets and for the exchanges, which the journal has. It can be written as JSON.
type Excerpt struct {
	After uint64          `json:"after"` // sequence of the step before the first
	State json.RawMessage `json:"state"` // after that one: a snapshot
	Steps []ExcerptStep   `json:"-"`
}

// ExcerptStep is one of an excerpt.
type ExcerptStep struct {
	Sequence  uint64          `json:"sequence"`
	Exchanges []string        `json:"exchanges,omitempty"` // IDs
	Step      json.RawMessage `json:"step"`
}

// LastStep returns the sequence of the newest step. A mock without Options.Ledger and
// Options.History begins to keep them when it is first asked.
func (b *Sandbox) LastStep() (uint64, error) {
	_, last, err := b.stepOf("")
	return last, err
}

// Excerpt returns all that is held of what happened. Tokens of channels are left out, and
// what else the mock's redactor finds: State is as before, with "[redacted]" in their place.
func (b *Sandbox) Excerpt(ctx context.Context) (*Excerpt, error) {
	h, last, err := b.stepOf("")
	if err != nil {
		return nil, err
	}
	oldest, _, _ := h.log.Held()
	at, text, err := h.log.State(ctx, oldest)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotHeld, err)
	}
	hide := withholding{b.Redactor()}
	x := &Excerpt{After: at}
	if x.State, err = hide.state(text); err != nil {
		return nil, err
	}
	exchanges := h.exchanges()
	err = h.log.Entries(ctx, at+1, last, func(sequence uint64, text []byte) error {
		one := ExcerptStep{Sequence: sequence, Exchanges: exchanges[sequence]}
		var err error
		one.Step, err = hide.step(text)
		x.Steps = append(x.Steps, one)
		return err
	})
	return x, err
}

// Regained is what goes into a ledger beside an excerpt.
type Regained struct {
	Through   uint64                       // the step after which the sandbox goes on
	Exchanges map[string]*traffic.Exchange // by ID
	Token     string                       // of the channels whose token was left out
	URL       string                       // of the partner: where its channels' events go; "" as it was
	Now       time.Time
}

// Lacking is what a sandbox that goes on from an excerpt has not, because it is secret.
type Lacking struct {
	Channels   []string // IDs of those without their token
	Deliveries int      // that have "[redacted]" in their bodies
	Values     int      // of collections, that have it
}

// Into appends the excerpt to an empty ledger, so that a mock goes on from there as the
// sandbox was after a step, at the time that its clock showed. Deliveries that had not
// ended are cancelled.
func (x *Excerpt) Into(ctx context.Context, into ledger.Ledger, r Regained) (Lacking, error) {
	log, err := into.Open(ctx, DefaultSandbox, 0)
	if err != nil {
		return Lacking{}, err
	}
	defer log.Close(ctx)
	p, err := x.replayed(ctx, log, r)
	if err != nil {
		return Lacking{}, err
	}
	end, err := p.now()
	if err != nil {
		return Lacking{}, err
	}
	end.Outbox = end.Outbox.Cancelled("the sandbox was forked from a report, and this one had not ended; a retry sends it")
	lacks := end.lacking()
	for i := range end.Channels.Values {
		r.channel(&end.Channels.Values[i].Value)
	}
	if r.Token != "" {
		lacks.Channels = nil
	}
	if !end.Clock.Frozen {
		end.Clock = clock.Shown{Offset: end.shows().Sub(r.Now)}
	}
	end.Taken = r.Now
	text, err := end.encoded()
	if err != nil {
		return Lacking{}, err
	}
	return lacks, appendTo(log, &step{Time: r.Now, Whole: text})
}

// replayed appends the steps, and returns what they lead to, tokens still left out.
func (x *Excerpt) replayed(ctx context.Context, log ledger.Log, r Regained) (*past, error) {
	state, err := r.state(x.State)
	if err == nil {
		err = log.Checkpoint(ctx, 0, state)
	}
	if err != nil {
		return nil, err
	}
	p, err := newPast(x.State)
	if err != nil {
		return nil, err
	}
	for _, one := range x.Steps {
		if one.Sequence > r.Through {
			break
		}
		s, err := readStep(one.Step)
		if err == nil {
			p, err = p.take(s)
		}
		if err == nil {
			s, err = r.step(s, one.Exchanges)
		}
		if err == nil {
			err = appendTo(log, s)
		}
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", one.Sequence, err)
		}
	}
	return p, nil
}

// lacking is what was left out of a snapshot.
func (s snapshot) lacking() Lacking {
	var lacks Lacking
	for _, v := range s.Channels.Values {
		if v.Value.Token == traffic.Redacted {
			lacks.Channels = append(lacks.Channels, v.ID)
		}
	}
	for _, d := range s.Outbox.Kept {
		if bytes.Contains(d.Body, []byte(traffic.Redacted)) {
			lacks.Deliveries++
		}
	}
	for _, all := range s.kept {
		for _, kept := range all {
			for _, v := range kept.(store.Saved[json.RawMessage]).Values { // past made them
				if bytes.Contains(v.Value, []byte(traffic.Redacted)) {
					lacks.Values++
				}
			}
		}
	}
	return lacks
}

func appendTo(log ledger.Log, s *step) error {
	text, err := s.encoded()
	if err == nil {
		_, err = log.Append(text)
	}
	return err
}

// state is a snapshot with what goes into it beside.
func (r Regained) state(text []byte) ([]byte, error) {
	s, err := readSnapshot(text)
	if err != nil {
		return nil, err
	}
	for i := range s.Channels.Values {
		r.channel(&s.Channels.Values[i].Value)
	}
	return s.encoded()
}

// step is one of an excerpt with what goes into it beside. The one that is given stays.
func (r Regained) step(given *step, exchanges []string) (*step, error) {
	s := *given
	for _, id := range exchanges {
		if e := r.Exchanges[id]; e != nil {
			s.Exchanges = append(s.Exchanges, e)
		}
	}
	var err error
	if s.Whole != nil {
		if s.Whole, err = r.state(s.Whole); err != nil {
			return nil, err
		}
	}
	s.Values = slices.Clone(s.Values)
	for i, v := range s.Values {
		if v.Vendor != "" || v.Value == nil {
			continue
		}
		var c openChannel
		if err := json.Unmarshal(v.Value, &c); err != nil {
			return nil, fmt.Errorf("channel %s: %w", v.ID, err)
		}
		r.channel(&c)
		if s.Values[i].Value, err = plainjson.Marshal(c); err != nil {
			return nil, err
		}
	}
	return &s, nil
}

func (r Regained) channel(c *openChannel) {
	if c.Token == traffic.Redacted {
		c.Token = r.Token
	}
	if r.URL != "" && c.URL != "" {
		c.URL = r.URL
	}
}
