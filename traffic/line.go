package traffic

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/visible"
)

// maxURL is how many characters of a URL a console line shows.
const maxURL = 160

// Line is the one console line of an exchange, without a line break:
//
//	12:03:41 → 200 POST http://localhost:3000/webhook elma365 events/message 23ms ex-0041
//
// The arrow points from Parley's vendor to the partner (→, an event) or back (←,
// an operation). Findings are counted, and where no response came the status is
// "---" and the line ends with the reason; else it ends with the faults that acted. It may hold secrets: see
// Redactor.Text. Location is the zone of the clock time; nil is UTC.
func Line(e *Exchange, location *time.Location) string {
	if location == nil {
		location = time.UTC
	}
	arrow, status := "←", "---"
	if e.Caller == Vendor {
		arrow = "→"
	}
	if e.Response != nil {
		status = strconv.Itoa(e.Response.Status)
	}
	words := []string{e.Time.In(location).Format(time.TimeOnly), arrow, status, e.Request.Method, visible.Shorten(e.Request.URL, maxURL), e.Vendor}
	if e.Operation != "" {
		words = append(words, e.Operation)
	}
	words = append(words, shortDuration(e.Duration), e.ID)
	if e.Attempt > 1 {
		words = append(words, fmt.Sprintf("attempt %d", e.Attempt))
	}
	line := strings.Join(words, " ")
	if counted := CountFindings(e.Findings); counted != "" {
		line += " (" + counted + ")"
	}
	switch {
	case e.Response == nil && e.Error != "":
		line += ": " + e.Error
	case len(e.Faults) > 0:
		line += ", by fault " + strings.Join(e.Faults, ", ")
	}
	return visible.Line(line)
}

// CountFindings says "1 error, 2 warnings", the worst first; "" of none.
func CountFindings(findings []Finding) string {
	var parts []string
	for _, s := range []struct {
		severity  Severity
		one, many string
	}{
		{HarnessError, "harness error", "harness errors"},
		{Error, "error", "errors"},
		{Warn, "warning", "warnings"},
		{Info, "note", "notes"},
	} {
		n := 0
		for _, f := range findings {
			if f.Severity == s.severity {
				n++
			}
		}
		switch {
		case n == 1:
			parts = append(parts, "1 "+s.one)
		case n > 1:
			parts = append(parts, strconv.Itoa(n)+" "+s.many)
		}
	}
	return strings.Join(parts, ", ")
}

// shortDuration rounds to what a reader compares: 23ms, 1.2s, 850µs.
func shortDuration(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Microsecond).String()
}
