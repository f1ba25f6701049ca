package specs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
)

// TestFoldersAreEmbeddedWhole: the patterns of embed.go take each folder with a document,
// and all of it that a contract may have.
func TestFoldersAreEmbeddedWhole(t *testing.T) {
	for _, id := range specs.IDs() {
		c, err := specs.Embedded(id)
		if err != nil || c.ID != id {
			t.Fatalf("%s: %v", id, err)
		}
		err = fs.WalkDir(os.DirFS(id), ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || path == "README.md" {
				return err
			}
			_, err = fs.Stat(c.Folder, path)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	documents, err := filepath.Glob("*/openapi.yaml")
	if err != nil || len(documents) != len(specs.IDs()) {
		t.Errorf("%v, and there are %v, %v", documents, specs.IDs(), err)
	}
}

func TestEmbeddedSuggests(t *testing.T) {
	for given, want := range map[string]string{"elma": "did you mean elma365?", "Dolphins": "did you mean 3dolphins?", "expertflow-cx": "did you mean expertflow?"} {
		if _, err := specs.Embedded(given); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", given, err)
		}
	}
	if _, err := specs.Embedded("acme"); err == nil || strings.Contains(err.Error(), "mean") {
		t.Errorf("acme: %v", err)
	}
}
