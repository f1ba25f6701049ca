package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/parleykit/parley/mockserver"
)

// drainFor lets a mock that was told to end say that it is not ready, and go on so long
// that whoever shares out traffic sees it. A second signal, or a server that failed,
// ends that.
func (f serveFlags) drainFor(mock *mockserver.Server, console *console, failed <-chan error) {
	again, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // before anybody sees that it drains
	defer stop()
	mock.Drain()
	if f.drain <= 0 {
		return
	}
	console.printf("draining for %s: /_parley/ready says so; Ctrl-C ends at once\n", f.drain)
	select {
	case <-time.After(f.drain):
	case <-again.Done():
	case <-failed: // nobody reaches it any more
	}
}
