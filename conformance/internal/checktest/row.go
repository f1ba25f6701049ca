// Package checktest is what the tests of the vendors' checks share: tables that say
// for a partner which checks do not pass, and how such a partner is judged.
package checktest

import (
	"strings"

	"github.com/parleykit/parley/conformance"
)

// Row names exactly the checks that do not pass for a partner, by their verdict and
// by what follows the table's prefix in their IDs. Names are separated by spaces.
type Row struct {
	Defect        string // "" for the good partner
	Readings      string // "R-10=refusal-expected R-14=send-again", without the vendor's name
	Fail          string
	Warn          string
	Undetermined  string
	NotApplicable string
	CouldNotRun   string
	Pass          string // of those that a good partner does not pass either
	Only          string // the checks that are run; "" for all
}

// Expected returns the verdicts of a row other than pass. A name that stands in
// several has the worst of them; Pass is stronger than all.
func (r Row) Expected() map[string]conformance.Verdict {
	all := map[string]conformance.Verdict{}
	for _, given := range []struct {
		verdict conformance.Verdict
		names   string
	}{
		{conformance.VerdictNotApplicable, r.NotApplicable}, {conformance.VerdictCouldNotRun, r.CouldNotRun}, {conformance.VerdictUndetermined, r.Undetermined},
		{conformance.VerdictWarn, r.Warn}, {conformance.VerdictFail, r.Fail},
	} {
		for _, name := range strings.Fields(given.names) {
			all[name] = given.verdict
		}
	}
	for _, name := range strings.Fields(r.Pass) {
		delete(all, name)
	}
	return all
}

// Name is the row's name as a test: what it has of readings, defects and checks.
func (r Row) Name() string {
	return strings.Join(strings.Fields(r.Readings+" "+r.Defect+" "+r.Only), " ")
}

// Defects are those of the partner.
func (r Row) Defects() []string { return strings.Fields(r.Defect) }
