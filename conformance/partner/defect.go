package partner

import (
	"fmt"
	"slices"
	"strings"
)

// Defect is one thing that a partner does wrong. Its name is also the value of
// the switch in the messenger's code.
type Defect struct {
	Name  string `json:"name"`
	About string `json:"about"` // a sentence about the partner
}

// Defects lists the defects that a vendor's partner can have, grouped by what
// they are about; nil for an unknown vendor.
func Defects(vendor string) []Defect {
	if vendor != "elma365" {
		return nil
	}
	return slices.Concat(verifyDefects, eventDefects, bodyDefects, loadDefects, callDefects, retryDefects)
}

// defects are those that a messenger has.
type defects map[string]bool

func choose(vendor string, names []string) (defects, error) {
	chosen := defects{}
	all := Defects(vendor)
	for _, name := range names {
		if !slices.ContainsFunc(all, func(d Defect) bool { return d.Name == name }) {
			return nil, fmt.Errorf("no defect %q; there are %s", name, list(all))
		}
		chosen[name] = true
	}
	return chosen, nil
}

func list(all []Defect) string {
	var names []string
	for _, d := range all {
		names = append(names, d.Name)
	}
	return strings.Join(names, ", ")
}
