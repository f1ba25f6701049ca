package parley

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// named is what a document says in code or as the target of a link.
var named = regexp.MustCompile("`([^`\\s]+)`|\\]\\(([^)\\s]+)\\)")

// TestPathsInDocumentsExist: who follows a page finds what it names, in code as a path
// from the root, in a link as one from the page.
func TestPathsInDocumentsExist(t *testing.T) {
	documents := []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/index.md"}
	for _, folder := range []string{"docs/tutorials/*.md", "docs/how-to/*.md", "docs/explanation/*.md"} {
		pages, err := filepath.Glob(folder)
		if err != nil || len(pages) < 3 {
			t.Fatalf("%s: %d pages, %v", folder, len(pages), err)
		}
		documents = append(documents, pages...)
	}
	found := 0
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			path, isPath := pathOf(m[1])
			if strings.Count(document, "/") == 2 {
				isPath = false // what such a page names in code is a file of its reader's
			}
			if m[2] != "" {
				path, isPath = linkOf(m[2], filepath.Dir(document))
			}
			if !isPath {
				continue
			}
			found++
			if matches, err := filepath.Glob(path); err != nil || len(matches) == 0 {
				t.Errorf("%s names %s, which is not there", document, path)
			}
		}
	}
	if found < 200 {
		t.Errorf("the documents name %d paths", found)
	}
}

// linkOf is the path that a link of a page in a folder leads to.
func linkOf(target, folder string) (string, bool) {
	target, _, _ = strings.Cut(target, "#")
	if target == "" || strings.Contains(target, "://") {
		return "", false
	}
	return filepath.Join(folder, target), true
}

// pathOf is a text that names a file or folder of this repository: below a folder that
// is there, or a file by its ending.
func pathOf(text string) (string, bool) {
	text, _, _ = strings.Cut(text, "#")
	if text == "" || strings.ContainsAny(text, "<>{}$=:?%'\"") || strings.HasPrefix(text, "/") || strings.HasPrefix(text, "-") {
		return "", false
	}
	first, _, deeper := strings.Cut(text, "/")
	if !deeper {
		return text, strings.HasSuffix(text, ".go") || strings.HasSuffix(text, ".md")
	}
	_, err := os.Stat(first)
	return text, err == nil
}
