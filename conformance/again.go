package conformance

import (
	"slices"

	"github.com/parleykit/parley/traffic"
)

// again is the command that gives a result again: of the check alone, or, where it rests on
// what the partner did for earlier checks, of all that the partner was asked for.
func (r *Run) again(p *Partner, d *Deviation) string {
	rests := func(before map[*traffic.Exchange]bool) bool {
		return d != nil && slices.ContainsFunc(d.Exchanges, func(e *traffic.Exchange) bool { return holds(before, e.ID) && !holds(r.before, e.ID) })
	}
	switch {
	case rests(r.outside):
		return r.command("", "")
	case rests(p.before):
		return r.command(p.suite.ID, "")
	}
	return r.command(p.suite.ID, p.check.ID)
}

// holds tells whether an exchange was in the journal then.
func holds(then map[*traffic.Exchange]bool, id string) bool {
	for e := range then {
		if e.ID == id {
			return true
		}
	}
	return false
}

func (r *Run) command(suite, check string) string {
	if r.o.Reproduce == nil {
		return ""
	}
	return r.redact.Values(r.o.Reproduce(suite, check))
}
