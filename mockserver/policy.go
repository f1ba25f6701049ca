package mockserver

import (
	"fmt"
	"slices"
	"time"

	"github.com/parleykit/parley/specs"
)

// safetyTimeout ends an attempt where the contract specifies no timeout.
// Assumed: no vendor waits for ever, and a mock must not.
const safetyTimeout = 10 * time.Second

// policy is a contract's delivery policy as the outbox uses it.
type policy struct {
	timeout  time.Duration
	attempts int
	backoff  time.Duration
	success  []int
}

// newPolicy reads a contract's policy. What it leaves unspecified is one attempt.
func newPolicy(d specs.Delivery) (policy, error) {
	p := policy{timeout: safetyTimeout, attempts: max(1, d.Attempts), success: d.Success}
	for _, value := range []struct {
		name, text string
		into       *time.Duration
	}{{"timeout", d.Timeout, &p.timeout}, {"backoff", d.Backoff, &p.backoff}} {
		if value.text == "" || value.text == "unspecified" {
			continue
		}
		duration, err := time.ParseDuration(value.text)
		if err != nil || duration <= 0 {
			return p, fmt.Errorf("x-parley.delivery.%s is %q; write a duration such as 5s, or unspecified", value.name, value.text)
		}
		*value.into = duration
	}
	return p, nil
}

func (p policy) succeeded(status int) bool {
	if len(p.success) == 0 {
		return status >= 200 && status < 300
	}
	return slices.Contains(p.success, status)
}
