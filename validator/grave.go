package validator

import (
	"slices"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// grave is the severity of a finding in a body: an error only where a MUST that a
// page states or shows, or that was agreed on, is broken. What the contract assumes
// warns, and so does a null in the place of a member that nothing demands.
func (v *Validator) grave(p *payload, d *Document, f traffic.Finding, s said) traffic.Severity {
	if f.Severity != traffic.Error {
		return f.Severity
	}
	demanded := demanded(v.contract, s)
	value, there := d.Lookup(f.Pointer)
	switch {
	case f.Code == "body.required" && f.Hint != "" && s.evidence != specs.Assumed:
		return traffic.Error // its key is there, and not written as printed
	case f.Code == "body.type" && there && value == nil && f.Pointer != "" && !(demanded && (p.requires(d.Value(), f.Pointer) || isItem(d, f.Pointer))):
		return traffic.Warn
	case !demanded:
		return traffic.Warn
	}
	return traffic.Error
}

// demanded reports whether what the contract says of a place can make a partner fail.
func demanded(c *specs.Contract, s said) bool {
	r, ok := c.Binding(s.requirement)
	switch {
	case ok && r.Evidence == specs.Agreed:
		return true
	case s.evidence == specs.Assumed:
		return false
	}
	return !ok || r.CanFail()
}

// isItem reports whether a place is one in a list, where leaving out is no matter of a key.
func isItem(d *Document, pointer string) bool {
	around, _ := d.Lookup(jsonpointer.Parent(pointer))
	_, isList := around.([]any)
	return isList
}

// requires reports whether the object around a place must have it.
func (p *payload) requires(value any, pointer string) bool {
	required := false
	p.along(value, jsonpointer.Parent(pointer), func(nodes []*node, _ any) {
		required = slices.ContainsFunc(nodes, func(n *node) bool { return slices.Contains(n.required, jsonpointer.Last(pointer)) })
	})
	return required
}
