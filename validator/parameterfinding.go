package validator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// judgeParameters judges the parameters of a request. Values are taken apart as the
// contract's style has it, and judged by the parameter's schema.
func (v *Validator) judgeParameters(o *specs.Operation, r *traffic.Request) []traffic.Finding {
	if len(v.parameters) == 0 {
		return nil
	}
	return judgeSent(v.parameters[keyOf(o)], &sent{url: r.URL, header: r.Header})
}

// judgeSent judges what was sent for parameters.
func judgeSent(list []*parameter, given *sent) []traffic.Finding {
	var found []traffic.Finding
	for _, p := range list {
		found = append(found, p.judge(given)...)
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
func (p *parameter) judge(given *sent) []traffic.Finding {
	texts := given.values(p)
	if slices.ContainsFunc(texts, traffic.Hidden) {
		return nil // what was recorded without secrets
	}
	if p.isObject && p.ContentType == "" {
		if fields, wrong := p.fields(given, texts); wrong != "" && !p.isSingle {
			return []traffic.Finding{p.badlyWritten(wrong, texts)}
		} else if fields != nil && (!p.isSingle || len(texts) == 0) {
			object, read := objectOf(p.root.applicable(viewOf(anything{})), fields)
			if !read {
				return nil
			}
			return p.judgeValue(object, nil)
		}
	}
	switch {
	case len(texts) == 0 && (!p.Required || p.In == "path"): // a path that matches has it
		return nil
	case len(texts) > 0 && p.AllowEmpty && strings.Join(texts, "") == "":
		return nil
	case len(texts) == 0 && p.ofAnswer:
		return []traffic.Finding{p.finding("parameter.required", "", traffic.Finding{Expected: "this header", Actual: "nothing"})}
	case len(texts) == 0:
		return []traffic.Finding{p.finding("parameter.required", "", traffic.Finding{Expected: "this " + p.In + " parameter", Actual: "nothing"})}
	case p.ContentType != "":
		return p.judgeDocument(texts)
	case p.isList:
		return p.judgeList(texts)
	}
	return p.judgeSingle(texts)
}

// judgeDocument judges a value that is a document of its own, as far as it is JSON.
func (p *parameter) judgeDocument(texts []string) []traffic.Finding {
	if specs.MediaOf(p.ContentType) != specs.JSON {
		return nil
	}
	values, _ := p.plain(texts)
	d := Decode([]byte(values[0]))
	if !d.Valid {
		return []traffic.Finding{p.badlyWritten(p.ContentType, values)}
	}
	return p.judgeValue(d.Value(), values[:1])
}

// badlyWritten is the finding of texts that are not written as documented.
func (p *parameter) badlyWritten(wanted string, texts []string) traffic.Finding {
	return p.finding("parameter.syntax", "", traffic.Finding{Expected: wanted, Actual: actual(strings.Join(texts, "&"))})
}

// judgeList judges a list. Where one value may stand alone as well, one is.
func (p *parameter) judgeList(texts []string) []traffic.Finding {
	if p.isSingle && len(texts) == 1 {
		if values, wrong := p.plain(texts); wrong == "" && p.schema.accepts(decodeAs(p.kinds, values[0])) {
			return p.judgeSingle(texts)
		}
	}
	if len(texts) == 1 && p.In == "query" && len(p.ofItem) > 0 && !slices.ContainsFunc(p.ofItem, func(kind string) bool { return kind != "object" && kind != "array" }) {
		if list, ok := inJSON([]string{"array"}, texts[0]); ok {
			return p.judgeValue(list, nil)
		}
	}
	items, wrong := p.items(texts)
	if wrong != "" {
		return []traffic.Finding{p.badlyWritten(wrong, texts)}
	}
	list := make([]any, len(items))
	for i, text := range items {
		list[i] = decodeAs(p.ofItem, text)
	}
	return p.judgeValue(list, items)
}

func (p *parameter) judgeSingle(texts []string) []traffic.Finding {
	values, wrong := p.plain(texts)
	if wrong != "" {
		return []traffic.Finding{p.badlyWritten(wrong, texts)}
	}
	var found []traffic.Finding
	if len(values) > 1 && !strings.EqualFold(p.Name, "Set-Cookie") {
		found = append(found, finding("parameter.repeated", traffic.Finding{
			Pointer: p.place, Expected: "one value", Actual: fmt.Sprintf("%d values", len(values)), Hint: "readers differ in which they take; the first is judged",
		}))
	}
	return append(found, p.judgeValue(decodeAs(p.kinds, values[0]), values[:1])...)
}

// judgeValue judges a value, or a list of them, that was sent as texts.
func (p *parameter) judgeValue(value any, texts []string) []traffic.Finding {
	var found []traffic.Finding
	problems, _ := p.schema.judge(viewOf(value), len(strings.Join(texts, ",")))
	for _, one := range problems {
		found = append(found, p.breaks(one, value, texts))
	}
	w := walker{}
	w.walk(p.root.applicable(viewOf(value)), viewOf(value))
	for _, one := range w.found {
		code := ofParameter(one.Code)
		if severities[code] == "" {
			continue // what an object has beyond its schema may be another parameter
		}
		f := finding(code, one.Finding)
		if f.Pointer = p.place; f.Severity.AtLeast(traffic.Warn) {
			f.Requirement = p.Requirement
		}
		found = append(found, p.withoutSecret(f))
	}
	return found
}

// breaks is the finding that an error of the schema is.
func (p *parameter) breaks(one problem, value any, texts []string) traffic.Finding {
	f, text, there := traffic.Finding{Expected: one.expected, Actual: "nothing"}, strings.Join(texts, ","), true
	if i, ok := indexIn(value, one.path); ok && i < len(texts) {
		value, text = value.([]any)[i], texts[i]
	} else if len(one.path) > 0 {
		place := pointerOf(one.path)
		if value, there = valuepath.Pointer(value, place); there {
			f.Expected = "at " + place + ": " + f.Expected
		}
		text, _ = value.(string)
	}
	if there {
		one, f.Actual = one.decided(value), actual(value)
	}
	if severities[ofParameter(one.code)] == "" {
		one.code = "body.schema"
	} else if one.code == "body.schema" {
		f.Expected = "a value that the schema accepts"
	}
	if f.Hint = p.hint(one, text); one.code == codeUndecided {
		f.Hint = undecidedHint
	}
	return p.finding(ofParameter(one.code), Keyword(one.code), f)
}

// indexIn is the place of an item of a list that a path leads to.
func indexIn(value any, path []string) (int, bool) {
	list, ok := value.([]any)
	if !ok || len(path) != 1 {
		return 0, false
	}
	i, err := strconv.Atoi(path[0])
	return i, err == nil && i >= 0 && i < len(list)
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
