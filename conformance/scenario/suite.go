package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Suite makes the story a suite: a check for each step, and one that looks at all
// that the partner sent. It can be run once. An error says which step names
// something that the contract does not have.
func (s *Scenario) Suite(c *specs.Contract) (conformance.Suite, error) {
	if err := s.fits(c); err != nil {
		return conformance.Suite{}, err
	}
	run := &run{scenario: s, saved: map[string]string{}, used: map[*traffic.Exchange]bool{}, before: map[*traffic.Exchange]bool{}}
	suite := conformance.Suite{ID: c.ID + "/" + s.Name, Vendor: c.ID, Title: s.Title}
	for i, step := range s.Steps {
		if step.Ask != "" {
			suite.Asks = append(suite.Asks, step.Ask)
		}
		suite.Needs.Target = suite.Needs.Target || step.Send != ""
		suite.Needs.Stimulus = suite.Needs.Stimulus || step.Ask != ""
		suite.Checks = append(suite.Checks, conformance.Check{
			ID: fmt.Sprintf("%s/%02d-%s", suite.ID, i+1, step.kind()), Title: step.title(),
			Requirements: step.Requirements, Agreed: true,
			Run: func(ctx context.Context, p *conformance.Partner) error { return run.step(ctx, p, i) },
		})
	}
	suite.Checks = append(suite.Checks, conformance.Check{
		ID: suite.ID + "/valid", Title: "calls and answers as documented all the time",
		Run: func(_ context.Context, p *conformance.Partner) error { return run.valid(p) },
	})
	return suite, nil
}

// fits finds what the contract does not have.
func (s *Scenario) fits(c *specs.Contract) error {
	if s.Vendor != c.ID {
		return fmt.Errorf("the story is about %s, not %s", s.Vendor, c.ID)
	}
	for _, step := range s.Steps {
		var missing string
		for _, name := range []string{step.Expect, step.Never} {
			if name != "" && c.Operation(name) == nil {
				missing = name
			}
		}
		if step.Send != "" && c.Operation("events/"+step.Send) == nil {
			missing = "event " + step.Send
		}
		for _, id := range step.Requirements {
			if _, ok := c.Requirement(id); !ok {
				missing = "requirement " + id
			}
		}
		if missing != "" {
			return fmt.Errorf("line %d: contract %s has no %s; `parley specs show %s` lists what it has", step.Line, c.ID, missing, c.OnLine())
		}
	}
	return nil
}

// title is the step as a sentence about the partner, or about what happens to it.
func (s Step) title() string {
	if s.Name != "" {
		return s.Name
	}
	switch s.kind() {
	case "ask":
		return "is asked: " + s.Ask
	case "send":
		if s.Answer != 0 {
			return fmt.Sprintf("answers events/%s with %d", s.Send, s.Answer)
		}
		return "takes events/" + s.Send
	case "call":
		return "meanwhile somebody calls " + s.Call.Method + " " + s.Call.Path
	case "fault":
		return "meets a fault of the vendor's"
	case "advance":
		return "is " + s.Advance.String() + " later still there"
	case "expect":
		return "calls " + s.match().String()
	case "never":
		return "does not call " + s.match().String()
	}
	return "has " + s.State + " changed at the vendor"
}

func (s Step) match() mockserver.Match {
	operation := s.Expect + s.Never
	return mockserver.Match{Operation: operation, Caller: traffic.Partner, Status: s.Status, Body: s.Body, Contains: s.Contains}
}

// run is what the steps of one run share.
type run struct {
	scenario *Scenario

	mu     sync.Mutex // checks run one after another; a given-up one may go on
	begun  bool
	failed string // the title of the step that ended the story
	saved  map[string]string
	used   map[*traffic.Exchange]bool // by an Expect: each call answers one
	before map[*traffic.Exchange]bool // there before the story began
}

// step plays one step, unless an earlier one failed.
func (r *run) step(ctx context.Context, p *conformance.Partner, i int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.begin(p); err != nil {
		return err
	}
	if r.failed != "" {
		return conformance.CouldNotRun("the story ended before this step, when this was not so: " + r.failed)
	}
	step := r.filled(r.scenario.Steps[i])
	err := r.play(ctx, p, step)
	if err != nil {
		r.failed = step.title()
	}
	return err
}

// begin sets up what is there from the start, before the first step that runs.
func (r *run) begin(p *conformance.Partner) error {
	if r.begun {
		return nil
	}
	r.begun = true
	for _, e := range p.Sandbox().Journal().Find(nil) {
		r.before[e] = true
	}
	err := r.scenario.Prepare(p.Sandbox())
	if err != nil {
		r.failed = "the story can be set up"
		return conformance.CouldNotRun(err.Error())
	}
	return nil
}

// Prepare puts the story's clock, state and faults into a sandbox, for playing it
// or for working with what it begins with.
func (s *Scenario) Prepare(b *mockserver.Sandbox) error {
	if !s.Clock.IsZero() {
		b.Clock().Freeze()
		b.Clock().Set(s.Clock)
	}
	if s.State != nil {
		state, err := json.Marshal(s.State)
		if err == nil {
			err = b.AddState(s.Vendor, state)
		}
		if err != nil {
			return fmt.Errorf("state: %w", err)
		}
	}
	for _, f := range s.Faults {
		if f.Vendor == "" {
			f.Vendor = s.Vendor
		}
		if _, err := b.AddFault(f); err != nil {
			return err
		}
	}
	return nil
}

// filled writes what was saved for every ${name} of a step.
func (r *run) filled(s Step) Step {
	if len(r.saved) == 0 {
		return s
	}
	var pairs []string
	for name, value := range r.saved {
		pairs = append(pairs, "${"+name+"}", value)
	}
	fill := strings.NewReplacer(pairs...).Replace
	s.Ask, s.State = fill(s.Ask), fill(s.State)
	s.Set, s.Body, s.Contains = filledMap(s.Set, fill), filledMap(s.Body, fill), filledTexts(s.Contains, fill)
	if s.Call != nil {
		s.Call = &Call{Method: s.Call.Method, Path: fill(s.Call.Path), Header: filledTexts(s.Call.Header, fill), Body: filledValue(s.Call.Body, fill)}
	}
	return s
}

func filledValue(value any, fill func(string) string) any {
	switch value := value.(type) {
	case string:
		return fill(value)
	case map[string]any:
		return filledMap(value, fill)
	case []any:
		next := make([]any, len(value))
		for i, one := range value {
			next[i] = filledValue(one, fill)
		}
		return next
	}
	return value
}

func filledMap(values map[string]any, fill func(string) string) map[string]any {
	if values == nil {
		return nil
	}
	next := make(map[string]any, len(values))
	for name, value := range values {
		next[name] = filledValue(value, fill)
	}
	return next
}

func filledTexts(texts map[string]string, fill func(string) string) map[string]string {
	if texts == nil {
		return nil
	}
	next := make(map[string]string, len(texts))
	for name, text := range texts {
		next[name] = fill(text)
	}
	return next
}
