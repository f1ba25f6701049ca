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

// TestPathsInDocumentsExist: who follows a page finds what it names.
func TestPathsInDocumentsExist(t *testing.T) {
	for _, document := range []string{"README.md", "CONTRIBUTING.md", "docs/architecture.md"} {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			path, isPath := pathOf(m[1] + m[2])
			if !isPath {
				continue
			}
			found++
			if matches, err := filepath.Glob(path); err != nil || len(matches) == 0 {
				t.Errorf("%s names %s, which is not there", document, path)
			}
		}
		if found == 0 {
			t.Errorf("%s names no path", document)
		}
	}
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
