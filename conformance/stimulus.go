package conformance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/parleykit/parley/traffic"
)

// Stimulus makes the partner call the mock. Ask is what the partner shall do, in
// words that a person can follow: "send the operator a message". It returns as
// soon as the partner was asked; its error says why it could not be.
type Stimulus func(ctx context.Context, ask string) error

// asking is what a run knows of its stimulus.
type asking struct {
	stimulus Stimulus
	byHand   bool

	mu   sync.Mutex
	asks map[string]*asked
}

// asked is what came of one ask.
type asked struct {
	why   string // nothing at all was seen of it; "" when something was, or it was not waited for
	times int    // how often in a row it was waited for in vain
	met   bool   // the partner has done it
}

// of returns what came of an ask so far. The caller holds the lock.
func (a *asking) of(ask string) *asked {
	if a.asks[ask] == nil {
		if a.asks == nil {
			a.asks = map[string]*asked{}
		}
		a.asks[ask] = &asked{}
	}
	return a.asks[ask]
}

// patience is how often in a row something is waited for in vain before it is not
// asked for any more.
const patience = 3

// inVain notes that nothing at all came of an ask, and returns why: what the first
// check saw, which waited for it in full.
func (a *asking) inVain(ask, why string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	one := a.of(ask)
	one.why = cmp.Or(one.why, why)
	return one.why
}

func (a *asking) wasInVain(ask string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.of(ask).why != ""
}

// waited counts that an ask was waited for in vain.
func (a *asking) waited(ask string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.of(ask).times++
}

// givenUp returns why an ask is not repeated, "" where it is.
func (a *asking) givenUp(ask string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if one := a.of(ask); one.times >= patience {
		return one.why
	}
	return ""
}

func (a *asking) answered(ask string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	*a.of(ask) = asked{met: true}
}

// onlyInVain says why nothing was seen of the first of some asks that was made; "" when
// none was, or the partner has done one of them.
func (a *asking) onlyInVain(asks []string) (why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, ask := range asks {
		one := a.of(ask)
		if one.met {
			return ""
		}
		why = cmp.Or(why, one.why)
	}
	return why
}

// Provoke makes the partner act through the run's stimulus. Ask must be one of the
// suite's Asks. A stimulus that fails although the partner called has done its work:
// it may tell that the vendor refused the call. The error is a verdict that the
// check returns as it is.
func (p *Partner) Provoke(ctx context.Context, ask string) error {
	if p.asking.stimulus == nil {
		return CouldNotRun("nothing can make the partner act: no stimulus was given")
	}
	if len(p.suite.Asks) > 0 && !p.check.Agreed && !p.suite.asks(ask) {
		p.blame("suite %s asks for something that it does not list: %s", p.suite.ID, ask)
	}
	if why := p.unaskable(); why != "" {
		return CouldNotRun(why)
	}
	p.mu.Lock()
	p.provoked = ask
	p.mu.Unlock()
	if why := p.asking.givenUp(ask); why != "" {
		return CouldNotRun(why)
	}
	if why := p.asking.onlyInVain(p.suite.Asks); why != "" && p.suite.Optional != "" {
		return CouldNotRun(p.asking.inVain(ask, why)) // who has no part for the suite is not asked for one thing after another
	}
	before := len(p.Calls(nil))
	err := p.asking.stimulus(ctx, ask)
	switch {
	case err == nil:
		return nil
	case len(p.Calls(nil)) > before:
		p.Note("the stimulus failed after the partner's call: %v", err)
		return nil
	}
	return CouldNotRun(p.asking.inVain(ask, fmt.Sprintf("the stimulus (%q) failed: %v", ask, err)))
}

// CanProvoke reports whether a stimulus was given that does not trouble a person.
func (p *Partner) CanProvoke() bool { return p.asking.stimulus != nil && !p.asking.byHand }

// AskedInVain reports whether nothing at all came of an ask in this run.
func (p *Partner) AskedInVain(ask string) bool { return p.asking.wasInVain(ask) }

// World returns an ID of the partner's own world, such as a chat that it has, by
// its kind, which the suite must list; "" where the user gave none.
func (p *Partner) World(kind string) string {
	if !p.suite.knows(kind) {
		p.blame("suite %s asks for a %s, which it does not list", p.suite.ID, kind)
	}
	return p.world[kind]
}

// World is something that a partner has and its judge can't know.
type World struct {
	Kind string // "chat"
	What string // "a chat that your messenger has"
}

// asks reports whether an ask is one of the suite's. A word in braces in one of these
// stands for what is only known when it is asked, such as the number of a ticket.
func (s Suite) asks(ask string) bool {
	return slices.ContainsFunc(s.Asks, func(known string) bool {
		before, varying, varies := strings.Cut(known, "{")
		_, after, _ := strings.Cut(varying, "}")
		return known == ask || varies && len(ask) > len(before)+len(after) && strings.HasPrefix(ask, before) && strings.HasSuffix(ask, after)
	})
}

func (s Suite) knows(kind string) bool {
	return slices.ContainsFunc(s.World, func(w World) bool { return w.Kind == kind })
}

// isCall is true for the calls of the partner.
func isCall(e *traffic.Exchange) bool { return e.Caller == traffic.Partner }
