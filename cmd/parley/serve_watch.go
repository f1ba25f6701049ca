package main

import (
	"context"
	"io"

	"github.com/parleykit/parley/mockserver/recording"
	"github.com/parleykit/parley/traffic"
)

// watchers see every exchange of a mock that is served: the console, unless it is
// quiet, and the recording, if there is one.
type watchers struct {
	console *console
	feed    *feed                // nil: quiet
	record  *recording.Recording // nil: none
	name    string               // of its file
}

// watch makes them. Base is where partners reach what is recorded.
func (f serveFlags) watch(base string, c *console, stderr io.Writer) (*watchers, error) {
	w := &watchers{console: c}
	if !f.quiet {
		w.feed = newFeed()
	}
	if f.recordLimit < 0 || f.sandboxes.Number < 0 || f.sandboxes.Idle < 0 || f.sandboxes.Bytes < 0 || f.drain < 0 {
		return nil, usage("--record-limit, --sandboxes, --sandbox-bytes, --sandbox-idle and --drain can't be negative; leave them out for their defaults")
	}
	if f.record == "" {
		return w, nil
	}
	var err error
	if recording.IsArchive(f.record) {
		har := traffic.HAROptions{Version: versionText(), Base: base}
		w.record, err = recording.OpenArchive(f.record, har, f.recordLimit, c.redact, tellOf(stderr))
	} else {
		w.record, err = recording.Open(f.record, f.recordLimit, c.redact, tellOf(stderr))
	}
	if err != nil {
		return nil, environment("--record: %w", err)
	}
	w.name = f.record
	return w, nil
}

func (w *watchers) exchange(e *traffic.Exchange) {
	if w.record != nil {
		w.record.Append(e)
	}
	if w.feed != nil {
		w.feed.offer(e)
	}
}

// close ends the recording of a mock that never began.
func (w *watchers) close() {
	if w.record != nil {
		w.record.Close() // its error has been told
	}
}

// begin prints exchanges until its end is called, which writes all that waits and
// returns the recording's error.
func (w *watchers) begin(ctx context.Context) (end func() error) {
	if w.record != nil {
		w.console.printf("recording to %s\n", w.name)
	}
	following, stop := context.WithCancel(context.WithoutCancel(ctx))
	printed := make(<-chan struct{})
	if w.feed != nil {
		printed = w.console.follow(following, w.feed)
	}
	return func() error {
		stop()
		if w.feed != nil {
			<-printed
		}
		if w.record == nil {
			return nil
		}
		if err := w.record.Close(); err != nil {
			return environment("%w", err)
		}
		return nil
	}
}
