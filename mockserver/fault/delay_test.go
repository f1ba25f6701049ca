package fault

import (
	"slices"
	"testing"
	"time"
)

// TestDelaysAreDrawnFromTheSeed: within their bounds, the same for the same seed,
// fault and match, and others for others.
func TestDelaysAreDrawnFromTheSeed(t *testing.T) {
	const draws = 2000
	drawn := func(seed uint64, text string) []time.Duration {
		d, err := newDelay(text)
		if err != nil {
			t.Fatal(err)
		}
		f := &armed{Rule: Rule{Delay: text}, number: 1, delay: d}
		var list []time.Duration
		for f.Matched = range draws {
			list = append(list, d.drawn(f.random(seed)))
		}
		return list
	}
	for _, test := range []struct {
		text                string
		least, most, median time.Duration
	}{
		{"20ms", 20 * time.Millisecond, 20 * time.Millisecond, 20 * time.Millisecond},
		{"uniform:10ms:30ms", 10 * time.Millisecond, 30 * time.Millisecond, 20 * time.Millisecond},
		{"normal:20ms:10ms", 0, time.Second, 20 * time.Millisecond},
		{"lognormal:20ms:0.5", 0, time.Second, 20 * time.Millisecond},
		{"lognormal:1h:10", 0, time.Hour, time.Hour},
	} {
		got := drawn(3, test.text)
		if !slices.Equal(got, drawn(3, test.text)) {
			t.Errorf("%s: one seed gives two series", test.text)
		}
		if same := slices.Equal(got, drawn(4, test.text)); same != (test.text == "20ms") {
			t.Errorf("%s: another seed gives the same: %t", test.text, same)
		}
		slices.Sort(got)
		if got[0] < test.least || got[draws-1] > test.most {
			t.Errorf("%s: from %s to %s", test.text, got[0], got[draws-1])
		}
		if middle := got[draws/2]; float64(middle) < 0.9*float64(test.median) || float64(middle) > 1.1*float64(test.median) {
			t.Errorf("%s: the middle one is %s, want about %s", test.text, middle, test.median)
		}
	}
}
