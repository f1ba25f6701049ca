package reports

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
)

// TestSARIFIsAsItsStandardSays: ajv judges what validate and conform write, a finding and
// a result of every kind, by the schema of SARIF 2.1.0, as another project ships it; and
// refuses the same with a member that is wrong.
func TestSARIFIsAsItsStandardSays(t *testing.T) {
	t.Parallel()
	nodetest.Installed(t, "..", "@microsoft/jest-sarif")
	files := []string{"../../validator/summary/testdata/full.sarif", "../../conformance/testdata/report.sarif"}
	good := len(files)
	for _, change := range [][2]string{
		{`"level": "error"`, `"level": "notice"`},
		{`"executionSuccessful"`, `"successful"`},
		{`"startLine": 1`, `"startLine": 0`},
		{`"ruleIndex": 0`, `"ruleIndex": -2`},
		{`"kind": "external"`, `"kind": "known"`},
		{`"uri": "specs/`, `"uri": "specs :/`},
	} {
		data, err := os.ReadFile(files[1])
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data), change[0]) {
			t.Fatalf("%s has no %s", files[1], change[0])
		}
		file := filepath.Join(t.TempDir(), "broken.sarif")
		if err := os.WriteFile(file, []byte(strings.Replace(string(data), change[0], change[1], 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	answers := nodetest.Run(t, nil, append([]string{"sarif.mjs"}, files...)...)
	if len(answers) != len(files) {
		t.Fatalf("%d of %d files were judged", len(answers), len(files))
	}
	for i, answer := range answers {
		if (string(answer) == "null") != (i < good) {
			t.Errorf("%s: %s", files[i], answer)
		}
	}
}
