package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
)

// contractFiles are the files that a contract of the user's own is read from.
type contractFiles struct {
	root  string          // as the user named it: a folder, or a document
	names map[string]bool // of a document, and of what it refers to; nil: all of a folder
}

// Bounds of what is looked at: folders of one contract, and files of one document.
const (
	mostFolders = 1_000
	mostFiles   = 1_000
)

// ownFiles are those of the contracts that the user named by their folder or document.
func (f *contractFlags) ownFiles(ids []string) []contractFiles {
	var list []contractFiles
	for _, root := range slices.Concat(f.folders, ids) {
		switch info, err := os.Stat(root); {
		case err == nil && info.IsDir() && slices.Contains(f.folders, root):
			list = append(list, contractFiles{root: filepath.Clean(root)})
		case isDocument(root):
			list = append(list, contractFiles{root: filepath.Clean(root), names: referredFiles(root)})
		}
	}
	return list
}

var reference = lazy.Regexp(`["']?\$ref["']?\s*:\s*["']?([^"'#\s,}]+)`)

// referredFiles are a document and the files that it refers to, directly or not.
func referredFiles(document string) map[string]bool {
	found := map[string]bool{filepath.Clean(document): true}
	for waiting := []string{filepath.Clean(document)}; len(waiting) > 0 && len(found) < mostFiles; waiting = waiting[1:] {
		text, err := os.ReadFile(waiting[0])
		if err != nil {
			continue
		}
		for _, match := range reference().FindAllStringSubmatch(string(text), -1) {
			name := filepath.Join(filepath.Dir(waiting[0]), filepath.FromSlash(match[1]))
			if !strings.Contains(match[1], "://") && !found[name] {
				found[name] = true
				waiting = append(waiting, name)
			}
		}
	}
	return found
}

// folders are where changes of the files show: a file that is written anew may be
// another one with its name, so that files themselves are not enough.
func (c contractFiles) folders() []string {
	var list []string
	if c.names != nil {
		for name := range c.names {
			list = append(list, filepath.Dir(name))
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	_ = filepath.WalkDir(c.root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || !entry.IsDir():
			return nil
		case len(list) == mostFolders:
			return fs.SkipAll
		case name != c.root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		}
		list = append(list, name)
		return nil
	})
	return list
}

// has reports whether a file is one of the contract's.
func (c contractFiles) has(name string) bool {
	name = filepath.Clean(name)
	if c.names != nil {
		return c.names[name]
	}
	relative, err := filepath.Rel(c.root, name)
	return err == nil && filepath.IsLocal(relative) && !strings.HasPrefix(filepath.Base(name), ".")
}
