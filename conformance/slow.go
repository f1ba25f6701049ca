package conformance

import (
	"time"

	"github.com/parleykit/parley/internal/visible"
)

// watch tells Options.Progress, again and again, what a check that takes very long has
// asked and seen; end stops it, after which nothing more is written.
func (r *Run) watch() (end func()) {
	if r.o.Progress == nil {
		return func() {}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(r.Slow())
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
				// A report that cannot be shown is none.
				_, _ = visible.Fprintf(r.o.Progress, "still at it: %s\n", r.Doing())
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}
