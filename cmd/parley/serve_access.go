package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver/access"
	"github.com/parleykit/parley/traffic/redaction"
)

// accessFile is the file of --access, which is read again when it changes, and at SIGHUP.
type accessFile struct {
	name   string
	last   []byte
	access *access.Access
	redact *redaction.Redactor
}

// openAccess reads the file of --access; nil where none is given.
func (f serveFlags) openAccess() (*accessFile, error) {
	if f.access == "" {
		return nil, nil
	}
	a := &accessFile{name: f.access}
	tokens, err := a.read()
	if err != nil {
		return nil, usage("--access: %w", err)
	}
	a.access = access.New(tokens, time.Now)
	return a, nil
}

// inForce are the tokens, or nil.
func (a *accessFile) inForce() *access.Access {
	if a == nil {
		return nil
	}
	return a.access
}

func (a *accessFile) read() ([]*access.Token, error) {
	text, err := files.Read(a.name, files.Text)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(a.name)
	if err != nil {
		return nil, err
	}
	a.last = text
	private := info.Mode().Perm()&0o077 == 0 || runtime.GOOS == "windows" // where the mode is what the folder gives
	return access.Parse(access.File{Name: a.name, Text: text, Private: private, Env: os.LookupEnv})
}

// follow reads the file again until its end is called. One that is broken is refused, and
// the tokens stay as they were.
func (a *accessFile) follow(redact *redaction.Redactor, console *console, stderr io.Writer) (end func()) {
	if a == nil {
		return func() {}
	}
	a.redact = redact
	var changes chan fsnotify.Event
	watcher, err := fsnotify.NewWatcher()
	if err == nil {
		changes = watcher.Events
		err = watcher.Add(filepath.Dir(a.name)) // the file may be replaced, or a link be turned
	}
	if err != nil {
		visible.Fprintf(stderr, "parley: %s is not watched, so that a change needs SIGHUP: %v\n", a.name, err)
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGHUP)
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		due := time.After(0) // it may have changed before it was watched
		for {
			select {
			case <-ctx.Done():
				return
			case <-changes:
				due = time.After(quietFor)
			case <-due:
				due = nil
				a.again(false, console, stderr)
			case <-told:
				a.again(true, console, stderr)
			}
		}
	}()
	return func() {
		stop()
		<-over
		signal.Stop(told)
		if watcher != nil {
			watcher.Close()
		}
	}
}

// again puts in force what the file has now. Asked is by a signal: then it is said that
// nothing has changed.
func (a *accessFile) again(asked bool, console *console, stderr io.Writer) {
	before := a.last
	tokens, err := a.read()
	switch {
	case err != nil && bytes.Equal(before, a.last) && !asked:
		return // this was said already, or the file is being replaced
	case err != nil:
		visible.Fprintf(stderr, "parley: --access: %v\nparley: the tokens stay as they were\n", err)
	case asked || !bytes.Equal(before, a.last):
		a.access.Replace(tokens)
		know(a.redact, map[string][]string{"": a.access.Secrets()})
		console.printf("%s has been read again, with %d tokens\n", a.name, len(tokens))
	}
}
