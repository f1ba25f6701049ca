package files_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/files"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestReadIsBounded(t *testing.T) {
	dir := t.TempDir()
	name := write(t, filepath.Join(dir, "a"), "12345")
	if data, err := files.Read(name, 5); err != nil || string(data) != "12345" {
		t.Errorf("%q %v", data, err)
	}
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, 1<<40); err != nil { // with nothing in it
		t.Skip("no sparse files here:", err)
	}
	for limit, want := range map[int64]string{4: "4 bytes", 2 << 10: "2 KiB", files.Text: "4 MiB"} {
		from := large
		if limit == 4 {
			from = name
		}
		if _, err := files.Read(from, limit); err == nil || !strings.Contains(err.Error(), from+" has more than "+want) {
			t.Errorf("%d: %v", limit, err)
		}
	}
	if _, err := files.Read(filepath.Join(dir, "none"), 5); err == nil || !strings.HasPrefix(err.Error(), "open ") || !os.IsNotExist(err) {
		t.Errorf("none: %v", err)
	}
	if _, err := files.Read(dir, 5); err == nil || err.Error() != dir+" is a folder; name a regular file" {
		t.Errorf("folder: %v", err)
	}
	if err := os.Symlink(name, filepath.Join(dir, "link")); err != nil {
		t.Skip("no links here:", err)
	}
	if data, err := files.Read(filepath.Join(dir, "link"), 5); err != nil || string(data) != "12345" {
		t.Errorf("link: %q %v", data, err)
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.yaml"), "a: b")
	write(t, filepath.Join(dir, "below", "b.json"), "{}")
	large := write(t, filepath.Join(dir, "large.json"), "{}")
	if err := os.Truncate(large, files.Document+1); err != nil {
		t.Fatal(err)
	}
	folder := files.Folder(dir)
	var names []string
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if got := strings.Join(names, " "); err != nil || got != "a.yaml below/b.json large.json" {
		t.Errorf("%s %v", got, err)
	}
	if data, err := fs.ReadFile(folder, "a.yaml"); err != nil || string(data) != "a: b" {
		t.Errorf("%q %v", data, err)
	}
	if file, err := folder.Open("below/b.json"); err != nil {
		t.Error(err)
	} else {
		file.Close()
	}
	if _, err := fs.ReadFile(folder, "large.json"); err == nil || !strings.Contains(err.Error(), "more than 8 MiB") {
		t.Error(err)
	}
	if _, err := folder.Open("large.json"); err == nil || !strings.Contains(err.Error(), "more than 8 MiB") {
		t.Error(err)
	}
	for _, name := range []string{"../" + filepath.Base(dir) + "/a.yaml", "/etc/hosts", ""} {
		if _, err := fs.ReadFile(folder, name); err == nil {
			t.Errorf("%q leaves the folder", name)
		}
	}
}
