package validator

// discriminator is a schema that asks an object for one text under one key and for nothing
// else. Conditions are of this kind, many beside each other, and each is judged for
// every body.
type discriminator struct {
	key      string
	text     string
	required bool
}

// discriminatorOf returns nil for a node that asks for anything else.
func (n *node) discriminatorOf() *discriminator {
	if len(n.properties) != 1 || len(n.required) > 1 || !n.asksNothingElse() || n.hasConst || len(n.types) > 0 {
		return nil
	}
	for key, next := range n.properties {
		text, ok := next.constant.(string)
		if !ok || !next.hasConst || len(next.types) > 0 || len(next.properties) > 0 || len(next.required) > 0 || !next.asksNothingElse() {
			return nil
		}
		if len(n.required) == 1 && n.required[0] != key {
			return nil
		}
		return &discriminator{key: key, text: text, required: len(n.required) == 1}
	}
	return nil
}

// asksNothingElse leaves types, a constant, properties and required keys aside.
func (n *node) asksNothingElse() bool {
	return !n.never && !n.doubt && n.limits == nil && len(n.patterns) == 0 && n.additional == nil &&
		n.items == nil && len(n.tuple) == 0 && len(n.inPlace()) == 0
}

// accept says of a value what the node's own keywords would.
func (d *discriminator) accept(value view) verdict {
	if value.kind() != '{' {
		return yes // keywords for objects say nothing of others
	}
	given, there := value.member(d.key)
	switch {
	case !there:
		return verdictOf(!d.required)
	case given.kind() == 0:
		return unsure
	}
	return equal(given, d.text)
}
