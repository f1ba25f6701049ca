package generated

import (
	"context"
	"fmt"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// How much the generated checks send at most.
const (
	mostMembers = 40 // members that one check changes
	atOnce      = 10 // deliveries that arrive at once
)

// check is a check of the event's with what it cites.
func (v event) check(name, title string, run func(context.Context, *conformance.Partner) error, more ...conformance.Requirement) conformance.Check {
	facts, requirements := v.about(v.Operation)
	return conformance.Check{
		ID: v.contract.ID + "/webhook/" + v.ID + "/" + name, Title: title,
		Requirements: requirements, Facts: append(facts, more...), Run: run,
	}
}

// answered is what says which answer the event has: it is documented with it.
func (v event) answered() []conformance.Requirement {
	status := specs.AnyStatus
	if good := v.success(); len(good) > 0 {
		status = good[0]
	}
	if _, ok := v.Responses[status]; !ok {
		return nil
	}
	facts, _ := v.aboutAnswer(v.Operation, status)
	return facts
}

// sampleChecks: the partner answers each sample as documented.
func (v event) sampleChecks() []conformance.Check {
	var checks []conformance.Check
	for _, name := range v.sampleNames() {
		id, title := "sample", fmt.Sprintf("answers %s as documented", v.ID)
		if name != "" {
			id, title = "sample/"+name, fmt.Sprintf("answers %s as documented: sample %s", v.ID, name)
		}
		checks = append(checks, v.check(id, title, func(ctx context.Context, p *conformance.Partner) error {
			r, err := v.valid(p, name, v.ID)
			if err != nil {
				return err
			}
			return each(ctx, p, v.taken, r)
		}, v.answered()...))
	}
	return checks
}

// sampleNames has one empty name for an event without samples.
func (v event) sampleNames() []string {
	if v.payload == nil || len(v.payload.Samples) == 0 {
		return []string{""}
	}
	var names []string
	for _, s := range v.payload.Samples {
		names = append(names, s.Name)
	}
	return names
}

// variantChecks: the partner answers as documented what differs from a sample only
// in how often it comes, and in what the contract leaves open.
func (v event) variantChecks() []conformance.Check {
	checks := []conformance.Check{
		v.check("again", fmt.Sprintf("answers %s as documented when it comes a second time", v.ID), v.again, v.answered()...),
		v.check("at-once", fmt.Sprintf("answers %d deliveries of %s that arrive at once as documented", atOnce, v.ID), v.together, v.answered()...),
	}
	if v.payload == nil {
		return checks
	}
	// Assumed: what the schema does not require may be missing, and what it does not
	// know may come; pages seldom say so.
	return append(checks,
		v.check("without-optional", fmt.Sprintf("answers %s as documented without each of its optional members", v.ID), v.withoutOptional,
			ours("optional", "what the schema does not require may be missing")),
		v.check("unknown-member", fmt.Sprintf("answers %s as documented with a member that it does not know", v.ID), v.unknownMember,
			ours("unknown-member", "what the schema does not know may come")),
	)
}

func (v event) again(ctx context.Context, p *conformance.Partner) error {
	first, err := v.valid(p, "", v.ID)
	if err != nil {
		return err
	}
	second := first
	second.what = "the same " + v.ID + " again"
	return each(ctx, p, v.taken, first, second)
}

func (v event) together(ctx context.Context, p *conformance.Partner) error {
	r, err := v.valid(p, "", "one of several "+v.ID+" at once")
	if err != nil {
		return err
	}
	var verdicts []error
	for _, e := range conformance.Together(atOnce, func(int) *traffic.Exchange { return p.DeliverRaw(ctx, r.Raw) }) {
		verdicts = append(verdicts, v.taken(r.what, e))
	}
	return conformance.Join(verdicts...)
}

func (v event) withoutOptional(ctx context.Context, p *conformance.Partner) error {
	body, err := v.body(p, "")
	if err != nil {
		return err
	}
	var requests []request
	for _, f := range v.contract.Fields(v.Payload) {
		if f.Required || f.Secret || len(requests) == mostMembers {
			continue
		}
		next, ok := changed(body, f.Pointer, without)
		if !ok {
			continue
		}
		if found, err := v.breaks(next); err == nil && found == nil {
			requests = append(requests, v.written(v.ID+" without "+f.Pointer, conformance.Encode(next)))
		}
	}
	if len(requests) == 0 {
		return conformance.NotApplicable(fmt.Sprintf("the sample of %s has no member that may be missing", v.Name()))
	}
	return v.afterControl(ctx, p, v.taken, requests)
}

func (v event) unknownMember(ctx context.Context, p *conformance.Partner) error {
	body, err := v.body(p, "")
	if err != nil {
		return err
	}
	body["parleyExtra"] = "not in the documents"
	found, err := v.breaks(body)
	switch {
	case err != nil:
		return err
	case found != nil:
		return conformance.NotApplicable(fmt.Sprintf("the contract excludes further members of %s", v.Name()))
	}
	return v.afterControl(ctx, p, v.taken, []request{v.written(v.ID+" with the further member parleyExtra", conformance.Encode(body))})
}

// afterControl sends the valid event before its variants: where that is not taken,
// the answers to the variants say nothing.
func (v event) afterControl(ctx context.Context, p *conformance.Partner, demanded demand, requests []request) error {
	control, err := v.valid(p, "", v.ID)
	if err != nil {
		return err
	}
	e := p.DeliverRaw(ctx, control.Raw)
	if e.Response == nil || !v.took(e.Status()) {
		how := "was not answered: " + e.Error
		if e.Response != nil {
			how = "was answered " + statusOf(e)
		}
		return conformance.Undetermined("", fmt.Sprintf("the valid %s %s, so that an answer to a variant of it says nothing", v.ID, how), e)
	}
	return each(ctx, p, demanded, requests...)
}
