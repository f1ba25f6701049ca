package recipes

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// passedOver is what no test that a recipe names needs: pages that only people read, and
// what is no source.
var passedOver = []string{"explanation", "how-to", "images", "tutorials", ".git", ".tools", "bin", "node_modules", "recipes", ".temp", "cache", "dist"}

// copyRepository copies what git knows of, or would, into a folder that may be there. What
// stands in its root is asked of git: for Go, who lists a folder has read all that it shows of
// .git, which changes with each commit, and would have to be tested again.
func copyRepository(t *testing.T, to, root string) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	output, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	names := map[string]bool{}
	for file := range strings.Lines(string(output)) {
		name, _, _ := strings.Cut(strings.TrimSpace(file), "/")
		names[name] = !slices.Contains(passedOver, name)
	}
	for name, wanted := range names {
		if wanted {
			copyTree(t, filepath.Join(to, name), filepath.Join(root, name))
		}
	}
}

// copyTree copies a file, or a folder into one that may be there.
func copyTree(t *testing.T, to, from string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch target := filepath.Join(to, below); {
		case below != "." && slices.Contains(passedOver, entry.Name()) && entry.IsDir():
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		case entry.Type().IsRegular():
			return copyFile(target, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func copyFile(to, from string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, info.Mode().Perm())
}

// differences are the files in which a tree differs from what it was, with slashes.
func differences(t *testing.T, before, now string) []string {
	t.Helper()
	var list []string
	for _, pair := range [][2]string{{now, before}, {before, now}} {
		err := filepath.WalkDir(pair[0], func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			below, err := filepath.Rel(pair[0], path)
			if err != nil {
				return err
			}
			one, _ := os.ReadFile(path)
			other, err := os.ReadFile(filepath.Join(pair[1], below))
			if err != nil || !bytes.Equal(one, other) {
				list = append(list, filepath.ToSlash(below))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// within reports whether a file is one of these paths or in a folder of them.
func within(file string, paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		return file == path || strings.HasPrefix(file, strings.TrimSuffix(path, "/")+"/")
	})
}

// restore makes files what they are in another tree.
func restore(t *testing.T, tree, as string, files []string) {
	t.Helper()
	for _, file := range files {
		target := filepath.Join(tree, filepath.FromSlash(file))
		err := copyFile(target, filepath.Join(as, filepath.FromSlash(file)))
		if os.IsNotExist(err) {
			err = os.Remove(target)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
