package file

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/parleykit/parley/mockserver/ledger"
)

// FuzzOpen: whatever a file has, a log opens and takes more, or says that it is damaged.
func FuzzOpen(f *testing.F) {
	whole := append([]byte(segmentMark), 1, 0, 0, 0, 0, 0, 0, 0)
	whole = appendRecord(whole, isEntry, 1, []byte("entry 1"))
	whole = appendRecord(whole, isCheckpoint, 1, []byte("state 1"))
	whole = appendRecord(whole, isEntry, 2, []byte("entry 2"))
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add([]byte(segmentMark))
	forCreate, forAgain := create, again
	create = func(name string) (writable, error) { return unsynced(forCreate(name)) }
	again = func(name string) (writable, error) { return unsynced(forAgain(name)) }
	defer func() { create, again = forCreate, forAgain }()
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		l, err := Open(dir, Options{Durability: ledger.Step})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close(context.Background())
		folder := filepath.Join(dir, folderOf("default"))
		os.MkdirAll(folder, 0o700)
		os.WriteFile(filepath.Join(folder, segmentName(1)), text, 0o600)
		log, err := l.Open(t.Context(), "default", 0)
		if err != nil {
			t.Fatal(err)
		}
		_, last, _ := log.Held()
		sequence, err := log.Append([]byte("more"))
		if err != nil || sequence != last+1 {
			t.Fatalf("entry %d after %d, %v", sequence, last, err)
		}
		seen := ""
		if err := log.Entries(t.Context(), sequence, sequence, func(_ uint64, entry []byte) error {
			seen = string(entry)
			return nil
		}); err != nil || seen != "more" {
			t.Errorf("it has %q, %v", seen, err)
		}
	})
}

// inMemory is a file that no disk has to have: what is tried here is reading.
type inMemory struct{ writable }

func (inMemory) Sync() error { return nil }

func unsynced(f writable, err error) (writable, error) { return inMemory{f}, err }
