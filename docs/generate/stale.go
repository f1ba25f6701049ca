package generate

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Stale compares pages (by their path below a folder, with slashes) with what the folder
// has, and lists in a sentence each what is missing, other, or of no page. With update it
// writes instead, takes away what is of no page, and fails only where it cannot. Folders named in others are not looked into.
func Stale(folder string, pages map[string]string, update bool, others ...string) ([]string, error) {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		file := filepath.Join(folder, filepath.FromSlash(name))
		have, err := os.ReadFile(file)
		switch {
		case err == nil && string(have) == pages[name]:
		case update:
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return nil, err
			}
			if err := os.WriteFile(file, []byte(pages[name]), 0o644); err != nil {
				return nil, err
			}
		case err != nil:
			found = append(found, fmt.Sprintf("%s is missing", file))
		default:
			found = append(found, fmt.Sprintf("%s is not what the program says now", file))
		}
	}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && slices.Contains(others, entry.Name()) {
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if _, wanted := pages[filepath.ToSlash(name)]; err != nil || wanted {
			return err
		}
		if update {
			return os.Remove(path)
		}
		found = append(found, fmt.Sprintf("%s is no page that is generated", path))
		return nil
	})
	return found, err
}
