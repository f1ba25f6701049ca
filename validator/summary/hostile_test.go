package summary_test

import (
	"testing"

	"github.com/parleykit/parley/internal/visible/visibletest"
	"github.com/parleykit/parley/validator/summary"
)

// TestEveryFormatIsVisible also with what a report does not have yet.
func TestEveryFormatIsVisible(t *testing.T) {
	r := full(t)
	visibletest.Fill(r, "Severity", "Outcome", "Part", "Time")
	for _, format := range summary.Formats() {
		text := written(t, r, format)
		visibletest.Judge(t, format, text)
	}
}
