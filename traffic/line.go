package traffic

import (
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
	line := e.Time.In(location).AppendFormat(make([]byte, 0, 192), time.TimeOnly)
	arrow := " ← "
	if e.Caller == Vendor {
		arrow = " → "
	}
	line = append(line, arrow...)
	if e.Response == nil {
		line = append(line, "---"...)
	} else {
		line = strconv.AppendInt(line, int64(e.Response.Status), 10)
	}
	word := func(text string) { line = append(append(line, ' '), text...) }
	word(e.Request.Method)
	word(visible.Shorten(e.Request.URL, maxURL))
	word(e.Vendor)
	if e.Operation != "" {
		word(e.Operation)
	}
	word(shortDuration(e.Duration))
	word(e.ID)
	if e.Attempt > 1 {
		line = strconv.AppendInt(append(line, " attempt "...), int64(e.Attempt), 10)
	}
	if len(e.Findings) > 0 {
		if counted := CountFindings(e.Findings); counted != "" {
			word("(" + counted + ")")
		}
	}
	switch {
	case e.Response == nil && e.Error != "":
		line = append(append(line, ": "...), e.Error...)
	case len(e.Faults) > 0:
		line = append(append(line, ", by fault "...), strings.Join(e.Faults, ", ")...)
	}
	return visible.Line(string(line))
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
