package suite

import (
	"io"
	"sync"

	"github.com/onsi/ginkgo/v2"
)

// progress lets through what Ginkgo reports of a check that takes long, and nothing
// else that Ginkgo prints.
type progress struct {
	to io.Writer // nil: nowhere

	mu   sync.Mutex
	open bool
}

// Write never fails: a report that cannot be shown is none.
func (p *progress) Write(data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open && p.to != nil {
		_, _ = p.to.Write(data)
	}
	return len(data), nil
}

// watch opens until the check ends when Ginkgo begins a report: it asks all that
// were attached for what they know, and then writes. Doing says what the check waits
// for.
func (p *progress) watch(doing func() string) (end func()) {
	detach := ginkgo.AttachProgressReporter(func() string {
		p.set(true)
		return doing()
	})
	return func() {
		detach()
		p.set(false)
	}
}

func (p *progress) set(open bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = open
}
