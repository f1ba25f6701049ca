// Package compare tells what changed between two versions of a contract, and
// whether the change breaks integrations that were right before.
package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/specs"
)

// Level says what a change means for an integration that followed the old version.
type Level string

// The levels, gravest first.
const (
	Breaking   Level = "breaking"   // it is wrong now
	Risky      Level = "risky"      // it may be wrong now
	Compatible Level = "compatible" // it is as right as before
)

var levels = []Level{Breaking, Risky, Compatible}

// AtLeast reports whether a level is as grave as another, or graver.
func (l Level) AtLeast(other Level) bool {
	return slices.Index(levels, l) <= slices.Index(levels, other)
}

// Change is one difference between two versions.
type Change struct {
	Level Level  `json:"level"`
	Where string `json:"where"` // "operations/message", "events/connect", "POST /graph/auth", "requirements/ELMA365-MSG-004", "readings/ELMA365-R-03", "signature"
	Kind  string `json:"kind"`  // stable: "response-required-property-removed"; for events the words event and answer stand in it
	Text  string `json:"text"`
}

// Contracts lists what is different in the new version, gravest first. Operations
// and bodies are compared by oasdiff; an event's body is what an integration
// receives and its answers are what it sends, so that both are compared the other
// way round. An error says which document cannot be read.
func Contracts(old, new *specs.Contract) ([]Change, error) {
	if old.ID != new.ID {
		return nil, fmt.Errorf("%s and %s are contracts of two vendors; compare two versions of one", old.ID, new.ID)
	}
	changes, err := documents(old, new)
	if err != nil {
		return nil, err
	}
	changes = append(changes, answers(old, new)...)
	changes = append(changes, signatures(old, new)...)
	changes = append(changes, requirements(old.Requirements, new.Requirements)...)
	changes = append(changes, readings(old, new)...)
	slices.SortStableFunc(changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(slices.Index(levels, a.Level), slices.Index(levels, b.Level)),
			strings.Compare(a.Where, b.Where), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Text, b.Text))
	})
	return slices.Compact(changes), nil
}
