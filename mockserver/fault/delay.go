package fault

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// maxTime bounds how long a fault makes somebody wait.
const maxTime = time.Hour

// delay is how late something is: a fixed time, or one that is drawn.
type delay struct {
	kind   string // "" for a fixed one
	a, b   time.Duration
	spread float64 // sigma of lognormal
}

var errDelay = errors.New(`write "200ms", "uniform:100ms:500ms", "normal:200ms:50ms" (mean and deviation) or "lognormal:200ms:0.5" (median and sigma)`)

// newDelay reads a Rule.Delay; "" is none.
func newDelay(text string) (delay, error) {
	parts := strings.Split(text, ":")
	var d delay
	var err error
	switch {
	case text == "":
		return d, nil
	case len(parts) == 1:
		d.a, err = parseTime("delay", text)
		return d, err
	case len(parts) != 3:
		return d, fmt.Errorf("delay %q is none; %w", text, errDelay)
	}
	d.kind = parts[0]
	if d.a, err = parseTime("delay", parts[1]); err != nil {
		return d, err
	}
	switch d.kind {
	case "uniform", "normal":
		if d.b, err = parseTime("delay", parts[2]); err != nil {
			return d, err
		}
		if d.kind == "uniform" && d.b < d.a {
			return d, fmt.Errorf("delay %q: %s is less than %s; write the shorter time first", text, d.b, d.a)
		}
	case "lognormal":
		if d.spread, err = strconv.ParseFloat(parts[2], 64); err != nil || !(d.spread > 0 && d.spread <= 10) {
			return d, fmt.Errorf("delay %q: sigma is %q; write a number above 0, at most 10", text, parts[2])
		}
	default:
		return d, fmt.Errorf("delay %q is none; %w", text, errDelay)
	}
	return d, nil
}

// parseTime reads a time of a rule.
func parseTime(name, text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > maxTime {
		return 0, fmt.Errorf("%s %q is no time; write for instance 200ms or 5s, at most %s", name, text, maxTime)
	}
	return d, nil
}

// drawn is one delay, bounded.
func (d delay) drawn(random *rand.Rand) time.Duration {
	var drawn float64
	switch d.kind {
	case "":
		return d.a
	case "uniform":
		drawn = float64(d.a) + random.Float64()*float64(d.b-d.a)
	case "normal":
		drawn = float64(d.a) + random.NormFloat64()*float64(d.b)
	case "lognormal":
		drawn = float64(d.a) * math.Exp(random.NormFloat64()*d.spread)
	}
	return time.Duration(min(max(drawn, 0), float64(maxTime)))
}
