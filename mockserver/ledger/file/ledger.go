// Package file keeps a ledger in a folder: a folder per sandbox, in it segments, files
// that only grow. Each record has its length and its checksum, so that what a process or
// a machine left half written is found, cut off and reported. One process at a time has
// the folder, and nobody but its owner may read it: it has tokens and bodies as they are.
package file

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/version"
	"github.com/parleykit/parley/mockserver/ledger"
)

// Options set up a ledger. The zero value is useful.
type Options struct {
	Durability ledger.Durability // default Interval
	Every      time.Duration     // how long is gathered before it is written, with Interval; default 100 ms
	Retry      time.Duration     // how long is waited after a write that failed; default 1 s
	Waiting    int               // bytes of one sandbox that may wait to be written; default 16 MiB
	Cut        func(Cut)         // is told what was cut off a log when it was opened

	// Failed is told when a sandbox can't be written, and, with nil, when it can be again.
	Failed func(sandbox string, err error)
}

// Cut is the end of a log that was not written whole.
type Cut struct {
	Sandbox string
	File    string
	Bytes   int64
	Aside   string // where the bytes are now; "" when they are the beginning of one record, and gone
}

// ErrForeign says that a folder is no ledger, or one of another version of Parley.
var ErrForeign = errors.New("parley can't use this folder")

// ErrDamaged says that what was written whole cannot be read back.
var ErrDamaged = errors.New("the ledger is damaged")

// What tells the folder from others, and from those of other versions.
const (
	kind     = "parley ledger"
	format   = 1
	headFile = "ledger.json"
)

type head struct {
	Kind   string `json:"kind"`
	Format int    `json:"format"`
	Parley string `json:"parley"` // version that made it
}

// Ledger is a ledger.Ledger in a folder.
type Ledger struct {
	dir     string
	options Options
	held    *files.Held

	mu     sync.Mutex
	open   map[string]*log
	lost   []error // what closed logs could not write
	closed bool
}

// Open takes a folder, which is made when it is not there, and holds it until Close. The
// error wraps ErrForeign, or says which process holds the folder.
func Open(dir string, o Options) (*Ledger, error) {
	o.Durability = cmp.Or(o.Durability, ledger.Interval)
	o.Every, o.Retry = cmp.Or(o.Every, 100*time.Millisecond), cmp.Or(o.Retry, time.Second)
	o.Waiting = cmp.Or(o.Waiting, 16<<20)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, headFile)); os.IsNotExist(err) {
		if err := unused(dir); err != nil {
			return nil, err
		}
	}
	held, err := files.Hold(filepath.Join(dir, headFile))
	if err != nil {
		return nil, err
	}
	l := &Ledger{dir: dir, options: o, held: held, open: map[string]*log{}}
	if err := l.begin(); err != nil {
		held.Release()
		return nil, err
	}
	return l, nil
}

// unused refuses a folder that has something else in it.
func unused(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, one := range list {
		if one.Name() != "lost+found" && !strings.HasPrefix(one.Name(), headFile) {
			return fmt.Errorf("%w: %s has %s and no %s; name an empty folder, or one that does not exist", ErrForeign, dir, one.Name(), headFile)
		}
	}
	return nil
}

// begin reads what the folder says of itself, or says it.
func (l *Ledger) begin() error {
	name := filepath.Join(l.dir, headFile)
	text, err := files.Read(name, 1<<10)
	if err != nil {
		return err
	}
	if len(text) == 0 {
		return l.held.Replace(func(w io.Writer) error {
			return json.NewEncoder(w).Encode(head{kind, format, version.Module()})
		})
	}
	var found head
	switch err := json.Unmarshal(text, &found); {
	case err != nil || found.Kind != kind:
		return fmt.Errorf("%w: %s is not what parley writes there; name another folder", ErrForeign, name)
	case found.Format != format:
		return fmt.Errorf("%w: %s was made by parley %s in form %d, and this is parley %s, which reads form %d; use the one that made it, or name another folder", ErrForeign, l.dir, found.Parley, found.Format, version.Module(), format)
	}
	return l.sweep()
}

// sweep ends what a process that was killed had begun to remove.
func (l *Ledger) sweep() error {
	list, err := filepath.Glob(filepath.Join(l.dir, removing+"*"))
	for _, name := range list {
		err = cmp.Or(err, os.RemoveAll(name))
	}
	return err
}

// Sandboxes are the names of those that have a log, sorted.
func (l *Ledger) Sandboxes(context.Context) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, ledger.ErrClosed
	}
	list, err := os.ReadDir(l.dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, one := range list {
		if name, ok := sandboxOf(one.Name()); ok && one.IsDir() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Holds tells whether a sandbox has a log.
func (l *Ledger) Holds(_ context.Context, sandbox string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false, ledger.ErrClosed
	}
	_, err := os.Stat(filepath.Join(l.dir, folderOf(sandbox)))
	if os.IsNotExist(err) {
		return false, nil
	}
	return err == nil, err
}

// Open returns the log of a sandbox. A folder has one owner, so that fences are not
// looked at.
func (l *Ledger) Open(_ context.Context, sandbox string, _ uint64) (ledger.Log, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, ledger.ErrClosed
	}
	if l.open[sandbox] != nil {
		return nil, fmt.Errorf("the log of sandbox %s is open already", sandbox)
	}
	opened, err := openLog(l, sandbox)
	if err != nil {
		return nil, err
	}
	l.open[sandbox] = opened
	return opened, nil
}

// Waiting is how many bytes wait to be written, of all sandboxes together.
func (l *Ledger) Waiting() (bytes int) {
	l.mu.Lock()
	open := slices.Collect(maps.Values(l.open))
	l.mu.Unlock()
	for _, o := range open { // a log that ends takes both locks the other way round
		o.mu.Lock()
		bytes += o.waiting
		o.mu.Unlock()
	}
	return bytes
}

// Remove forgets a sandbox.
func (l *Ledger) Remove(_ context.Context, sandbox string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return ledger.ErrClosed
	case l.open[sandbox] != nil:
		return fmt.Errorf("the log of sandbox %s is open", sandbox)
	}
	name := filepath.Join(l.dir, folderOf(sandbox))
	gone := filepath.Join(l.dir, removing+folderOf(sandbox))
	if err := os.Rename(name, gone); os.IsNotExist(err) {
		return nil
	} else if err != nil {
		return err
	}
	return os.RemoveAll(gone)
}

// Close makes durable what was appended, ends all logs and lets others have the folder.
// The error says what could not be written, also of logs that were closed before.
func (l *Ledger) Close(ctx context.Context) error {
	l.mu.Lock()
	var open []*log
	for _, one := range l.open {
		open = append(open, one)
	}
	l.mu.Unlock()
	for _, one := range open {
		one.Close(ctx)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		l.held.Release()
	}
	lost := l.lost
	l.lost = nil
	return errors.Join(lost...)
}
