package recording_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/recording"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

func exchange(n int) *traffic.Exchange {
	return &traffic.Exchange{
		ID: fmt.Sprintf("ex-%06d", n), Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Vendor: "acme", Caller: traffic.Partner,
		Request: traffic.Request{Method: "POST", URL: "/notes?access_token=s3cr3t", Body: traffic.NewBody([]byte(`{"token":"s3cr3t"}`), 0)},
	}
}

func open(t *testing.T, file string, limit int64) *recording.Recording {
	t.Helper()
	r, err := recording.Open(file, limit, redaction.New(redaction.Options{Names: []string{"token"}}), func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// read returns the IDs of a file's exchanges, and how many lines are broken.
func read(t *testing.T, file string) (ids []string, broken int) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "s3cr3t") {
		t.Error("the recording has a secret")
	}
	reader := traffic.NewReader(strings.NewReader(string(data)), 0)
	for {
		e, err := reader.Read()
		var line *traffic.LineError
		switch {
		case errors.Is(err, io.EOF):
			return ids, broken
		case errors.As(err, &line):
			broken++
		case err != nil:
			t.Fatal(err)
		default:
			ids = append(ids, e.ID)
		}
	}
}

// TestEveryExchangeIsThere, in order, also of many writers and when the recording
// goes on after a line that was cut short.
func TestEveryExchangeIsThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.ndjson")
	r := open(t, file, 0)
	var group sync.WaitGroup
	var mu sync.Mutex
	next := 0
	for range 8 {
		group.Go(func() {
			for range 200 {
				mu.Lock()
				next++
				r.Append(exchange(next))
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	r.Append(exchange(0)) // too late, and no harm
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %s", info.Mode())
	}
	if err := os.Truncate(file, info.Size()-5); err != nil {
		t.Fatal(err)
	}
	r = open(t, file, 0)
	r.Append(exchange(1601))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	ids, broken := read(t, file)
	if len(ids) != 1600 || broken != 1 || ids[1599] != "ex-001601" {
		t.Errorf("%d exchanges, %d broken lines, the last is %s", len(ids), broken, ids[len(ids)-1])
	}
	for i, id := range ids[:1599] {
		if id != exchange(i+1).ID {
			t.Fatalf("number %d is %s", i+1, id)
		}
	}
}

// TestItWritesWithoutBeingClosed as soon as nothing more waits.
func TestItWritesWithoutBeingClosed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.ndjson")
	r := open(t, file, 0)
	defer r.Close()
	r.Append(exchange(1))
	for began := time.Now(); ; {
		if ids, _ := read(t, file); len(ids) == 1 {
			return
		}
		if time.Since(began) > 20*time.Second {
			t.Fatal("the exchange is not in the file")
		}
	}
}

// TestRotation: two files, both within the limit and one line, without a gap
// between them.
func TestRotation(t *testing.T) {
	const limit = 2_000
	file := filepath.Join(t.TempDir(), "r.ndjson")
	for part := range 2 { // it goes on after it was closed
		r := open(t, file, limit)
		for n := range 50 {
			r.Append(exchange(50*part + n + 1))
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var all []string
	for _, name := range []string{file + ".1", file} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > limit+500 {
			t.Errorf("%s has %d bytes", filepath.Base(name), info.Size())
		}
		ids, broken := read(t, name)
		if broken != 0 {
			t.Errorf("%d broken lines", broken)
		}
		all = append(all, ids...)
	}
	for i, id := range all {
		if want := exchange(100 - len(all) + i + 1).ID; id != want {
			t.Errorf("number %d is %s, want %s", i, id, want)
		}
	}
	if len(all) < 5 {
		t.Errorf("only %d exchanges are kept", len(all))
	}
}

func TestWhatGoesWrongIsTold(t *testing.T) {
	if _, err := recording.Open(filepath.Join(t.TempDir(), "none", "r.ndjson"), 0, redaction.New(redaction.Options{}), nil); err == nil || !strings.Contains(err.Error(), "r.ndjson cannot be made") {
		t.Errorf("a folder that is not there: %v", err)
	}
	// A folder in the place of FILE.1 is in the way of the rotation.
	file := filepath.Join(t.TempDir(), "r.ndjson")
	if err := os.MkdirAll(filepath.Join(file+".1", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	told := make(chan error, 10)
	r, err := recording.Open(file, 100, redaction.New(redaction.Options{}), func(err error) { told <- err })
	if err != nil {
		t.Fatal(err)
	}
	for n := range 1_000 { // it holds up nobody
		r.Append(exchange(n))
	}
	err = r.Close()
	if err == nil || !strings.HasSuffix(err.Error(), ".1 is a folder; name a regular file, or one that is not there yet; 999 exchanges are not in it") {
		t.Errorf("closed with %v", err)
	}
	if told := <-told; !strings.HasSuffix(told.Error(), "not there yet; what cannot be written is lost until it can be") {
		t.Error(told)
	}
	if ids, broken := read(t, file); len(ids) != 1 || broken != 0 {
		t.Errorf("%d exchanges, %d broken lines", len(ids), broken)
	}
}
