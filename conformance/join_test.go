package conformance_test

import (
	"errors"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

func TestJoin(t *testing.T) {
	a, b := &traffic.Exchange{ID: "ex-1"}, &traffic.Exchange{ID: "ex-2"}
	for name, test := range map[string]struct {
		verdicts  []error
		verdict   conformance.Verdict
		actual    string
		exchanges int
	}{
		"of passes":               {[]error{nil, nil}, "", "", 0},
		"of two alike":            {[]error{conformance.Fail("200", "500", a), nil, conformance.Fail("200", "404", b)}, conformance.VerdictFail, "500; 404", 2},
		"said twice":              {[]error{conformance.Fail("200", "500", a), conformance.Fail("200", "500", b)}, conformance.VerdictFail, "500", 1},
		"after a better one":      {[]error{conformance.Undetermined("R-1", "open", a), conformance.Warn("200", "500", b)}, conformance.VerdictWarn, "500", 1},
		"before another":          {[]error{conformance.CouldNotRun("no"), conformance.NotApplicable("never")}, conformance.VerdictCouldNotRun, "no", 0},
		"after three better ones": {[]error{conformance.CouldNotRun("a"), conformance.CouldNotRun("b"), conformance.CouldNotRun("c"), conformance.Fail("200", "500", a)}, conformance.VerdictFail, "500", 1},
		"of many": {[]error{conformance.Fail("200", "1", a), conformance.Fail("200", "2", a), conformance.Fail("200", "3", b), conformance.Fail("200", "4", b), conformance.Fail("200", "5", b)},
			conformance.VerdictFail, "1; 2; 3; and 2 more", 3},
		"of a plain error": {[]error{errors.New("broke"), conformance.NotApplicable("never")}, conformance.VerdictCouldNotRun, "broke", 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := conformance.DeviationOf(conformance.Join(test.verdicts...))
			if d == nil {
				d = &conformance.Deviation{}
			}
			if d.Verdict != test.verdict || d.Actual != test.actual || len(d.Exchanges) != test.exchanges {
				t.Errorf("%s %q with %d exchanges, want %s %q with %d", d.Verdict, d.Actual, len(d.Exchanges), test.verdict, test.actual, test.exchanges)
			}
		})
	}
}
