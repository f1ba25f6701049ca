// Package built builds the command for tests that run it as a person does. Go keeps the
// verdict of a test until what the test has opened changes, and knows nothing of what a
// program that the test starts opens: so a test that builds, opens all of it.
package built

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// Parley builds the command, whose source stands in a folder, into another one, and
// returns the path of the binary.
func Parley(source, into string) (string, error) {
	binary := filepath.Join(into, "parley")
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", binary, ".") // as it is released, and sooner linked
	build.Dir = source
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build in %s: %w\n%s", source, err, out)
	}
	return binary, open(source)
}

// open opens the folders that a program is built of: a change of any file in them then
// makes Go run the test again, and so does one that is added or taken away.
func open(source string) error {
	list := exec.Command("go", "list", "-deps", "-json=Dir,Module,EmbedFiles", ".")
	list.Dir = source
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("go list in %s: %w", source, err)
	}
	for packages := json.NewDecoder(bytes.NewReader(out)); ; {
		var one struct {
			Dir        string
			EmbedFiles []string
			Module     *struct {
				Main  bool
				GoMod string
			}
		}
		switch err := packages.Decode(&one); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("go list in %s: %w", source, err)
		}
		if one.Module == nil || !one.Module.Main {
			continue // go.mod says which version, and go.sum adds nothing to that
		}
		if _, err := os.ReadFile(one.Module.GoMod); err != nil {
			return err
		}
		folders := map[string]bool{one.Dir: true}
		for _, file := range one.EmbedFiles {
			for dir := filepath.Join(one.Dir, filepath.Dir(file)); !folders[dir]; dir = filepath.Dir(dir) {
				folders[dir] = true
			}
		}
		for folder := range folders {
			if _, err := os.ReadDir(folder); err != nil {
				return err
			}
		}
	}
}
