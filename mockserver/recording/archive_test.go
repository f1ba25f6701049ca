package recording_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/recording"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

func record(t *testing.T, file string, limit int64, numbers ...int) error {
	t.Helper()
	r, err := recording.OpenArchive(file, traffic.HAROptions{Version: "v1"}, limit, redaction.New(redaction.Options{Names: []string{"token"}}), func(err error) { t.Error(err) })
	if err != nil {
		return err
	}
	for _, n := range numbers {
		r.Append(exchange(n))
	}
	return r.Close()
}

// entries counts those of an archive, which must be whole.
func entries(t *testing.T, file string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "s3cr3t") {
		t.Error("the archive has a secret")
	}
	format, in, err := traffic.Recognise(strings.NewReader(string(text)), traffic.CaptureOptions{})
	if err != nil || format != traffic.HAR {
		t.Fatalf("%s, %v", format, err)
	}
	n := 0
	for _, err := range traffic.ReadCapture(in, traffic.CaptureOptions{}) {
		if err != nil {
			t.Errorf("entry %d: %v\n%s", n+1, err, text)
		}
		n++
	}
	return n
}

// TestArchivesGoOn: also when a killed process left one that is cut off, anywhere.
func TestArchivesGoOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.har")
	for i, want := range []int{0, 2, 3} {
		numbers := [][]int{{}, {1, 2}, {3}}[i]
		if err := record(t, file, 0, numbers...); err != nil {
			t.Fatal(err)
		}
		if got := entries(t, file); got != want {
			t.Fatalf("%d entries, want %d", got, want)
		}
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(whole), "\n")
	for cut, want := range map[int]int{
		len(whole) - 1: 4, len(whole) - len("]}}\n"): 4, len(whole) - 20: 3,
		len(lines[0]): 1, len(lines[0]) + 5: 1, len(lines[0]) + len(lines[1]): 2,
	} {
		if err := os.WriteFile(file, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := record(t, file, 0, 4); err != nil {
			t.Fatal(err)
		}
		if got := entries(t, file); got != want {
			t.Errorf("cut at %d of %d: %d entries, want %d", cut, len(whole), got, want)
		}
	}
}

func TestArchivesAreRotated(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.har")
	for n := range 3 {
		if err := record(t, file, 1, n); err != nil {
			t.Fatal(err)
		}
	}
	if entries(t, file) != 1 || entries(t, file+".1") != 1 {
		t.Error("an archive at its limit is not kept under another name")
	}
}

func TestOtherArchivesAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.har")
	for _, text := range []string{"{}", `{"log":{"version":"1.2","creator":{"name":"a browser","version":"1"},"entries":[` + "\n]}}\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := record(t, file, 0, 1); err == nil || !strings.Contains(err.Error(), "no HTTP Archive of Parley's; name a new file") {
			t.Errorf("got %v", err)
		}
		if now, err := os.ReadFile(file); err != nil || string(now) != text {
			t.Errorf("it is %q now, %v", now, err)
		}
	}
}
