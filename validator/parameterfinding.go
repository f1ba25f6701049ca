package validator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// judgeParameters judges the parameters of a request. Values are taken apart as the
// contract's style has it, and judged by the parameter's schema.
func (v *Validator) judgeParameters(o *specs.Operation, r *traffic.Request) []traffic.Finding {
	if len(v.parameters) == 0 {
		return nil
	}
	list := v.parameters[keyOf(o)]
	if len(list) == 0 {
		return nil
	}
	given := sent{request: r}
	var found []traffic.Finding
	for _, p := range list {
		found = append(found, p.judge(given.values(p))...)
	}
	if given.broken != "" {
		found = append(found, finding("parameter.syntax", traffic.Finding{
			Pointer: "query", Expected: "a query that can be decoded", Actual: given.broken, Hint: "percent-encode names and values",
		}))
	}
	if left := len(found) - maxFindings; left > 0 {
		found = append(found[:maxFindings:maxFindings], leftOut(left))
	}
	return found
}

// judge finds what is wrong with the values that a parameter was sent with.
func (p *parameter) judge(texts []string) []traffic.Finding {
	switch {
	case len(texts) == 0 && (!p.Required || p.In == "path"): // a path that matches has it
		return nil
	case len(texts) > 0 && p.AllowEmpty && strings.Join(texts, "") == "":
		return nil
	case len(texts) == 0:
		return []traffic.Finding{p.finding("parameter.required", "", traffic.Finding{Expected: "this " + p.In + " parameter", Actual: "nothing"})}
	case slices.ContainsFunc(texts, traffic.Hidden):
		return nil // what was recorded without secrets
	}
	if p.isList {
		return p.judgeList(p.split(texts))
	}
	var found []traffic.Finding
	if len(texts) > 1 {
		found = append(found, finding("parameter.repeated", traffic.Finding{
			Pointer: p.place, Expected: "one value", Actual: fmt.Sprintf("%d values", len(texts)), Hint: "readers differ in which they take; the first is judged",
		}))
	}
	return append(found, p.judgeValue(p.decode(texts[0]), texts[:1])...)
}

func (p *parameter) judgeList(texts []string) []traffic.Finding {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = p.decode(text)
	}
	return p.judgeValue(list, texts)
}

// judgeValue judges a value, or a list of them, that was sent as texts.
func (p *parameter) judgeValue(value any, texts []string) []traffic.Finding {
	var found []traffic.Finding
	problems, _ := p.schema.judge(value, len(strings.Join(texts, ",")))
	for _, one := range problems {
		found = append(found, p.breaks(one, value, texts))
	}
	w := walker{}
	w.walk(p.nodes, value)
	for _, one := range w.found {
		f := finding(ofParameter(one.Code), one.Finding)
		if f.Pointer = p.place; f.Severity.AtLeast(traffic.Warn) {
			f.Requirement = p.Requirement
		}
		found = append(found, p.withoutSecret(f))
	}
	return found
}

// breaks is the finding that an error of the schema is.
func (p *parameter) breaks(one problem, value any, texts []string) traffic.Finding {
	text := strings.Join(texts, ",")
	if list, ok := value.([]any); ok && len(one.path) == 1 {
		if i, err := strconv.Atoi(one.path[0]); err == nil && i < len(list) {
			value, text = list[i], texts[i]
		}
	}
	f := traffic.Finding{Expected: one.expected, Actual: actual(value), Hint: p.hint(one, text)}
	if one.code == "body.schema" {
		f.Expected = "a value that the schema accepts"
	}
	return p.finding(ofParameter(one.code), Keyword(one.code), f)
}

// finding completes a finding about a parameter. It is as grave as the evidence of
// what it breaks, and as its requirement.
func (p *parameter) finding(code, keyword string, f traffic.Finding) traffic.Finding {
	f.Pointer, f.Requirement = p.place, p.Requirement
	f = finding(code, f)
	s := said{requirement: p.Requirement, evidence: p.evidence(keyword)}
	if f.Severity == traffic.Error && !demanded(p.contract, s) {
		f.Severity = traffic.Warn
		if s.evidence == specs.Assumed {
			f.Hint = strings.TrimPrefix(f.Hint+"; the vendor does not document this; the contract assumes it", "; ")
		}
	}
	return p.withoutSecret(f)
}

// evidence is that of a keyword; minimum and maximum may exclude the bound.
func (p *parameter) evidence(keyword string) specs.Class {
	exclusive := map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}[keyword]
	if exclusive != "" && p.Class(exclusive) == specs.Assumed {
		return specs.Assumed
	}
	return p.Class(keyword)
}

func (p *parameter) withoutSecret(f traffic.Finding) traffic.Finding {
	if p.secret && f.Actual != "nothing" {
		f.Actual, f.Hint = traffic.Redacted, ""
	}
	return f
}

// ofParameter turns the code of a finding in a body into that in a parameter.
func ofParameter(code string) string { return "parameter." + strings.TrimPrefix(code, "body.") }
