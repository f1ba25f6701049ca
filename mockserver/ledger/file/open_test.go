package file_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/file"
)

var byStep = file.Options{Durability: ledger.Step}

// filled is a folder in which a sandbox has three entries, a checkpoint after the second
// one, and nobody at work.
func filled(t *testing.T) (dir, segment string) {
	t.Helper()
	dir = t.TempDir()
	l := open(t, dir, byStep)
	log := opened(t, l, "default")
	for i := range 3 {
		if _, err := log.Append(fmt.Appendf(nil, "entry %d", i+1)); err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			if err := log.Checkpoint(t.Context(), 2, []byte("state 2")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir, "sandbox-default", "00000001.log")
}

func opened(t *testing.T, l ledger.Ledger, sandbox string) ledger.Log {
	t.Helper()
	log, err := l.Open(t.Context(), sandbox, 0)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// entries are what a log has, one after the other.
func entries(t *testing.T, log ledger.Log) string {
	t.Helper()
	var all []string
	_, last, _ := log.Held()
	if err := log.Entries(t.Context(), 1, last, func(_ uint64, entry []byte) error {
		all = append(all, string(entry))
		return nil
	}); err != nil {
		t.Error(err)
	}
	return strings.Join(all, ", ")
}

// TestTorn cuts a log at every length: it opens, has what is whole, says what it cut off,
// and takes more.
func TestTorn(t *testing.T) {
	_, segment := filled(t)
	whole, err := os.ReadFile(segment)
	if err != nil {
		t.Fatal(err)
	}
	const record = 17 + len("entry 1")
	wholes := map[int]string{0: "", 16: "", 16 + record: "entry 1", 16 + 2*record: "entry 1, entry 2", 16 + 3*record: "entry 1, entry 2", len(whole): "entry 1, entry 2, entry 3"}
	want := ""
	for length := range len(whole) + 1 {
		dir, segment := filled(t)
		if err := os.Truncate(segment, int64(length)); err != nil {
			t.Fatal(err)
		}
		var cuts []file.Cut
		l := open(t, dir, file.Options{Durability: ledger.Step, Cut: func(c file.Cut) { cuts = append(cuts, c) }})
		log := opened(t, l, "default")
		text, atEnd := wholes[length]
		if want = text; !atEnd {
			want = before(wholes, length)
		}
		if got := entries(t, log); got != want {
			t.Errorf("of %d bytes there is %q, want %q", length, got, want)
		}
		if said := len(cuts) == 1 && cuts[0].Sandbox == "default" && cuts[0].Aside == ""; said == (atEnd && length > 0) {
			t.Errorf("of %d bytes it says %+v", length, cuts)
		}
		if _, err := log.Append([]byte("more")); err != nil || l.Close(t.Context()) != nil {
			t.Fatal(err)
		}
		l = open(t, dir, byStep)
		if got := entries(t, opened(t, l, "default")); got != strings.TrimPrefix(want+", more", ", ") {
			t.Errorf("of %d bytes there is %q afterwards", length, got)
		}
		l.Close(t.Context())
	}
}

func before(wholes map[int]string, length int) string {
	for ; ; length-- {
		if text, ok := wholes[length]; ok {
			return text
		}
	}
}

// TestSpoiledEnd: what follows a record that cannot be read is put aside, not thrown away.
func TestSpoiledEnd(t *testing.T) {
	dir, segment := filled(t)
	text, _ := os.ReadFile(segment)
	at := strings.Index(string(text), "entry 2")
	text[at] ^= 1
	os.WriteFile(segment, text, 0o600)
	var cuts []file.Cut
	l := open(t, dir, file.Options{Cut: func(c file.Cut) { cuts = append(cuts, c) }})
	if got := entries(t, opened(t, l, "default")); got != "entry 1" {
		t.Errorf("there is %q", got)
	}
	if len(cuts) != 1 || cuts[0].Aside != segment+".cut" || cuts[0].Bytes != int64(len(text)-at+17) {
		t.Fatalf("it says %+v", cuts)
	}
	if aside, err := os.ReadFile(cuts[0].Aside); string(aside) != string(text[at-17:]) {
		t.Errorf("aside are %q, %v", aside, err)
	}
}

// several is a folder with a log of three segments.
func several(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	l := open(t, dir, byStep)
	log := opened(t, l, "default")
	for i := range 3 {
		sequence, _ := log.Append([]byte(strings.Repeat("e", 300<<10)))
		if err := log.Checkpoint(t.Context(), sequence, fmt.Appendf(nil, "state %d", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRefused(t *testing.T) {
	for title, test := range map[string]struct {
		dir  func(t *testing.T) string
		err  error
		says string
	}{
		"a folder of something else": {func(t *testing.T) string {
			dir := t.TempDir()
			os.WriteFile(filepath.Join(dir, "photo.jpg"), nil, 0o600)
			return dir
		}, file.ErrForeign, "photo.jpg"},
		"a file of that name by somebody else": {func(t *testing.T) string {
			dir := t.TempDir()
			os.WriteFile(filepath.Join(dir, "ledger.json"), []byte(`{"kind":"accounts"}`), 0o600)
			return dir
		}, file.ErrForeign, "name another folder"},
		"a newer form": {func(t *testing.T) string {
			dir := t.TempDir()
			os.WriteFile(filepath.Join(dir, "ledger.json"), []byte(`{"kind":"parley ledger","format":2,"parley":"v9.1.0"}`), 0o600)
			return dir
		}, file.ErrForeign, "v9.1.0 in form 2"},
		"a spoiled file in the middle": {func(t *testing.T) string {
			dir := several(t)
			os.Truncate(filepath.Join(dir, "sandbox-default", "00000002.log"), 1000)
			return dir
		}, file.ErrDamaged, "00000002.log is not whole"},
		"a file that is missing": {func(t *testing.T) string {
			dir := several(t)
			os.Remove(filepath.Join(dir, "sandbox-default", "00000002.log"))
			return dir
		}, file.ErrDamaged, "a file is missing"},
	} {
		t.Run(title, func(t *testing.T) {
			l, err := file.Open(test.dir(t), file.Options{})
			if err == nil {
				defer l.Close(t.Context())
				_, err = l.Open(t.Context(), "default", 0)
			}
			if !errors.Is(err, test.err) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("it says %v, want %v with %q", err, test.err, test.says)
			}
		})
	}
}

// TestHeld: one at a time has the folder, and it stays its owner's alone.
func TestHeld(t *testing.T) {
	dir, segment := filled(t)
	l := open(t, dir, byStep)
	if _, err := file.Open(dir, byStep); err == nil || !strings.Contains(err.Error(), "is written by") {
		t.Errorf("a second one says %v", err)
	}
	l.Close(t.Context())
	open(t, dir, byStep)
	for _, name := range []string{dir, filepath.Dir(segment), segment, filepath.Join(dir, "ledger.json")} {
		if info, err := os.Stat(name); err != nil || name != dir && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// TestForgottenFiles: what is forgotten takes no room.
func TestForgottenFiles(t *testing.T) {
	dir := several(t)
	l := open(t, dir, byStep)
	log := opened(t, l, "default")
	if err := log.Forget(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "sandbox-default", "*"))
	if len(left) != 2 {
		t.Errorf("left are %v", left)
	}
	if oldest, last, _ := log.Held(); oldest != 2 || last != 3 {
		t.Errorf("held is %d to %d", oldest, last)
	}
}

// TestGathered: with Interval an answer waits for no disk, and the disk has it soon.
func TestGathered(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir, file.Options{Every: time.Millisecond})
	log := opened(t, l, "default")
	sequence, _ := log.Append([]byte("entry 1"))
	if err := log.Await(t.Context(), sequence); err != nil {
		t.Fatal(err)
	}
	for {
		if text, _ := os.ReadFile(filepath.Join(dir, "sandbox-default", "00000001.log")); strings.Contains(string(text), "entry 1") {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("it is not there")
		}
	}
}
