package parley

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/markdown/links"
)

// What holds for every Markdown file of the repository:
//
//   - A link to something here is relative, and leads to a file or folder that is there;
//     what stands behind its # is the anchor of a heading of that page, as GitHub makes it.
//   - No two headings of a page have one anchor, so that a link to one stays a link to it.
//   - A picture of a page stands in docs/images, and is one that the tests of
//     console/browser take; each that stands there is shown by a page.
//
// What a page shows to be run is run by cmd/parley: TestDocumentedCommands and
// TestPagesAreFollowed. An sh block has one command per line, which must succeed; a
// console block has "$ command" and below it what is printed, where … stands for any text.
func TestLinksOfDocuments(t *testing.T) {
	documents := readDocuments(t)
	seen := 0
	for file, document := range documents {
		for _, link := range document.Links {
			if external(link.Target) {
				continue
			}
			seen++
			if text := broken(documents, file, link.Target); text != "" {
				t.Errorf("%s:%d: the link %s %s", file, link.Line, link.Target, text)
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d links were seen", seen)
	}
}

func TestHeadingsOfDocumentsAreTheirOwn(t *testing.T) {
	for file, document := range readDocuments(t) {
		first := map[string]int{}
		for _, heading := range document.Headings {
			anchor := links.Anchor(heading.Text)
			if line := first[anchor]; line > 0 {
				t.Errorf("%s:%d: the heading %q has the anchor of line %d; give it another text", file, heading.Line, heading.Text, line)
			}
			first[anchor] = heading.Line
		}
	}
}

func TestPicturesAreTaken(t *testing.T) {
	taken, err := os.ReadFile("console/browser/pictures_test.go")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for file, document := range readDocuments(t) {
		for _, link := range document.Links {
			if !link.Image || external(link.Target) {
				continue
			}
			at := filepath.ToSlash(filepath.Join(filepath.Dir(file), link.Target))
			name := pictureOf(at)
			shown[name] = true
			if !strings.HasPrefix(at, "docs/images/") || !strings.Contains(string(taken), `"`+name+`"`) {
				t.Errorf("%s:%d: nobody takes the picture %s; pictures_test.go of console/browser does so", file, link.Line, link.Target)
			}
		}
	}
	pictures, err := filepath.Glob("docs/images/*")
	if err != nil || len(pictures) == 0 {
		t.Fatalf("%d pictures: %v", len(pictures), err)
	}
	for _, file := range pictures {
		if !shown[pictureOf(filepath.ToSlash(file))] {
			t.Errorf("no page shows the picture %s", file)
		}
	}
}

// pictureOf is the name of a picture, which has a file for each theme.
func pictureOf(file string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(file, "docs/images/"), ".png")
	return strings.TrimSuffix(strings.TrimSuffix(name, "-light"), "-dark")
}

// readDocuments reads all Markdown below the root, by path.
func readDocuments(t *testing.T) map[string]links.Document {
	t.Helper()
	documents := map[string]links.Document{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".md":
			return nil
		}
		text, err := os.ReadFile(path)
		documents[filepath.ToSlash(path)] = links.Read(string(text))
		return err
	})
	if err != nil || len(documents) < 10 {
		t.Fatalf("%d documents: %v", len(documents), err)
	}
	return documents
}

// external reports whether a link leads away from the repository: nobody fetches it here.
func external(target string) bool {
	u, err := url.Parse(target)
	return err == nil && u.Scheme != ""
}

// broken says what is wrong with a link of a file; "" for nothing.
func broken(documents map[string]links.Document, file, target string) string {
	place, anchor, _ := strings.Cut(target, "#")
	if strings.HasPrefix(place, "/") {
		return "is no relative one; begin at the page that has it"
	}
	at := file
	if place != "" {
		at = filepath.ToSlash(filepath.Join(filepath.Dir(file), place))
	}
	if _, err := os.Stat(at); err != nil || strings.HasPrefix(at, "../") {
		return "leads to " + at + ", which is not there"
	}
	if anchor == "" {
		return ""
	}
	for _, heading := range documents[at].Headings {
		if heading.Anchor == anchor {
			return ""
		}
	}
	return "leads to no heading of " + at
}
