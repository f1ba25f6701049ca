package checktest

import (
	"maps"
	"slices"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
)

// Relabelled is the contract with one requirement changed.
func Relabelled(t testing.TB, contract *specs.Contract, id string, change func(*specs.Requirement)) *specs.Contract {
	t.Helper()
	next := *contract
	next.Requirements = slices.Clone(contract.Requirements)
	i := slices.IndexFunc(next.Requirements, func(r specs.Requirement) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("there is no requirement %s", id)
	}
	change(&next.Requirements[i])
	return &next
}

// Relabel makes sure that how grave a verdict is follows from the contract's
// requirement and from nothing else: where that is a SHOULD, or assumed, what failed
// warns, and every other verdict is as before. Broken are rows by the requirement that
// their partner breaks.
func Relabel(t *testing.T, shipped *specs.Contract, broken map[string]Row, verdicts func(*testing.T, Row, *specs.Contract) map[string]conformance.Verdict) {
	t.Parallel()
	for _, id := range sample(slices.Sorted(maps.Keys(broken)), 2) {
		row := broken[id]
		t.Run(row.Defect+", "+id, func(t *testing.T) {
			t.Parallel()
			before := verdicts(t, row, shipped)
			for name, change := range map[string]struct {
				to     func(*specs.Requirement)
				failed conformance.Verdict // becomes this
			}{
				"a SHOULD": {func(r *specs.Requirement) { r.Level = "SHOULD" }, conformance.VerdictWarn},
				"assumed":  {func(r *specs.Requirement) { r.Evidence = specs.Assumed }, conformance.VerdictWarn},
				"observed": {func(r *specs.Requirement) { r.Evidence = specs.Observed }, conformance.VerdictFail},
			} {
				want := map[string]conformance.Verdict{}
				failed := 0
				for id, was := range before {
					if want[id] = was; was == conformance.VerdictFail {
						want[id] = change.failed
						failed++
					}
				}
				after := verdicts(t, row, Relabelled(t, shipped, id, change.to))
				if failed == 0 || !maps.Equal(after, want) {
					t.Errorf("%s: verdicts %v, want %v; by the shipped contract %v", name, after, want, before)
				}
			}
		})
	}
}
