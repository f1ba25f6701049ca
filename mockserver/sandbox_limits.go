package mockserver

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// DefaultSandbox is the name of the sandbox of calls that name none.
const DefaultSandbox = "default"

// SandboxLimits bound the named sandboxes of a mock; the default one is beside
// them. What a named sandbox remembers is bounded to a tenth of what the default
// one may: see Stage.Bound.
type SandboxLimits struct {
	Number  int            // default 1,000
	Idle    time.Duration  // one that nobody used for so long is removed; default 1 h
	Journal traffic.Limits // of each; default 1,000 exchanges and 1 MiB
	// Bytes of exchanges are kept by all of them together; default 64 MiB. When they are
	// spent, those with the longest journals let their oldest go.
	Bytes int64
}

func (l SandboxLimits) withDefaults() SandboxLimits {
	l.Number = cmp.Or(max(l.Number, 0), 1_000)
	l.Idle = cmp.Or(max(l.Idle, 0), time.Hour)
	l.Journal.Exchanges = cmp.Or(max(l.Journal.Exchanges, 0), 1_000)
	l.Journal.Bytes = cmp.Or(max(l.Journal.Bytes, 0), 1<<20)
	l.Bytes = cmp.Or(max(l.Bytes, 0), 64<<20)
	l.Journal.Budget = traffic.NewBudget(l.Bytes)
	return l
}

// SandboxOptions say how a sandbox begins, and how it begins again after a reset.
type SandboxOptions struct {
	Name   string        // letters, digits, "-", "_" and ".", at most 64
	Seed   *uint64       // nil: follows from the mock's seed and the name
	Now    time.Time     // what its clock shows; zero: the mock's time
	Frozen bool          // its clock stands still
	Idle   time.Duration // instead of the limit's; 0: that
}

// What creating a sandbox may fail with.
var (
	ErrSandboxName  error = &problem.Reason{Status: http.StatusBadRequest, Kind: "sandbox", Text: "no name of a sandbox"}
	ErrSandboxTaken error = &problem.Reason{Status: http.StatusConflict, Kind: "sandbox", Text: "the sandbox exists already"}
	ErrSandboxes    error = &problem.Reason{Status: http.StatusTooManyRequests, Kind: "sandbox", Text: "too many sandboxes"}
)

// maxSandboxName is how long a name may be.
const maxSandboxName = 64

func checkSandboxName(name string) error {
	ok := name != "" && name != "." && name != ".." && len(name) <= maxSandboxName // no dot segments
	for i := 0; ok && i < len(name); i++ {
		c := name[i]
		ok = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'
	}
	if !ok {
		return fmt.Errorf("%w: %.80q; use 1 to %d letters, digits, \"-\", \"_\" or \".\"", ErrSandboxName, name, maxSandboxName)
	}
	return nil
}

// bound returns how many of something the sandbox may keep where the default one
// keeps so many.
func (b *Sandbox) bound(most int) int {
	if b.name == "" {
		return most
	}
	return min(most, max(100, most/10))
}

// Deliveries that all named sandboxes together remember, and what each may however
// many they are.
const (
	manyDeliveries = 20_000
	fewDeliveries  = 20
)

// deliveries returns how many the sandbox remembers; the more sandboxes there are,
// the fewer.
func (b *Sandbox) deliveries() int {
	most := b.bound(outbox.MaxKept)
	if b.name == "" {
		return most
	}
	return min(most, max(fewDeliveries, manyDeliveries/max(1, int(b.server.sandboxes.number.Load()))))
}
