// Package validator judges payloads and exchanges against a contract. What it
// finds are values (traffic.Finding) with a stable code, a JSON pointer, what was
// expected, what was there, and a hint where a cause is likely.
package validator

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// maxFindings is how many findings of one body are reported; one more then says
// how many were left out.
const maxFindings = 100

// Validator judges against one contract with the readings in force when it was
// made. It is immutable and may be shared between goroutines.
type Validator struct {
	contract *specs.Contract
	payloads map[string]func() *payload // by name
	redact   *redaction.Redactor        // knows which names are secret
	router   *router

	parameters map[operationKey][]*parameter
	headers    map[operationKey]map[int][]*parameter // of answers

	credentials map[operationKey][][]specs.Credential

	names   func() map[operationKey]*documented
	ignored []string // patterns of headers that may be undocumented, in small letters

	sent map[specs.Direction]*Validator // nil: payloads are the same in both
	keys [][]byte                       // that events are signed with; nil: nobody verifies them
}

// payload is one schema, compiled in the two ways that judging needs: schema
// decides, graph knows the names, values and secrets that a schema can't judge.
type payload struct {
	name    string
	schema  *schema
	graph   *node
	program *program
}

// New compiles every schema of a contract, or, of one that is proven, leaves that
// until a body asks for it. An error is a *specs.Error that names the file, and the
// line where one can be found.
func New(c *specs.Contract) (*Validator, error) {
	secrets := Redaction(c)
	secrets.Words = nil // it is asked for names alone
	v := &Validator{contract: c, redact: redaction.New(secrets), router: newRouter(c), credentials: credentialsOf(c), names: documentedOf(c)}
	if err := v.compile(); err != nil {
		return nil, err
	}
	return v, nil
}

func (v *Validator) compile() (err error) {
	if v.payloads, err = payloadsOf(v.contract); err != nil {
		return err
	}
	if v.parameters, err = v.parametersOf(v.contract); err != nil {
		return err
	}
	if v.headers, err = v.headersOf(v.contract); err != nil {
		return err
	}
	directed := map[specs.Direction]*Validator{}
	for _, way := range []specs.Direction{specs.ToVendor, specs.FromVendor} {
		c := v.contract.Sent(way)
		if c == v.contract {
			return nil
		}
		one := *v
		one.contract, one.sent = c, nil
		if one.payloads, err = payloadsOf(c); err != nil {
			return err
		}
		directed[way] = &one
	}
	v.sent = directed
	return nil
}

// payloadsOf makes the payloads of a contract ready, or, of one that is proven, each when
// it is first asked for: most mocks use few.
func payloadsOf(c *specs.Contract) (map[string]func() *payload, error) {
	graphs := &graphBuilder{contract: c, built: map[string]*node{}, newer: newerPayloads(c)}
	compiler, payloads := newCompiler(graphs), map[string]func() *payload{}
	if c.Proven() {
		for name := range c.Payloads {
			payloads[name] = sync.OnceValue(func() *payload { return proven(graphs, compiler, name) })
		}
		return payloads, nil
	}
	roots, err := graphs.roots(c.PayloadNames()...)
	if err != nil {
		return nil, err
	}
	compiler.parts.separate() // all that it needs is there, and nothing else keeps it
	for _, name := range c.PayloadNames() {
		p, err := compiler.payload(name, roots[name])
		if err != nil {
			return nil, err
		}
		payloads[name] = func() *payload { return p }
	}
	return payloads, nil
}

// proven is a payload of a contract of which a test has seen that nothing is wrong with it.
func proven(graphs *graphBuilder, compiler *compiler, name string) *payload {
	roots, err := graphs.roots(name)
	var p *payload
	if err == nil {
		p, err = compiler.payload(name, roots[name])
	}
	if err != nil {
		panic(fmt.Sprintf("payload %s of a contract that is proven: %v", name, err))
	}
	return p
}

// payload is nil where there is none of that name.
func (v *Validator) payload(name string) *payload {
	if ready := v.payloads[name]; ready != nil {
		return ready()
	}
	return nil
}

// Sent judges payloads as one direction has them: without it what is readOnly or
// writeOnly is demanded of both.
func (v *Validator) Sent(way specs.Direction) *Validator {
	if one := v.sent[way]; one != nil {
		return one
	}
	return v
}

// Contract returns the contract that the validator judges against.
func (v *Validator) Contract() *specs.Contract { return v.contract }

// payloadNames returns the names of all payloads, sorted.
func (v *Validator) payloadNames() []string { return slices.Sorted(maps.Keys(v.payloads)) }

// Payload judges a document against the payload of that name and returns all
// findings, those of the text included, the worst first. An unknown name is a
// finding "payload.unknown".
func (v *Validator) Payload(name string, d *Document) []traffic.Finding {
	p := v.payload(name)
	if p == nil {
		return []traffic.Finding{finding("payload.unknown", traffic.Finding{
			Expected: plural.List(v.payloadNames(), "or"), Actual: name,
			Hint: near.DidYouMean(name, v.payloadNames()),
		})}
	}
	if d.plain && !p.graph.takesText() {
		return nil // what its schema describes is written in a way that nobody reads here
	}
	d = p.typed(d)
	drafts, left := draftsOf(d.Findings), 0
	if d.readable() {
		found, more := p.judge(d)
		drafts, left = append(drafts, found...), more
	}
	if len(drafts) == 0 {
		return nil
	}
	return v.report(p, d, drafts, left)
}

func draftsOf(found []traffic.Finding) []draft {
	var drafts []draft
	for _, f := range found {
		drafts = append(drafts, draft{Finding: f, place: f.Pointer})
	}
	return drafts
}
