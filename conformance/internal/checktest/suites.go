package checktest

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
)

// Suites judges a vendor's suites as they stand: each requirement that binds the partner
// has a check or says why none can decide it, each check names what it decides, and
// titles can be read.
func Suites(t *testing.T, contract *specs.Contract, suites []conformance.Suite) {
	t.Run("requirements", func(t *testing.T) { requirementsFit(t, contract, suites) })
	t.Run("titles", func(t *testing.T) { titlesAreSentences(t, suites) })
}

func requirementsFit(t *testing.T, contract *specs.Contract, suites []conformance.Suite) {
	checked := map[string]string{}
	for _, s := range suites {
		for _, c := range s.Checks {
			if len(c.Requirements) == 0 {
				t.Errorf("%s decides no requirement", c.ID)
			}
			for _, id := range c.Requirements {
				checked[id] = c.ID
				if r, ok := contract.Requirement(id); !ok || r.Binds != "partner" {
					t.Errorf("%s names %s, which is no requirement that binds the partner", c.ID, id)
				}
			}
		}
	}
	for _, r := range contract.Requirements {
		check := checked[r.ID]
		switch {
		case r.Binds != "partner":
		case r.Excluded == "" && check == "":
			t.Errorf("%s binds the partner and has neither a check nor a reason: %s", r.ID, r.Text)
		case r.Excluded != "" && check != "":
			t.Errorf("%s is said to be undecidable, and %s decides it", r.ID, check)
		}
	}
}

// titlesAreSentences keeps the list readable: a title says what the partner does.
func titlesAreSentences(t *testing.T, suites []conformance.Suite) {
	seen := map[string]bool{}
	for _, s := range suites {
		for _, c := range s.Checks {
			if seen[c.Title] || c.Title == "" || strings.ToLower(c.Title[:1]) != c.Title[:1] || strings.HasSuffix(c.Title, ".") {
				t.Errorf("%s: title %q; write what the partner does, once, without capital and full stop", c.ID, c.Title)
			}
			if !strings.HasPrefix(c.ID, s.ID+"/") {
				t.Errorf("%s stands in %s", c.ID, s.ID)
			}
			seen[c.Title] = true
		}
	}
}
