package mockserver

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

func (p Policy) copy() Policy {
	p.Success = slices.Clone(p.Success)
	return p
}

// policy is a Policy as the outbox uses it.
type policy struct {
	timeout  time.Duration
	attempts int
	backoff  backoff
	success  []int
	own      bool // success is the channel's: the behaviour isn't asked
}

// newPolicy reads a contract's policy.
func newPolicy(d specs.Delivery) (policy, error) {
	given := Policy{Timeout: specified(d.Timeout), Attempts: d.Attempts, Backoff: specified(d.Backoff), Success: d.Success}
	p, err := policy{timeout: safetyTimeout, attempts: 1}.with(given)
	if err != nil {
		return p, fmt.Errorf("x-parley.delivery: %w", err)
	}
	p.own = false
	return p, nil
}

func specified(text string) string {
	if text == "unspecified" {
		return ""
	}
	return text
}

// with is the policy with what is given in the place of its own.
func (p policy) with(given Policy) (policy, error) {
	var err error
	if given.Timeout != "" {
		if p.timeout, err = policyTime("timeout", given.Timeout, maxTimeout); err != nil {
			return p, err
		}
	}
	if given.Attempts < 0 || given.Attempts > maxAttempts {
		return p, fmt.Errorf("attempts is %d; give 1 to %d", given.Attempts, maxAttempts)
	}
	p.attempts = cmp.Or(given.Attempts, p.attempts)
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
		p.success, p.own = slices.Clone(given.Success), true
	}
	return p, nil
}

func (p policy) succeeded(status int) bool {
	if len(p.success) == 0 {
		return status >= 200 && status < 300
	}
	return slices.Contains(p.success, status)
}

func policyTime(name, text string, most time.Duration) (time.Duration, error) {
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
	if b.first, err = policyTime("backoff", first, maxBackoff); err == nil && bounded {
		b.most, err = policyTime("backoff", most, maxBackoff)
	}
	return b, err
}

// before is how long is waited before the n-th attempt, 1 being the first.
func (b backoff) before(n int) time.Duration {
	if n < 2 || b.first == 0 {
		return 0
	}
	return time.Duration(min(float64(b.first)*math.Pow(b.factor, float64(n-2)), float64(b.most)))
}
