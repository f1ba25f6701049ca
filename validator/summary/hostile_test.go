package summary_test

import (
	"strings"
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
		for _, fault := range visibletest.Faults(text) {
			t.Errorf("%s: %s", format, fault)
		}
		if !strings.Contains(text, "forged") {
			t.Errorf("%s shows nothing of it", format)
		}
	}
}
