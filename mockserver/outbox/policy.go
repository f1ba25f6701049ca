package outbox

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/specs"
)

// safetyTimeout ends an attempt where the contract specifies no timeout.
// Assumed: no vendor waits for ever, and a mock must not.
const safetyTimeout = 10 * time.Second

// Bounds of a policy.
const (
	maxTimeout  = 10 * time.Minute
	maxAttempts = 1_000
	maxBackoff  = 24 * time.Hour
)

// Policy is how deliveries are carried out. What is empty is as the vendor's
// contract has it, and what that leaves unspecified is one attempt. A partner's
// Retry-After does not count, because no contract says that it does.
type Policy struct {
	Timeout  string `json:"timeout,omitempty"`  // of an attempt, as "5s"; at most 10m
	Attempts int    `json:"attempts,omitempty"` // how many at most, 1 to 1000
	// Backoff is how long is waited before the next attempt: "1s" before each,
	// "exponential:1s" 1s, 2s, 4s and so on, "exponential:1s:1m" the same but at most
	// 1m; never more than 24h.
	Backoff string `json:"backoff,omitempty"`
	Success []int  `json:"success,omitempty"` // statuses that end a delivery well
}

// Clone returns a policy that shares nothing with this one.
func (p Policy) Clone() Policy {
	p.Success = slices.Clone(p.Success)
	return p
}

// Plan is a policy as it is carried out.
type Plan struct {
	Timeout  time.Duration // of an attempt
	Attempts int
	Success  []int // statuses that end a delivery well; none: 200 to 299
	Own      bool  // Success is a channel's own, and not the contract's

	backoff backoff
}

// NewPlan reads a contract's policy.
func NewPlan(d specs.Delivery) (Plan, error) {
	given := Policy{Timeout: specified(d.Timeout), Attempts: d.Attempts, Backoff: specified(d.Backoff), Success: d.Success}
	p, err := Plan{Timeout: safetyTimeout, Attempts: 1}.With(given)
	if err != nil {
		return p, fmt.Errorf("x-parley.delivery: %w", err)
	}
	p.Own = false
	return p, nil
}

func specified(text string) string {
	if text == "unspecified" {
		return ""
	}
	return text
}

// With is the plan with what is given in the place of its own. The error says what a
// policy cannot be.
func (p Plan) With(given Policy) (Plan, error) {
	var err error
	if given.Timeout != "" {
		if p.Timeout, err = parseTime("timeout", given.Timeout, maxTimeout); err != nil {
			return p, err
		}
	}
	if given.Attempts < 0 || given.Attempts > maxAttempts {
		return p, fmt.Errorf("attempts is %d; give 1 to %d", given.Attempts, maxAttempts)
	}
	p.Attempts = cmp.Or(given.Attempts, p.Attempts)
	if given.Backoff != "" {
		if p.backoff, err = newBackoff(given.Backoff); err != nil {
			return p, err
		}
	}
	for _, status := range given.Success {
		if status < 200 || status > 599 {
			return p, fmt.Errorf("success has %d, which is no final HTTP status; give some from 200 to 599", status)
		}
	}
	if len(given.Success) > 0 {
		p.Success, p.Own = slices.Clone(given.Success), true
	}
	return p, nil
}

// Succeeded reports whether a status ends a delivery well.
func (p Plan) Succeeded(status int) bool {
	if len(p.Success) == 0 {
		return status >= 200 && status < 300
	}
	return slices.Contains(p.Success, status)
}

func parseTime(name, text string, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > most {
		return 0, fmt.Errorf("%s is %q; write a duration such as 5s, at most %s", name, text, most)
	}
	return d, nil
}

// backoff is the time between attempts.
type backoff struct {
	first  time.Duration
	most   time.Duration
	factor float64
}

func newBackoff(text string) (backoff, error) {
	b := backoff{most: maxBackoff, factor: 1}
	rest, exponential := strings.CutPrefix(text, "exponential:")
	if exponential {
		b.factor = 2
	}
	first, most, bounded := strings.Cut(rest, ":")
	if bounded && !exponential {
		return b, fmt.Errorf(`backoff is %q; write "1s", "exponential:1s" or "exponential:1s:1m"`, text)
	}
	var err error
	if b.first, err = parseTime("backoff", first, maxBackoff); err == nil && bounded {
		b.most, err = parseTime("backoff", most, maxBackoff)
	}
	return b, err
}

// before is how long is waited before the n-th attempt, 1 being the first.
func (p Plan) before(n int) time.Duration {
	b := p.backoff
	if n < 2 || b.first == 0 {
		return 0
	}
	return time.Duration(min(float64(b.first)*math.Pow(b.factor, float64(n-2)), float64(b.most)))
}
