package validator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// good is a value that a parameter may have.
func good(p specs.Parameter) string {
	switch {
	case p.Type() == "integer":
		return "1"
	case p.Type() == "boolean":
		return "true"
	case p.Schema["format"] == "date":
		return "2026-11-26"
	}
	if known, _ := p.Schema["x-known-values"].([]any); known != nil {
		return known[0].(string)
	}
	return "a b/ü"
}

// wrong are values that break a parameter's schema, with the keyword that each breaks
// and the code that it gives. Text of any form has none.
func wrong(p specs.Parameter) map[string][2]string {
	faults := map[string][2]string{}
	switch p.Type() {
	case "integer":
		for _, text := range []string{"abc", "1.5", "", "1 000", "0x10"} {
			faults[text] = [2]string{"type", "parameter.type"}
		}
	case "boolean":
		for _, text := range []string{"yes", "1", "", "True"} {
			faults[text] = [2]string{"type", "parameter.type"}
		}
	}
	if p.Schema["format"] == "date" {
		for _, text := range []string{"26.11.2026", "2026-13-01", "2026-02-29", "", "20261126", "2026-11-26T00:00:00Z"} {
			faults[text] = [2]string{"format", "parameter.format"}
		}
	}
	if least, ok := p.Schema["minimum"].(json.Number); ok && least == "0" {
		faults["-5"] = [2]string{"minimum", "parameter.minimum"}
	}
	if _, ok := p.Schema["x-known-values"]; ok {
		faults["nonsense"] = [2]string{"x-known-values", "parameter.unknown-value"}
	}
	return faults
}

// exchangeWith is a call of an operation whose parameters have good values, one of
// them another.
func exchangeWith(o *specs.Operation, changed specs.Parameter, text string) *traffic.Exchange {
	path, query, header := o.Path, url.Values{}, http.Header{}
	for _, p := range o.Parameters {
		value := good(p)
		if p.Name == changed.Name && p.In == changed.In {
			value = text
		}
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case "query":
			query.Set(p.Name, value)
		case "header":
			header.Set(p.Name, value)
		}
	}
	e := call(o.Method, path+"?"+query.Encode(), "")
	e.Request.Header = header
	return e
}

func parameterFindings(v *Validator, e *traffic.Exchange) []traffic.Finding {
	v.Exchange(e)
	return slices.DeleteFunc(e.Findings, func(f traffic.Finding) bool { return !strings.HasPrefix(f.Code, "parameter.") })
}

// Of every parameter that Parley ships good values pass, and each fault is found, as
// gravely as the contract's evidence for what it breaks.
func TestFaultsOfEveryShippedParameterAreFound(t *testing.T) {
	tried, free := 0, 0
	for _, id := range specs.IDs() {
		v := shipped(t, id)
		c := v.contract
		for _, o := range slices.Concat(c.Operations, c.Events) {
			if found := parameterFindings(v, exchangeWith(o, specs.Parameter{}, "")); len(found) > 0 {
				t.Errorf("%s with good values: %v", o.Name(), found)
			}
			for _, p := range o.Parameters {
				faults := wrong(p)
				if len(faults) == 0 {
					free++
				}
				for text, fault := range faults {
					tried++
					e := exchangeWith(o, p, text)
					f := only(t, parameterFindings(v, e))
					if want := severityOf(c, p, fault); e.Operation != o.Name() || f.Code != fault[1] || f.Pointer != p.In+":"+p.Name || f.Severity != want || f.Requirement != p.Requirement && want != traffic.Info {
						t.Errorf("%s with %s=%q is %q: %+v, want %s %s", o.Name(), p.Name, text, e.Operation, f, want, fault[1])
					}
				}
			}
		}
	}
	t.Logf("%d faults, and %d parameters that may be any text", tried, free)
	if tried < 100 {
		t.Errorf("only %d faults were tried", tried)
	}
}

func severityOf(c *specs.Contract, p specs.Parameter, fault [2]string) traffic.Severity {
	switch {
	case fault[1] == "parameter.unknown-value":
		return traffic.Info
	case p.Class(fault[0]) == specs.Assumed:
		return traffic.Warn
	}
	if r, ok := c.Requirement(p.Requirement); ok && r.Level != "MUST" {
		return traffic.Warn
	}
	return traffic.Error
}
