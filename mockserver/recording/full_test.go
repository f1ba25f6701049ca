package recording

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// disk is a file on a disk with so much room, in bytes.
type disk struct {
	text  string
	room  int
	stuck bool // nothing can be taken away either
}

func (d *disk) Write(text []byte) (int, error) {
	n := min(len(text), d.room)
	d.text += string(text[:n])
	d.room -= n
	if n < len(text) {
		return n, syscall.ENOSPC
	}
	return n, nil
}

func (d *disk) Truncate(size int64) error {
	if d.stuck {
		return syscall.EIO
	}
	d.room += len(d.text) - int(size)
	d.text = d.text[:size]
	return nil
}

func (d *disk) Close() error { return nil }

// on is a recording on such a disk, whose goroutine is the test's.
func on(t *testing.T, d *disk) (*Recording, *[]string) {
	t.Helper()
	var told []string
	r, err := Open(filepath.Join(t.TempDir(), "r.ndjson"), 0, redaction.New(redaction.Options{}), func(err error) { told = append(told, err.Error()) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	r.file.Close()
	r.file = d
	return r, &told
}

func (r *Recording) numbers(numbers ...int) {
	for _, n := range numbers {
		r.add(&traffic.Exchange{ID: fmt.Sprintf("ex-%06d", n), Vendor: "acme", Caller: traffic.Partner, Request: traffic.Request{Method: "GET", URL: "/"}})
	}
	r.flush()
}

// ids are those of whole lines, "broken" stands for the others.
func ids(t *testing.T, text string) string {
	t.Helper()
	if text != "" && !strings.HasSuffix(text, "\n") {
		t.Errorf("it ends in half a line: %q", text)
	}
	var list []string
	for line := range strings.Lines(text) {
		id := "broken"
		if e, err := traffic.NewReader(strings.NewReader(line), 0).Read(); err == nil {
			id = strings.TrimPrefix(e.ID, "ex-00000")
		}
		list = append(list, id)
	}
	return strings.Join(list, " ")
}

// TestFullDisk: it goes on when there is room again, has whole lines at any time,
// and says how many are missing.
func TestFullDisk(t *testing.T) {
	d := &disk{room: 1 << 20}
	r, told := on(t, d)
	r.numbers(1)
	line := len(d.text)
	d.room = 2*line + line/2
	r.numbers(2, 3, 4, 5)
	if got := ids(t, d.text); got != "1 2 3" {
		t.Errorf("on the full disk: %s", got)
	}
	r.numbers(6)
	if got := ids(t, d.text); got != "1 2 3" {
		t.Errorf("on the full disk: %s", got)
	}
	d.room = 1 << 20
	r.numbers(7)
	r.numbers(8)
	if got := ids(t, d.text); got != "1 2 3 7 8" {
		t.Errorf("with room again: %s", got)
	}
	want := "recording: no space left on device; what cannot be written is lost until it can be\nrecording: it goes on; 3 exchanges before it are missing"
	if got := strings.Join(*told, "\n"); got != want {
		t.Errorf("told %s", got)
	}
	if err := r.Close(); err == nil || err.Error() != "recording: no space left on device; 3 exchanges are not in it" {
		t.Errorf("closed with %v", err)
	}
}

// TestHalfALineThatStays spoils no other.
func TestHalfALineThatStays(t *testing.T) {
	d := &disk{room: 1 << 20, stuck: true}
	r, _ := on(t, d)
	r.numbers(1)
	line := len(d.text)
	for range 3 {
		d.room = line / 3
		r.numbers(2)
		d.room = 0
		r.numbers(3)
		d.room = 1 << 20
		r.numbers(4)
		if r.size != int64(len(d.text)) {
			t.Fatalf("it has %d bytes, and %d are known", len(d.text), r.size)
		}
	}
	if got := ids(t, d.text); got != "1 broken 4 broken 4 broken 4" {
		t.Errorf("%s", got)
	}
}

// TestOneFileOneRecording: the second is told of the first, which goes on.
func TestOneFileOneRecording(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.ndjson")
	r, err := Open(file, 0, redaction.New(redaction.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, 0, redaction.New(redaction.Options{}), nil); err == nil || !strings.Contains(err.Error(), file+" is written by ") {
		t.Error(err)
	}
	r.Append(&traffic.Exchange{ID: "ex-000001", Vendor: "acme", Caller: traffic.Partner, Request: traffic.Request{Method: "GET", URL: "/"}})
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(file)
	if got := ids(t, string(text)); err != nil || got != "1" {
		t.Errorf("%s %v", got, err)
	}
	again, err := Open(file, 0, redaction.New(redaction.Options{}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
