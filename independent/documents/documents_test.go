package documents

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/markdown/links"
	"github.com/parleykit/parley/internal/nodetest"
)

// theirs is what a script says of a file.
type theirs struct {
	File             string
	Anchors, Targets []string
	Said             []string
}

// TestOthersReadTheDocumentsAlike: mdast and github-slugger, which GitHub's anchors are
// made like, find the same headings and links in every document as the tests that
// follow them do.
func TestOthersReadTheDocumentsAlike(t *testing.T) {
	t.Parallel()
	for _, read := range askNode(t, "read.mjs", append(pages(t, "../../docs"), others(t)...)) {
		comparePage(t, read)
	}
}

func comparePage(t *testing.T, read theirs) {
	t.Helper()
	text, err := os.ReadFile(read.File)
	if err != nil {
		t.Fatal(err)
	}
	var anchors, leads []string
	document := links.Read(string(text))
	for _, heading := range document.Headings {
		anchors = append(anchors, heading.Anchor)
	}
	for _, link := range document.Links {
		leads = append(leads, link.Target)
	}
	if !slices.Equal(anchors, read.Anchors) {
		t.Errorf("%s: headings\n%q\nand theirs\n%q", read.File, anchors, read.Anchors)
	}
	slices.Sort(leads)
	targets := slices.DeleteFunc(read.Targets, func(target string) bool { return strings.Contains(target, "://") && !slices.Contains(leads, target) }) // bare addresses
	if slices.Sort(targets); !slices.Equal(leads, targets) {
		t.Errorf("%s: links\n%q\nand theirs\n%q", read.File, leads, targets)
	}
}

// TestGeneratedDocumentsAreTidy: markdownlint finds nothing in the pages that are
// generated, with all of its rules but the one about long lines. In a flawed page it must.
func TestGeneratedDocumentsAreTidy(t *testing.T) {
	t.Parallel()
	flawed := filepath.Join(t.TempDir(), "flawed.md")
	if err := os.WriteFile(flawed, []byte("# a\n### b\n- [c]()\n<b>d</b>\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, judged := range askNode(t, "lint.mjs", append(pages(t, "../../docs/reference"), flawed)) {
		if judged.File == flawed {
			if len(judged.Said) < 3 {
				t.Errorf("markdownlint says little of a flawed page: %v", judged.Said)
			}
			continue
		}
		for _, text := range judged.Said {
			t.Errorf("%s:%s", judged.File, text)
		}
	}
}

// askNode is what a script says of files, each of which it must name.
func askNode(t *testing.T, script string, files []string) []theirs {
	t.Helper()
	nodetest.Installed(t, "..", "markdownlint")
	var all []theirs
	for _, line := range nodetest.Run(t, nil, append([]string{script}, files...)...) {
		var one theirs
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if !slices.EqualFunc(all, files, func(one theirs, file string) bool { return one.File == file }) {
		t.Fatalf("%s was given %d files, and speaks of %d", script, len(files), len(all))
	}
	return all
}

// pages are the Markdown files below docs, or below a folder in it.
func pages(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && slices.Contains([]string{"node_modules", ".vitepress", "generate", "site"}, entry.Name()) {
			return fs.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) < 50 {
		t.Fatalf("%d pages below %s: %v", len(files), folder, err)
	}
	return files
}

// others are the Markdown files outside of docs. Git lists them, and no walk through the
// tree: a folder that a test lists changes for Go with every file that stands in it.
func others(t *testing.T) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "../../*.md", ":!../../docs")
	output, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	files := strings.Fields(string(output))
	if len(files) < 10 {
		t.Fatalf("%d documents outside of docs", len(files))
	}
	return files
}
