package private_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/parleykit/parley/internal/private"
)

func TestOnlyTheOwnerMayRead(t *testing.T) {
	for name, before := range map[string]os.FileMode{"new": 0, "wide": 0o666, "own": 0o600, "stricter": 0o400 | 0o200} {
		path := filepath.Join(t.TempDir(), name)
		if before != 0 {
			if err := os.WriteFile(path, []byte("old"), before); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, before); err != nil {
				t.Fatal(err)
			}
		}
		file, err := private.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		file.Close()
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || info.Size() != 0 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}
