package file

import (
	"errors"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/ledger"
)

// disk is one with so much room, in bytes, whose files are as large as what they have.
type disk struct {
	mu    sync.Mutex
	room  int64
	tried chan struct{} // receives once per write that failed
}

func (d *disk) free(bytes int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room += bytes
}

type onDisk struct {
	writable
	disk *disk
	size int64
}

func (f *onDisk) WriteAt(p []byte, offset int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	more := max(0, offset+int64(len(p))-f.size)
	fits := int64(len(p))
	if more > f.disk.room {
		fits -= more - f.disk.room
	}
	n, err := f.writable.WriteAt(p[:max(0, fits)], offset)
	grown := max(0, offset+int64(n)-f.size)
	f.size += grown
	f.disk.room -= grown
	if err == nil && n < len(p) {
		err = syscall.ENOSPC
		select {
		case f.disk.tried <- struct{}{}:
		default:
		}
	}
	return n, err
}

// serve has new segments written to this disk until the test ends.
func (d *disk) serve(t *testing.T) {
	before := create
	create = func(name string) (writable, error) {
		f, err := before(name)
		return &onDisk{writable: f, disk: d}, err
	}
	t.Cleanup(func() { create = before })
}

// TestFullDisk: it is said as long as it is so, nothing is lost, and all is written once
// there is room.
func TestFullDisk(t *testing.T) {
	d := &disk{room: 200, tried: make(chan struct{}, 1)}
	d.serve(t)

	dir := t.TempDir()
	l, err := Open(dir, Options{Durability: ledger.Step, Retry: time.Millisecond, Waiting: 1000})
	if err != nil {
		t.Fatal(err)
	}
	log, err := l.Open(t.Context(), "default", 0)
	if err != nil {
		t.Fatal(err)
	}
	entry := strings.Repeat("e", 100)
	var failed error
	for n := 1; failed == nil; n++ {
		sequence, err := log.Append([]byte(entry))
		if failed = err; err == nil {
			failed = log.Await(t.Context(), sequence)
		}
		if n > 2 && failed == nil {
			t.Fatalf("%d entries fit", n)
		}
	}
	if !errors.Is(failed, syscall.ENOSPC) {
		t.Errorf("it says %v", failed)
	}
	if err := log.Flush(t.Context()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("flushing says %v", err)
	}
	for err = nil; err == nil; {
		_, err = log.Append([]byte(entry))
	}
	if !errors.Is(err, ledger.ErrFull) || !strings.Contains(err.Error(), "no space") {
		t.Errorf("what has no place to wait says %v", err)
	}
	_, last, _ := log.Held()
	<-d.tried
	d.free(1 << 20)
	for log.Await(t.Context(), last) != nil { // until the next try
		if t.Context().Err() != nil {
			t.Fatal("it never went on")
		}
	}
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	again, err := Open(dir, Options{Cut: func(c Cut) { t.Errorf("it cut %+v", c) }})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close(t.Context())
	if log, err = again.Open(t.Context(), "default", 0); err != nil {
		t.Fatal(err)
	}
	if _, now, _ := log.Held(); now != last {
		t.Errorf("there are %d entries, want %d", now, last)
	}
}

// TestFullAtTheEnd: what could not be written is said when the log ends.
func TestFullAtTheEnd(t *testing.T) {
	d := &disk{room: 20, tried: make(chan struct{}, 1)}
	d.serve(t)
	l, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	log, _ := l.Open(t.Context(), "default", 0)
	log.Append([]byte("entry 1"))
	if err := l.Close(t.Context()); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "entries 1 to 1 of sandbox default are not written") {
		t.Errorf("it says %v", err)
	}
}

func TestFolders(t *testing.T) {
	for _, name := range []string{"default", "A", "a", "a.B-c_1", "con", "x."} {
		folder := folderOf(name)
		if back, ok := sandboxOf(folder); back != name || !ok || strings.ContainsAny(folder, ".ABC") {
			t.Errorf("%s is in %s, which is of %s, %t", name, folder, back, ok)
		}
	}
	for _, folder := range []string{"default", "sandbox-A", "sandbox-a+", "sandbox-+1", "sandbox-x.y", "lost+found"} {
		if name, ok := sandboxOf(folder); ok {
			t.Errorf("%s is taken for the folder of %s", folder, name)
		}
	}
}
