package conformance

import (
	"fmt"
	"strings"

	"github.com/parleykit/parley/traffic"
)

// lost is the verdict where evidence is missing: a failure then shows that Parley
// did not see enough, and not that the partner is wrong.
func (r *Run) lost(d *Deviation, during []*traffic.Exchange) *Deviation {
	if dropped := r.o.Sandbox.Journal().Stats().Dropped - r.dropped; dropped > uint64(len(r.before)) {
		return &Deviation{Verdict: VerdictCouldNotRun, Actual: "the journal overflowed, so that exchanges of this run are lost, and with them the proof of what did or did not come",
			Hint: "The partner makes more calls than a run of checks asks for: see whether it pages or repeats without end."}
	}
	if d == nil || d.Verdict != VerdictFail && d.Verdict != VerdictWarn {
		return d
	}
	if gone := unreached(during); gone != nil && len(d.Exchanges) > 0 && d.Exchanges[len(d.Exchanges)-1].ID == gone.ID {
		return &Deviation{Verdict: VerdictCouldNotRun, Exchanges: []*traffic.Exchange{gone},
			Actual: fmt.Sprintf("the partner's webhook can't be reached any more: %s", reasonOf(gone)),
			Hint:   "See what ended it: the last check before this one that it did not answer is the likely cause."}
	}
	return d
}

// unreached is the last delivery, when no connection could be made for it. One that
// was made and broken off is an answer of a kind.
func unreached(during []*traffic.Exchange) *traffic.Exchange {
	for i := len(during) - 1; i >= 0; i-- {
		if e := during[i]; e.Caller == traffic.Vendor {
			if e.Response == nil && strings.Contains(e.Error, "connection refused") {
				return e
			}
			return nil
		}
	}
	return nil
}

func reasonOf(e *traffic.Exchange) string {
	_, reason, found := strings.Cut(e.Error, "connect: ")
	if !found {
		return e.Error
	}
	return reason
}

// optional is the verdict of a suite that not every partner has a part for, when it
// made none of its calls: nothing is missing then.
func optional(s Suite, p *Partner, d *Deviation) *Deviation {
	p.mu.Lock()
	ask := p.provoked
	p.mu.Unlock()
	if s.Optional == "" || d == nil || d.Verdict != VerdictCouldNotRun || ask == "" || !p.asking.wasInVain(ask) {
		return d
	}
	return &Deviation{Verdict: VerdictNotApplicable, Actual: s.Optional}
}
