package proxy

import (
	"fmt"
	"slices"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Codes lists the findings that only a proxy makes; all others are the
// validator's.
func Codes() []validator.Code { return slices.Clone(codes) }

const (
	codeCut        = "body.cut" // the validator's
	codeIncomplete = "body.incomplete"
	codeCoding     = "body.coding"
	codeAborted    = "exchange.aborted"
	codeNotJudged  = "exchange.not-judged"
	codeRefused    = "exchange.refused"
	codeDropped    = "header.not-forwarded"
)

var codes = []validator.Code{
	{Code: codeIncomplete, Severity: traffic.Error, Text: "The body did not arrive whole; a warning where nobody read it to its end."},
	{Code: codeCoding, Severity: traffic.Error, Text: "The body is not in the coding that its header names; a warning where Parley can't read that coding."},
	{Code: codeAborted, Severity: traffic.Warn, Text: "The caller went away before the exchange was complete."},
	{Code: codeNotJudged, Severity: traffic.HarnessError, Text: "The exchange was forwarded, and judging it failed."},
	{Code: codeDropped, Severity: traffic.Warn, Text: "Connection names a header that is meant for the receiver, so that it is not forwarded."},
	{Code: codeRefused, Severity: traffic.Warn, Text: "A strict proxy stopped it, and answered itself."},
}

// finding is one of a code, with the severity that it has as a rule.
func finding(code string, part traffic.Part) traffic.Finding {
	f := traffic.Finding{Code: code, Severity: traffic.Info, Part: part}
	if i := slices.IndexFunc(codes, func(c validator.Code) bool { return c.Code == code }); i >= 0 {
		f.Severity = codes[i].Severity
	}
	return f
}

func incomplete(part traffic.Part, s captured) *traffic.Finding {
	f := finding(codeIncomplete, part)
	f.Expected, f.Actual = "the whole body", fmt.Sprintf("%d bytes", s.size)
	if s.err != nil {
		f.Actual += ", then: " + s.err.Error()
	}
	if part == traffic.InRequest {
		f.Severity, f.Hint = traffic.Warn, "the target answered without reading the rest, so it was not judged"
	}
	return &f
}

func (c *call) tooLarge(part traffic.Part, s captured) *traffic.Finding {
	f := finding(codeCut, part)
	f.Expected, f.Actual = "the whole body", fmt.Sprintf("%d of %d bytes", len(s.kept), s.size)
	f.Hint = "it was forwarded and not judged; judge larger ones with a larger body limit"
	if s.size <= c.proxy.options.BodyLimit {
		f.Hint = "it was forwarded and not judged: too many bodies were under way at once"
	}
	return &f
}
