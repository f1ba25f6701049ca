// Package suite runs conformance checks under Ginkgo: Run inside any program,
// Specs inside a Ginkgo suite of one's own. It is the only room that knows Ginkgo.
package suite

import (
	"context"

	"github.com/parleykit/parley/conformance"
)

// Run judges a partner and returns the report. The error is a
// *conformance.UsageError or a *conformance.Unreachable, and then there is no
// report. Calls from several goroutines run one after another. Run must not be
// called from inside a Ginkgo suite, and forgets specs that were registered
// before it; use Specs there.
func Run(ctx context.Context, o conformance.Options) (*conformance.Report, error) { panic("not yet") }
