package independent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs/specstest"
)

// unavoidable lists what a linter finds and what could only be mended by a lie about
// the vendor, with the reason. Each occurs once in every form of the document.
var unavoidable = map[string]string{
	"redocly 3dolphins no-ambiguous-paths": "The vendor has conversations/{channel}/{socialId}/history and conversations/channelId/{channelId}/{socialId}; channelId/x/history fits both (3D-R-85).",
}

// flawed is a document with which both linters must find fault, or they judge
// nothing.
const flawed = `openapi: 3.1.0
info: {title: Flawed, version: "1"}
paths: {/a: {get: {responses: {"200": {description: done}}}}}
`

// flaw is what a linter complains of.
type flaw struct{ file, rule, text string }

// linters are those that read documents here.
var linters = map[string]struct {
	installed string
	lint      func(*testing.T, []string) []flaw
}{"redocly": {"@redocly/cli", redocly}, "spectral": {"@stoplight/spectral-cli", spectral}}

// TestLintersFindNothing has redocly and spectral, each with its recommended rules,
// read every exported document: the folder's and the one in a single file, in both
// formats.
func TestLintersFindNothing(t *testing.T) {
	for name, linter := range linters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nodetest.Installed(t, ".", linter.installed)
			folder := t.TempDir()
			documents := exportedDocuments(t, folder)
			found := linter.lint(t, append(slices.Clone(documents), filepath.Join(folder, "flawed.yaml")))
			judge(t, name, folder, found)
		})
	}
}

// leftOut are rules that the control API's document does not follow, with the reason.
var leftOut = map[string]string{
	"no-empty-servers": "it is served wherever a mock is", "oas3-api-servers": "it is served wherever a mock is",
	"security-defined": "a token is demanded only where one was set", "info-contact": "nobody answers for a mock but who runs it",
	"operation-tags": "its paths are their own groups", "operation-description": "a summary says all there is to say of most",
}

// TestLintersReadTheControlAPI: they find nothing else in its document.
func TestLintersReadTheControlAPI(t *testing.T) {
	document := filepath.Join("..", "mockserver", "control", "openapi.yaml")
	for name, linter := range linters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nodetest.Installed(t, ".", linter.installed)
			found := linter.lint(t, []string{document})
			if len(found) == 0 {
				t.Error("nothing was found, so that nothing was read")
			}
			for _, f := range found {
				if leftOut[f.rule] == "" {
					t.Errorf("%s: %s", f.rule, f.text)
				}
			}
		})
	}
}

// exportedDocuments writes every form of every vendor's document, named
// folder/vendor/format/…, and the flawed one.
func exportedDocuments(t *testing.T, folder string) []string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, "flawed.yaml"), []byte(flawed), 0o600); err != nil {
		t.Fatal(err)
	}
	var documents []string
	for _, c := range specstest.Shipped(t) {
		for _, format := range formats {
			written := filepath.Join(folder, c.ID, format)
			writeExport(t, c, format, written)
			documents = append(documents, filepath.Join(written, "openapi."+format), filepath.Join(written, "bundle."+format))
		}
	}
	return documents
}

var formats = []string{"yaml", "json"}

// judge compares what a linter found with what is unavoidable, in both directions.
func judge(t *testing.T, linter, folder string, found []flaw) {
	t.Helper()
	sighted := false
	times := map[string]int{}
	for _, f := range found {
		file, err := filepath.Rel(folder, f.file)
		if err != nil {
			t.Fatal(err)
		}
		vendor, form, within := strings.Cut(filepath.ToSlash(file), "/")
		if !within {
			sighted = true
			continue
		}
		known := strings.Join([]string{linter, vendor, f.rule}, " ")
		if unavoidable[known] == "" {
			t.Errorf("%s %s: %s: %s", vendor, form, f.rule, f.text)
		}
		times[known+" "+form]++
	}
	if !sighted {
		t.Error("nothing was found in a flawed document, so that nothing is found in any")
	}
	for known := range unavoidable {
		if !strings.HasPrefix(known, linter+" ") {
			continue
		}
		for _, format := range formats {
			for _, document := range []string{"openapi.", "bundle."} {
				if n := times[known+" "+format+"/"+document+format]; n != 1 {
					t.Errorf("unavoidable %q was found %d times in %s%s; take it out, or look", known, n, document, format)
				}
			}
		}
	}
}

// redocly prints one value of JSON for each document.
func redocly(t *testing.T, documents []string) []flaw {
	t.Helper()
	output := json.NewDecoder(bytes.NewReader(runLinter(t, "redocly", append([]string{"lint", "--extends=recommended", "--format=json"}, documents...))))
	var found []flaw
	judged := 0
	for ; ; judged++ {
		var one struct {
			Problems []struct {
				RuleID   string
				Message  string
				Location []struct {
					Source  struct{ Ref string }
					Pointer string
				}
			}
		}
		err := output.Decode(&one)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range one.Problems {
			if len(p.Location) == 0 {
				t.Fatalf("%s has no place", p.Message)
			}
			file, err := filepath.Abs(p.Location[0].Source.Ref)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, flaw{file, p.RuleID, p.Message + " " + p.Location[0].Pointer})
		}
	}
	if judged != len(documents) {
		t.Errorf("redocly judged %d of %d documents", judged, len(documents))
	}
	return found
}

// spectral prints one list, and a sentence when it is empty.
func spectral(t *testing.T, documents []string) []flaw {
	t.Helper()
	output := runLinter(t, "spectral", append([]string{"lint", "--ruleset=spectral.yaml", "--format=json", "--fail-on-unmatched-globs"}, documents...))
	var list []struct {
		Code, Message, Source string
		Path                  []any
	}
	if err := json.NewDecoder(bytes.NewReader(output)).Decode(&list); err != nil {
		t.Fatal(err)
	}
	var found []flaw
	for _, p := range list {
		found = append(found, flaw{p.Source, p.Code, fmt.Sprint(p.Message, " ", p.Path)})
	}
	return found
}

// runLinter starts a linter once for all documents, since starting is most of its
// time. It exits with 1 when it finds something.
func runLinter(t *testing.T, name string, args []string) []byte {
	t.Helper()
	linter := exec.CommandContext(t.Context(), filepath.Join("node_modules", ".bin", name), args...)
	linter.Env = append(os.Environ(), "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true")
	var complaint bytes.Buffer
	linter.Stderr = &complaint
	output, err := linter.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1 || len(output) == 0) {
		t.Fatalf("%s: %v\n%s", name, err, complaint.String())
	}
	return output
}
