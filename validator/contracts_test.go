package validator

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// forEachSample runs a test on every sample of every contract that Parley ships.
func forEachSample(t *testing.T, test func(t *testing.T, v *Validator, p *payload, d *Document)) {
	for _, id := range specs.IDs() {
		v := shipped(t, id)
		c := v.contract
		samples := 0
		for _, name := range c.PayloadNames() {
			for _, s := range c.Payloads[name].Samples {
				samples++
				t.Run(id+"/"+name+"/"+s.Name, func(t *testing.T) { test(t, v, v.payload(name), Decode(s.Body)) })
			}
		}
		if samples == 0 {
			t.Errorf("%s has no samples", id)
		}
	}
}

func TestSamplesPass(t *testing.T) {
	forEachSample(t, func(t *testing.T, v *Validator, p *payload, d *Document) {
		for _, f := range v.Payload(p.name, d) {
			if f.Severity.AtLeast(traffic.Warn) {
				t.Errorf("%+v", f)
			}
		}
	})
}

// long skips what judges thousands of bodies one after the other, where short tests are
// asked for: with the race detector.
func long(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("thousands of bodies")
	}
}

// severityBy is how grave a finding at a place may be, by what the contract says of
// it: what it only assumes warns.
func severityBy(v *Validator, said said) traffic.Severity {
	r, named := v.contract.Requirement(said.requirement)
	if said.evidence == specs.Assumed || named && (r.Level != "MUST" || r.Evidence == specs.Assumed) {
		return traffic.Warn
	}
	return traffic.Error
}

// A sample without a required key, at any depth, is refused by its name.
func TestRequiredKeysAreRequired(t *testing.T) {
	long(t)
	tried := 0
	forEachSample(t, func(t *testing.T, v *Validator, p *payload, d *Document) {
		for _, pointer := range requiredIn(p, d.Value()) {
			tried++
			found := v.Payload(p.name, document(t, change(d.Value(), pointer, without)))
			if !slices.ContainsFunc(found, func(f traffic.Finding) bool {
				return f.Severity == severityBy(v, p.requirementOfMissing(d.Value(), pointer)) && f.Code == "body.required" && f.Pointer == pointer
			}) {
				t.Errorf("without %s:\n%s", pointer, brief(found))
			}
		}
	})
	t.Logf("%d samples lacked a required key", tried)
	if tried < 100 {
		t.Errorf("only %d required keys were found in all samples", tried)
	}
}

// A sample in which a required key has a value of another type is refused, too.
func TestRequiredKeysHaveTheirType(t *testing.T) {
	long(t)
	tried := 0
	forEachSample(t, func(t *testing.T, v *Validator, p *payload, d *Document) {
		for _, pointer := range requiredIn(p, d.Value()) {
			value, ok := wrongType(p, d.Value(), pointer)
			if !ok {
				continue // the contract leaves the type open
			}
			tried++
			found := v.Payload(p.name, document(t, change(d.Value(), pointer, with(value))))
			if !slices.ContainsFunc(found, func(f traffic.Finding) bool {
				return f.Severity == severityBy(v, p.requirementAt(d.Value(), pointer)) && f.Pointer == pointer
			}) {
				t.Errorf("with %v at %s:\n%s", value, pointer, brief(found))
			}
		}
	})
	t.Logf("%d samples had a wrong type", tried)
	if tried < 100 {
		t.Errorf("only %d required keys of a known type were found in all samples", tried)
	}
}

// What vendors add later is tolerated.
func TestUnknownKeysAreTolerated(t *testing.T) {
	long(t)
	forEachSample(t, func(t *testing.T, v *Validator, p *payload, d *Document) {
		for _, pointer := range append(pointers(d.Value(), ""), "") {
			value, _ := valuepath.Pointer(d.Value(), pointer)
			if _, isObject := value.(map[string]any); !isObject {
				continue
			}
			added := pointer + "/zzAddedLater"
			for _, f := range v.Payload(p.name, document(t, change(d.Value(), added, with("x")))) {
				if f.Severity.AtLeast(traffic.Warn) {
					t.Errorf("with %s: %+v", added, f)
				}
			}
		}
	})
}

// requiredIn lists the keys of a value, at every depth, that the contract requires
// in every case: not those that only one of several forms requires.
func requiredIn(p *payload, value any) []string {
	optional := formsOf(p.graph)
	var list []string
	for _, pointer := range pointers(value, "") {
		holder, _ := valuepath.Pointer(value, jsonpointer.Parent(pointer))
		if _, isObject := holder.(map[string]any); !isObject {
			continue
		}
		required := false
		p.along(value, jsonpointer.Parent(pointer), func(nodes []*node, _ any) {
			required = slices.ContainsFunc(nodes, func(n *node) bool {
				return !optional[n] && slices.Contains(n.required, jsonpointer.Last(pointer))
			})
		})
		if required {
			list = append(list, pointer)
		}
	}
	return list
}

var forms = map[*node]map[*node]bool{} // by root

func formsOf(root *node) map[*node]bool {
	if forms[root] == nil {
		forms[root] = map[*node]bool{}
		collectForms(root, map[*node]bool{}, forms[root])
	}
	return forms[root]
}

// collectForms finds the nodes that are, or belong to, a branch of a choice.
func collectForms(n *node, seen, forms map[*node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	var mark func(n *node)
	mark = func(n *node) {
		if !forms[n] {
			forms[n] = true
			for _, next := range n.inPlace() {
				mark(next)
			}
		}
	}
	for _, branch := range slices.Concat(n.oneOf, n.anyOf) {
		mark(branch)
	}
	for _, next := range slices.Concat(n.inPlace(), n.inside()) {
		collectForms(next, seen, forms)
	}
}

// wrongType returns a value of a type that the contract does not allow at a place.
func wrongType(p *payload, value any, pointer string) (any, bool) {
	var at []*node
	p.along(value, pointer, func(nodes []*node, _ any) { at = nodes })
	for _, candidate := range []any{true, json.Number("12345"), "text", map[string]any{}, []any{}} {
		for _, n := range at {
			if len(n.types) > 0 && typed(viewOf(candidate), n.types) == no {
				return candidate, true
			}
		}
	}
	return nil, false
}
