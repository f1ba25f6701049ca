package parley

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestWorkflowsAreAccepted by actionlint, which judges their shell with shellcheck where
// that is installed; so is the workflow that the page of the action shows.
func TestWorkflowsAreAccepted(t *testing.T) {
	t.Parallel()
	tool := []string{"tool", "-modfile=tools/go.mod", "actionlint"}
	if out, err := exec.CommandContext(t.Context(), "go", append(tool, "-version")...).CombinedOutput(); err != nil {
		missing(t, "actionlint", string(out))
	}
	lint := func(input string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "go", slices.Concat(tool, []string{"-no-color"}, args)...)
		cmd.Stdin = strings.NewReader(input)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := lint(""); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	page, err := os.ReadFile("docs/how-to/action-and-component.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	workflow, _, _ := strings.Cut(rest, "```")
	if out, err := lint(workflow, "-"); err != nil || workflow == "" {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := lint(strings.Replace(workflow, "runs-on: ubuntu-latest", "runs-on: ${{ runner.nothing }}", 1), "-"); err == nil {
		t.Errorf("a broken workflow is accepted: %s", out)
	}
}

// TestScriptsAreAccepted by shellcheck.
func TestScriptsAreAccepted(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("shellcheck"); err != nil {
		missing(t, "shellcheck", "")
	}
	scripts, err := filepath.Glob("scripts/*")
	if err != nil || len(scripts) == 0 {
		t.Fatal(scripts, err)
	}
	if out, err := exec.CommandContext(t.Context(), "shellcheck", append([]string{"--severity=warning"}, scripts...)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// missing skips a test for want of a program, which CI must have.
func missing(t *testing.T, program, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not there: %s", program, why)
	}
	t.Skipf("%s is not there: %s", program, why)
}

var (
	uses   = regexp.MustCompile(`(?m)^\s*(?:- )?uses: (\S+)(.*)$`)
	pinned = regexp.MustCompile(`@[0-9a-f]{40}$`)
	noted  = regexp.MustCompile(`^ # v\d+\.\d+\.\d+$`)
)

// TestActionsArePinned by the hash of a commit, with the version beside it, which is what
// Renovate reads: a tag may be moved to code that nobody looked at.
func TestActionsArePinned(t *testing.T) {
	files, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range append(files, "action.yml", "docs/how-to/ci.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range uses.FindAllStringSubmatch(string(text), -1) {
			if !pinned.MatchString(m[1]) || !noted.MatchString(m[2]) {
				t.Errorf("%s: %s is not pinned by a commit with its version as comment", file, strings.TrimSpace(m[0]))
			}
		}
	}
}
