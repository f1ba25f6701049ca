package conformance

import (
	"slices"

	"github.com/parleykit/parley/specs"
)

// grounds is what the verdict of a check rests on: the requirements that it decides,
// as they bind with the readings in force, and the readings that were asked for.
type grounds struct {
	contract *specs.Contract
	check    Check
	asked    []string // IDs of readings
}

// requirements are what a deviation breaks, as reports show them: what it names
// itself, or all that the check decides; without a deviation all.
func (g grounds) requirements(d *Deviation) []Requirement {
	if d == nil || len(d.Breaks) == 0 {
		return g.placed(d, cites(g.contract, g.check))
	}
	var list []Requirement
	for _, id := range d.Breaks {
		list = append(list, g.cited(id))
	}
	return g.placed(d, list)
}

// placed quotes the place that a deviation names where it breaks one requirement.
func (g grounds) placed(d *Deviation, list []Requirement) []Requirement {
	if d != nil && d.Place.Quote != "" && len(list) == 1 {
		list[0].Quote, list[0].Source, list[0].Link = oneLine(d.Place.Quote), d.Place.Source, g.contract.Link(d.Place.Source)
	}
	return list
}

// cited is a fact of the check's, or a requirement of the contract.
func (g grounds) cited(id string) Requirement {
	for _, fact := range cites(g.contract, Check{Facts: g.check.Facts}) {
		if fact.ID == id {
			return fact
		}
	}
	return cite(g.contract, id)
}

// readings are those that a deviation was judged by, each once.
func (g grounds) readings(d *Deviation) []string {
	ids := slices.Clone(g.asked)
	if d != nil {
		for _, id := range append(slices.Clone(d.Readings), d.Reading) {
			if id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// evidence is the weakest that a verdict rests on. A requirement that permits says
// nothing against a partner, unless there is nothing else.
func (g grounds) evidence(d *Deviation) specs.Class {
	if g.check.Agreed {
		return specs.Agreed
	}
	var classes []specs.Class
	for _, r := range demanding(g.requirements(d)) {
		classes = append(classes, r.Evidence)
	}
	for _, id := range g.readings(d) {
		if s, ok := g.contract.Setting(id); ok {
			classes = append(classes, s.Class())
		}
	}
	if d != nil {
		for _, class := range []specs.Class{d.Evidence, d.Place.Class} {
			if class != "" {
				classes = append(classes, class)
			}
		}
	}
	return specs.Weakest(classes...)
}

// canFail reports whether a deviation is a failure: all that it rests on is a MUST
// that a page states or shows, or was agreed on.
func (g grounds) canFail(d *Deviation) bool {
	if g.check.Agreed {
		return true
	}
	for _, r := range demanding(g.requirements(d)) {
		if r.Level != string(Must) {
			return false
		}
	}
	return g.evidence(d) != specs.Assumed
}

// weighed is a deviation with all that it rests on, and no graver than that.
func (g grounds) weighed(d *Deviation) *Deviation {
	if d == nil {
		return nil
	}
	next := *d
	next.Readings, next.Breaks = g.readings(d), nil
	for _, r := range g.requirements(d) {
		next.Breaks = append(next.Breaks, r.ID) // so that it can be joined with others
	}
	if d.Verdict == VerdictFail && !g.canFail(d) {
		next.Verdict = VerdictWarn
	}
	return &next
}

// level is MUST for what can fail a partner.
func (g grounds) level(d *Deviation) Level {
	if g.canFail(d) {
		return Must
	}
	return Should
}

func demanding(all []Requirement) []Requirement {
	list := slices.DeleteFunc(slices.Clone(all), func(r Requirement) bool { return r.Level == "MAY" })
	if len(list) == 0 {
		return all
	}
	return list
}

// gravest is what the check can say at worst. Its facts hold together; of its
// requirements a deviation may break one alone.
func gravest(c *specs.Contract, check Check) (Level, specs.Class) {
	if len(check.Requirements)+len(check.Facts) == 0 || check.Agreed {
		return Must, specs.Agreed
	}
	level, evidence := Should, specs.Class("")
	for i := range max(len(check.Requirements), 1) {
		one := check
		if one.Requirements = nil; i < len(check.Requirements) {
			one.Requirements = check.Requirements[i : i+1]
		}
		g := grounds{contract: c, check: one}
		switch next := g.level(nil); {
		case evidence == "", level == Should && next == Must:
			level, evidence = next, g.evidence(nil)
		case level == next && specs.Weakest(evidence, g.evidence(nil)) == evidence:
			evidence = g.evidence(nil)
		}
	}
	return level, evidence
}

// Judge makes one of several judgments of a check. What it finds rests on the
// readings that the judgment itself asks for, through the Partner that it is given,
// and not on those of the others.
func (p *Partner) Judge(judge func(p *Partner) error) error {
	one := &Partner{inside: p.inside, readings: &readings{}}
	if d := DeviationOf(judge(one)); d != nil {
		return one.grounds().weighed(d)
	}
	return nil
}

// JudgeEach judges several things that the partner did, each by the readings that it
// asks for itself, and joins the verdicts.
func JudgeEach[T any](p *Partner, things []T, judge func(*Partner, T) error) error {
	var verdicts []error
	for _, thing := range things {
		verdicts = append(verdicts, p.Judge(func(p *Partner) error { return judge(p, thing) }))
	}
	return Join(verdicts...)
}

func (p *Partner) grounds() grounds {
	return grounds{contract: p.contract, check: p.check, asked: p.readings.list()}
}
