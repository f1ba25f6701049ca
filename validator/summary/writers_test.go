package summary_test

import (
	"io"

	"github.com/parleykit/parley/validator/summary"
)

// writers are all formats of a report.
func writers(r *summary.Report) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{"text": r.WriteText, "json": r.WriteJSON, "junit": r.WriteJUnit, "sarif": r.WriteSARIF, "github": r.WriteGitHub}
}
