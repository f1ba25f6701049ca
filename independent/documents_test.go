package independent

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/markdown/links"
)

// TestOthersReadTheDocumentsAlike: mdast and github-slugger, which GitHub's anchors are
// made like, find the same headings and links in every document as the tests that
// follow them do; and markdownlint finds nothing in the pages that are generated, with
// all of its rules but the one about long lines. In a flawed page it must.
func TestOthersReadTheDocumentsAlike(t *testing.T) {
	installed(t, "markdownlint")
	flawed := filepath.Join(t.TempDir(), "flawed.md")
	if err := os.WriteFile(flawed, []byte("# a\n### b\n- [c]()\n<b>d</b>\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", append([]string{"documents.mjs", flawed}, documentFiles(t)...)...)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	generated := 0
	for read := json.NewDecoder(bytes.NewReader(output)); read.More(); {
		var theirs struct {
			File                   string
			Anchors, Targets, Said []string
		}
		if err := read.Decode(&theirs); err != nil {
			t.Fatal(err)
		}
		if theirs.File == flawed {
			if len(theirs.Said) < 3 {
				t.Errorf("markdownlint says little of a flawed page: %v", theirs.Said)
			}
			continue
		}
		comparePage(t, theirs.File, theirs.Anchors, theirs.Targets)
		if strings.HasPrefix(filepath.ToSlash(theirs.File), "../docs/reference/") {
			generated++
			for _, text := range theirs.Said {
				t.Errorf("%s:%s", theirs.File, text)
			}
		}
	}
	if generated == 0 {
		t.Error("no page of the reference was read")
	}
}

func comparePage(t *testing.T, file string, anchors, targets []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var ours, leads []string
	document := links.Read(string(text))
	for _, heading := range document.Headings {
		ours = append(ours, heading.Anchor)
	}
	for _, link := range document.Links {
		leads = append(leads, link.Target)
	}
	if !slices.Equal(ours, anchors) {
		t.Errorf("%s: headings\n%q\nand theirs\n%q", file, ours, anchors)
	}
	slices.Sort(leads)
	targets = slices.DeleteFunc(targets, func(target string) bool { return strings.Contains(target, "://") && !slices.Contains(leads, target) }) // bare addresses
	if slices.Sort(targets); !slices.Equal(leads, targets) {
		t.Errorf("%s: links\n%q\nand theirs\n%q", file, leads, targets)
	}
}

// documentFiles are all Markdown files of the repository.
func documentFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != ".." && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
