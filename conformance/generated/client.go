package generated

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// calling is an operation that the partner may call.
type calling struct {
	*maker
	*specs.Operation
}

func (c calling) check(name, title string, run func(context.Context, *conformance.Partner) error) conformance.Check {
	facts, requirements := c.about(c.Operation)
	return conformance.Check{
		ID: c.contract.ID + "/client/" + c.ID + "/" + name, Title: title,
		Requirements: requirements, Facts: facts, Run: run,
	}
}

// callCheck folds all that is judged of one call into one check: making a partner
// call may take a person.
func (c calling) callCheck() conformance.Check {
	title := fmt.Sprintf("calls %s as documented: parameters, content type and body", c.ID)
	scheme, evidence := c.security()
	if scheme != "" {
		title += ", and with " + scheme
	}
	var check conformance.Check
	check = c.check("call", title, func(ctx context.Context, p *conformance.Partner) error {
		seen, err := c.calls(ctx, p)
		if err != nil {
			return err
		}
		verdicts := []error{conformance.Breaking(deviations("a call as documented", traffic.InRequest, seen...), check.Facts[0].ID)}
		for _, e := range seen {
			verdicts = append(verdicts, c.authorized(e))
		}
		p.Note("calls of %s judged: %d", c.Name(), len(seen))
		return conformance.Join(verdicts...)
	})
	if scheme != "" {
		check.Facts = append(check.Facts, fact(c.securityFact(), c.contract.Name+" demands "+scheme, evidence))
	}
	return check
}

// ask is what a person is asked to make the partner do.
func (c calling) ask() string {
	text := fmt.Sprintf("call %s: %s %s", c.Name(), c.Method, c.Path)
	if c.Summary != "" {
		text += " (" + c.Summary + ")"
	}
	return text
}

func (c calling) is(e *traffic.Exchange) bool { return e.Operation == c.Name() }

// calls are those of the operation in this run. When there is none yet, the partner
// is asked for one.
func (c calling) calls(ctx context.Context, p *conformance.Partner) ([]*traffic.Exchange, error) {
	if err := c.answerable(); err != nil {
		return nil, err
	}
	if seen := p.CallsOfRun(c.is); len(seen) > 0 {
		return seen, nil
	}
	return c.provoke(ctx, p)
}

// provoke makes the partner call and waits for the first call.
func (c calling) provoke(ctx context.Context, p *conformance.Partner) ([]*traffic.Exchange, error) {
	if err := p.Provoke(ctx, c.ask()); err != nil {
		return nil, err
	}
	seen, err := p.Await(ctx, 1, c.is)
	if len(seen) > 0 {
		return seen, nil
	}
	if err != nil && ctx.Err() == nil {
		err = conformance.NotApplicable(fmt.Sprintf("the partner did not call %s when it was asked to: %v", c.Name(), err))
	}
	return nil, err
}

// answerable makes sure that the mock can answer from a sample that fits: what it
// answers instead would be held against Parley.
func (c calling) answerable() error {
	judge, err := c.judge()
	if err != nil {
		return err
	}
	for _, status := range documented(c.Operation) {
		p := c.contract.Payloads[c.Responses[status].Payload]
		if p == nil || !isSuccess(status) {
			continue
		}
		s, ok := p.Sample("")
		if !ok {
			return conformance.CouldNotRun(fmt.Sprintf("%s is answered %s with %s, which has no sample: put one into %s", c.Name(), specs.StatusName(status), p.Name, c.contract.SamplePlace(p.Name)))
		}
		for _, f := range judge.Sent(specs.FromVendor).Payload(p.Name, validator.Decode(s.Body)) {
			if f.Severity.AtLeast(traffic.Error) {
				return conformance.CouldNotRun(fmt.Sprintf("%s breaks %s, so that %s cannot be answered with it: %s", c.contract.Path(s.File), c.contract.Path(p.File), c.Name(), f))
			}
		}
		return nil
	}
	return nil
}

// failure is the status of the vendor's own failure that the contract documents: 500
// or the next one; 0 for none.
func (c calling) failure() int {
	for _, status := range documented(c.Operation) {
		if firstOf(status) >= http.StatusInternalServerError {
			return firstOf(status)
		}
	}
	return 0
}

// mostRepeats is how often a call may come again after a failure. Assumed: no
// document names a bound.
const mostRepeats = 20

func (c calling) repetitionCheck(status int) conformance.Check {
	title := fmt.Sprintf("does not repeat %s without end when it is answered %d", c.ID, status)
	check := c.check(fmt.Sprintf("after-%d", status), title, func(ctx context.Context, p *conformance.Partner) error {
		remove := p.Fault(fault.Rule{Operation: c.ID, Status: status})
		defer remove()
		first, err := c.provoke(ctx, p)
		if err != nil {
			return err
		}
		return c.ends(ctx, p, len(first))
	})
	check.Facts, check.Requirements = c.aboutAnswer(c.Operation, status)
	check.Facts = append(check.Facts, ours("an-end", "a call that fails is not repeated without end"))
	return check
}

// ends waits until nothing came for Timing.Quiet, as long as Timing.Retry.
func (c calling) ends(ctx context.Context, p *conformance.Partner, seen int) error {
	expected := fmt.Sprintf("an end: a pause of %s, or fewer than %d repetitions", p.Timing().Quiet, mostRepeats)
	for left := p.Timing().Retry; left > 0 && seen <= mostRepeats; left -= p.Timing().Quiet {
		now := len(p.Quiet(ctx, min(left, p.Timing().Quiet), c.is))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if now == seen {
			p.Note("calls of %s while it failed: %d", c.Name(), seen)
			return nil
		}
		seen = now
	}
	calls := p.Calls(c.is)
	return conformance.Fail(expected, fmt.Sprintf("%d calls of %s, and no end", len(calls), c.Name()), calls[:min(len(calls), 3)]...)
}

// operationsCheck judges what is no operation at all, in the whole run.
func (m *maker) operationsCheck() conformance.Check {
	var names []string
	for _, o := range m.contract.Operations {
		names = append(names, o.ID)
	}
	text := fmt.Sprintf("%s serves %s", m.contract.Name, enumerate(names, "and"))
	return conformance.Check{
		ID: m.contract.ID + "/client/operations", Title: "calls nothing but operations of the contract, by path, method and body",
		Facts: []conformance.Requirement{fact(operations, text, specs.Evidence{})},
		Run:   m.onlyOperations,
	}
}

// ask is what a person is asked to make the partner do where any call will do.
func (m *maker) ask() string { return "call " + m.contract.Name }

func (m *maker) onlyOperations(ctx context.Context, p *conformance.Partner) error {
	seen := p.CallsOfRun(nil)
	if len(seen) == 0 {
		if err := p.Provoke(ctx, m.ask()); err != nil {
			return err
		}
		var err error
		if seen, err = p.Await(ctx, 1, nil); len(seen) == 0 {
			return conformance.NotApplicable(fmt.Sprintf("the partner called nothing: %v", err))
		}
	}
	i := slices.IndexFunc(seen, func(e *traffic.Exchange) bool { return e.Operation == "" })
	if i < 0 {
		return nil
	}
	strange := seen[i]
	actual := strange.Request.Method + " " + strange.Request.URL
	for _, f := range strange.Findings {
		actual += "; " + f.String()
	}
	return conformance.Fail("a call of an operation", actual, strange)
}
