package recipes

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

const guide = "CONTRIBUTING.md"

// line is one line of a recipe.
type line struct {
	text     string
	paths    []string // what it changes: files, or folders with all that is in them
	commands [][]string
	tests    []string // that fail while it is not done
}

var (
	heading = regexp.MustCompile(`(?m)^### (.+)$`)
	item    = regexp.MustCompile(`^[0-9]+\. `)
	coded   = regexp.MustCompile("`([^`]+)`")
	unnamed = regexp.MustCompile(`<[a-z]+>`)
)

// sections are the recipes of the guide by their headings, each with its lines.
func sections(t *testing.T, root string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(root + "/" + guide)
	if err != nil {
		t.Fatal(err)
	}
	_, all, _ := strings.Cut(string(text), "\n## Recipes\n")
	all, _, _ = strings.Cut(all, "\n## ")
	found := map[string][]string{}
	headings := heading.FindAllStringSubmatchIndex(all, -1)
	for i, at := range headings {
		end := len(all)
		if i+1 < len(headings) {
			end = headings[i+1][0]
		}
		for _, l := range strings.Split(all[at[1]:end], "\n") {
			if item.MatchString(l) {
				found[all[at[2]:at[3]]] = append(found[all[at[2]:at[3]]], l)
			}
		}
	}
	return found
}

// read takes a line apart: what stands in code before the arrow is changed or done, what
// stands in code after it is a test. Names are put in the place of what the guide leaves
// open.
func read(root, text string, names map[string]string) (line, error) {
	l := line{text: text}
	before, after, _ := strings.Cut(text, "→")
	for _, code := range coded.FindAllStringSubmatch(before, -1) {
		switch given := named(code[1], names); {
		case strings.HasPrefix(given, "go "):
			l.commands = append(l.commands, strings.Fields(strings.ReplaceAll(given, "'", "")))
		case isPath(root, given):
			l.paths = append(l.paths, given)
		}
	}
	for _, code := range coded.FindAllStringSubmatch(after, -1) {
		l.tests = append(l.tests, named(code[1], names))
	}
	said := fmt.Sprint(l.paths, l.commands, l.tests)
	if open := unnamed.FindString(said); open != "" {
		return l, fmt.Errorf("%s leaves %s open, and recipes_test.go has no name for it", text, open)
	}
	return l, nil
}

func named(text string, names map[string]string) string {
	for name, value := range names {
		text = strings.ReplaceAll(text, "<"+name+">", value)
	}
	return text
}

// isPath reports whether a text names what is, or may be, in the tree.
func isPath(root, text string) bool {
	if strings.ContainsAny(text, " :*'\"") || strings.HasPrefix(text, "/") {
		return false
	}
	first, _, deeper := strings.Cut(text, "/")
	info, err := os.Stat(root + "/" + first)
	return err == nil && info.IsDir() == deeper
}
