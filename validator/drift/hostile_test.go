package drift

import (
	"bytes"
	"io"
	"testing"

	"github.com/parleykit/parley/internal/visible/visibletest"
)

func TestEveryFormatIsVisible(t *testing.T) {
	var r Report
	visibletest.Fill(&r, "Severity", "Part")
	for name, write := range map[string]func(io.Writer) error{"text": r.WriteText, "json": r.WriteJSON, "markdown": r.WriteMarkdown} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		visibletest.Judge(t, name, out.String())
	}
}
