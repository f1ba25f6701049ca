package checktest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
)

// told is a test that keeps what it is told.
type told struct {
	testing.TB
	text strings.Builder
}

func (t *told) Helper() {}

func (t *told) Errorf(format string, args ...any) { fmt.Fprintf(&t.text, format+"\n", args...) }

// TestAMissedRowNamesItsReadings: whoever changes the default of a reading is told
// which row it changed, and by which reading.
func TestAMissedRowNamesItsReadings(t *testing.T) {
	report := &conformance.Report{Results: []conformance.Result{
		{ID: "tiny/hook/ping", Verdict: conformance.VerdictWarn, Expected: "200", Actual: "500", Readings: []conformance.Reading{
			{ID: "TINY-R-1", Chosen: "never", Default: "never"}, {ID: "TINY-R-2", Chosen: "a", Default: "b"},
		}},
		{ID: "tiny/hook/pong", Verdict: conformance.VerdictPass},
	}}
	seen := &told{}
	Compare(seen, report, "tiny/", Row{Defect: "broken", Readings: "R-2=a", Fail: "hook/ping hook/pang"})
	const want = `row "R-2=a broken": hook/ping: warn, the row has fail; expected 200, actual 500; readings in force: TINY-R-1=never (by default), TINY-R-2=a (default b)
row "R-2=a broken": hook/pang is in the row and was not run
`
	if got := seen.text.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestSample: whole without the race detector, and else a few from all of the list.
func TestSample(t *testing.T) {
	list := []int{0, 1, 2, 3, 4, 5, 6}
	want := fmt.Sprint(list)
	if raceDetector {
		want = "[0 2 4]"
	}
	if got := fmt.Sprint(sample(list, 3)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
