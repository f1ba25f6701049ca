package specs

import (
	"cmp"
	"slices"
)

// Agreed is how strong a reading is that the user chose: what both sides agreed on
// may fail a partner, whatever the pages leave open. No contract contains it.
const Agreed Class = "agreed"

// Weakest returns the weakest of some classes of evidence; "" for none. Documented is
// the strongest, then come Agreed, Observed and Assumed.
func Weakest(classes ...Class) Class {
	weakest := Class("")
	for _, class := range classes {
		if weakest == "" || strength(class) < strength(weakest) {
			weakest = class
		}
	}
	return weakest
}

func strength(class Class) int {
	return slices.Index([]Class{Assumed, Observed, Agreed, Documented}, class)
}

// CanFail reports whether breaking the requirement is a failure: a MUST that a page
// states or shows, or that was agreed on. All else can at worst warn.
func (r Requirement) CanFail() bool { return r.Level == "MUST" && strength(r.Evidence) > 0 }

// Class is the evidence of the option in force: Agreed where the user chose it,
// else that of the default.
func (s Setting) Class() Class {
	if s.Agreed {
		return Agreed
	}
	return cmp.Or(s.Evidence, Assumed)
}

// Binding returns a requirement as it binds with the readings in force: one that an
// option demands which the user chose is a MUST that was agreed on.
func (c *Contract) Binding(id string) (Requirement, bool) {
	r, ok := c.Requirement(id)
	for _, s := range c.settings {
		if s.Agreed && slices.Contains(s.Options[s.Chosen].Binds, id) {
			r.Level, r.Evidence = "MUST", Agreed
		}
	}
	return r, ok
}

// Setting returns a reading that has options with the one in force.
func (c *Contract) Setting(id string) (Setting, bool) {
	i := slices.IndexFunc(c.settings, func(s Setting) bool { return s.ID == id })
	if i < 0 {
		return Setting{}, false
	}
	return c.settings[i], true
}
