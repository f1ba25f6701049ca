package partner

import (
	"fmt"
	"slices"
	"strings"
)

// Defect is one thing that a partner does wrong. Its name is also the value of
// the switch in the partner's code.
type Defect struct {
	Name  string `json:"name"`
	About string `json:"about"` // a sentence about the partner
}

// Defects are those that a partner has, by name.
type Defects map[string]bool

// Has reports whether the partner has a defect.
func (d Defects) Has(name string) bool { return d[name] }

func choose(all []Defect, names []string) (Defects, error) {
	chosen := Defects{}
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
