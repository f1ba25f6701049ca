package summary

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/visible"
)

// writeCSV writes one line for each kind of finding, for a spreadsheet.
func (r *Report) writeCSV(w io.Writer) error {
	rows := [][]string{{"requirement", "code", "severity", "operation", "pointer", "count", "first"}}
	for _, g := range r.Groups {
		for _, k := range g.Kinds {
			rows = append(rows, []string{g.ID(), k.Code, string(k.Severity), k.Operation, k.Pointer, strconv.Itoa(k.Count), k.sentence()})
		}
	}
	var text strings.Builder
	lines := csv.NewWriter(&text)
	for _, row := range rows {
		for i := range row {
			row[i] = visible.Line(row[i])
		}
		if err := lines.Write(row); err != nil {
			return err
		}
	}
	lines.Flush()
	_, err := io.WriteString(w, text.String())
	return err
}
