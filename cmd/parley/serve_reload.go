package main

import (
	"context"
	"io"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/vendors"
)

// A contract is loaded again when nothing of it was written for as long as an editor or
// a checkout needs between two files, and at the latest so long after the first.
const (
	quietFor    = 100 * time.Millisecond
	atTheLatest = 2 * time.Second
)

// reloader gives a running mock the contracts of the user's own again when their files
// change. One that is broken is refused, and the mock goes on with the one before.
type reloader struct {
	flags   serveFlags
	ids     []string // as they were given
	mock    *mockserver.Server
	console *console
	stderr  io.Writer
	watcher *fsnotify.Watcher
	files   []contractFiles
}

// reload watches the files of the user's own contracts until its end is called.
func (f serveFlags) reload(ids []string, mock *mockserver.Server, console *console, stderr io.Writer) (end func()) {
	r := &reloader{flags: f, ids: ids, mock: mock, console: console, stderr: stderr, files: f.ownFiles(ids)}
	if len(r.files) == 0 {
		return func() {}
	}
	var err error
	if r.watcher, err = fsnotify.NewWatcher(); err == nil {
		err = r.look()
	}
	if err != nil {
		visible.Fprintf(stderr, "parley: the contract's files are not watched, so that a change needs another start: %v\n", err)
	}
	if r.watcher == nil {
		return func() {}
	}
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		r.follow(ctx)
	}()
	return func() {
		stop()
		<-over
		r.watcher.Close()
	}
}

// look watches the folders that there are now, and those that were.
func (r *reloader) look() error {
	for _, c := range r.files {
		for _, folder := range c.folders() {
			if err := r.watcher.Add(folder); err != nil {
				return err
			}
		}
	}
	return nil
}

// follow gathers changes, and loads when they have come to rest.
func (r *reloader) follow(ctx context.Context) {
	changed := map[string]bool{} // roots
	var due <-chan time.Time
	var latest time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case event, open := <-r.watcher.Events:
			if !open {
				return
			}
			ours := false // others may write beside a document
			for _, c := range r.files {
				if event.Op != fsnotify.Chmod && c.has(event.Name) {
					changed[c.root], ours = true, true
				}
			}
			if !ours {
				continue
			}
			if due == nil {
				latest = time.Now().Add(atTheLatest)
			}
			due = time.After(min(quietFor, time.Until(latest)))
		case err, open := <-r.watcher.Errors:
			if !open {
				return
			}
			visible.Fprintf(r.stderr, "parley: watching the contract's files: %v\n", err)
		case <-due:
			r.load(changed)
			due = nil
		}
	}
}

// load loads the contracts again, and gives the mock those whose files have changed.
// What is refused is tried again with the next change, whichever file that is of.
func (r *reloader) load(changed map[string]bool) {
	contracts, err := r.flags.load(r.ids...)
	if err == nil {
		contracts, err = r.flags.signing.choose(contracts)
	}
	if err != nil {
		r.refuse(err)
		return
	}
	for _, c := range contracts {
		root := filepath.FromSlash(c.Path(""))
		if !changed[root] {
			continue
		}
		if err := r.mock.Reload(vendors.Played(c)[0]); err != nil {
			r.refuse(err)
			continue
		}
		delete(changed, root)
		r.console.printf("%s: %s has changed and is played; what it remembered begins anew\n", c.ID, root)
		r.console.gaps(r.mock, c)
	}
	r.files = r.flags.ownFiles(r.ids) // a document may refer to others now
	if err := r.look(); err != nil {
		visible.Fprintf(r.stderr, "parley: watching the contract's files: %v\n", err)
	}
}

func (r *reloader) refuse(err error) {
	visible.Fprintf(r.stderr, "parley: %s\nparley: the mock goes on with the contract as it was\n", r.console.redact.Values(err.Error()))
}
