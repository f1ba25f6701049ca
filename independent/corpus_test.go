package independent

import (
	"slices"
	"sync"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// forEachContract runs a test with the corpus of each contract that Parley ships,
// exported as a user would.
func forEachContract(t *testing.T, test func(t *testing.T, folder string, c *specs.Contract, faults []fault)) {
	for _, id := range specs.IDs() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c, v := embedded(t, id)
			folder := t.TempDir()
			writeExport(t, c, "json", folder)
			faults := judgedCorpus(t, c, v)
			broken, sampled := map[string]int{}, map[string]bool{}
			for _, f := range faults {
				sampled[f.payload] = true
				if f.keyword != "" {
					broken[f.payload]++
				}
			}
			t.Logf("%d bodies, with keywords broken of each payload: %v", len(faults), broken)
			for payload := range sampled {
				if broken[payload] == 0 {
					t.Errorf("no body breaks a keyword of %s", payload)
				}
			}
			if len(sampled) == 0 {
				t.Error("no payload has a sample that is JSON")
			}
			test(t, folder, c, faults)
		})
	}
}

// corpora are those of the contracts that Parley ships: several tests judge each.
var corpora sync.Map

// judgedCorpus is the corpus of a contract; Parley judges each body for the first test
// that asks.
func judgedCorpus(t *testing.T, c *specs.Contract, v *validator.Validator) []fault {
	t.Helper()
	made, _ := corpora.LoadOrStore(c, sync.OnceValue(func() []fault {
		faults := corpus(c)
		for i, f := range faults {
			faults[i].found = sync.OnceValue(func() []traffic.Finding { return findings(t, v, f) })
		}
		return faults
	}))
	return slices.Clone(made.(func() []fault)())
}

// findings are what Parley finds in a body.
func findings(t *testing.T, v *validator.Validator, f fault) []traffic.Finding {
	t.Helper()
	if f.found != nil {
		return f.found()
	}
	return v.Payload(f.payload, validator.Decode(nodetest.Encode(t, f.body)))
}
