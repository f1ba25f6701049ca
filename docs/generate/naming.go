package generate

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/markdown/links"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Naming has for each requirement of a contract the codes of findings that name it. They
// are not read in the schemas but found: each sample is broken at one place at a time, each
// call has one parameter left out or wrong, and all are judged.
func Naming(c *specs.Contract) (map[string][]string, error) {
	judge, err := validator.New(c)
	if err != nil {
		return nil, err
	}
	found := map[string]map[string]bool{}
	note := func(findings []traffic.Finding) {
		for _, f := range findings {
			if f.Requirement == "" {
				continue
			}
			if found[f.Requirement] == nil {
				found[f.Requirement] = map[string]bool{}
			}
			found[f.Requirement][f.Code] = true
		}
	}
	for _, name := range c.PayloadNames() {
		tried := map[string]bool{}
		for _, sample := range c.Payloads[name].Samples {
			var whole any
			if err := json.Unmarshal(sample.Body, &whole); err != nil {
				return nil, fmt.Errorf("the sample %s of %s: %w", sample.Name, name, err)
			}
			for _, body := range broken(whole, "", tried) {
				text, err := json.Marshal(body)
				if err != nil {
					return nil, err
				}
				note(judge.Payload(name, validator.Decode(text)))
			}
		}
	}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		for i := range o.Parameters {
			for _, r := range wrongCalls(o, i) {
				note(judge.Request(o, &r, nil))
			}
		}
	}
	named := map[string][]string{}
	for id, codes := range found {
		named[id] = slices.Sorted(maps.Keys(codes))
	}
	return named, nil
}

// broken are a value with one thing wrong in it each, at places that were not tried; of a
// list its first item stands for all.
func broken(value any, at string, tried map[string]bool) []any {
	var list []any
	if !tried[at] && at != "" {
		tried[at] = true
		list = append(list, "?", 0.5, -1.0, "", true, nil, []any{}, map[string]any{}, strings.Repeat("long ", 1_000))
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			below := at + "/" + jsonpointer.Escape(key)
			if missing := below + " missing"; !tried[missing] {
				tried[missing] = true
				without := maps.Clone(v)
				delete(without, key)
				list = append(list, without)
			}
			for _, one := range broken(v[key], below, tried) {
				with := maps.Clone(v)
				with[key] = one
				list = append(list, with)
			}
		}
	case []any:
		if len(v) == 0 {
			break
		}
		for _, one := range broken(v[0], at+"/*", tried) {
			with := slices.Clone(v)
			with[0] = one
			list = append(list, with)
		}
	}
	return list
}

// wrongCalls are an operation's call without one of its parameters, and with it wrong; the
// others have some value.
func wrongCalls(o *specs.Operation, wrong int) []traffic.Request {
	var list []traffic.Request
	for _, value := range []string{"", "?", "-1"} {
		r := traffic.Request{Method: o.Method, Header: http.Header{}, Body: traffic.NewBody(nil, 0)}
		path, query := o.Path, url.Values{}
		for i, one := range o.Parameters {
			given := "1"
			if shown, ok := one.Documented(); ok {
				given = fmt.Sprint(shown)
			}
			if i == wrong {
				given = value
			}
			switch {
			case one.In == "path":
				path = strings.ReplaceAll(path, "{"+one.Name+"}", url.PathEscape(given))
			case given == "" && one.In != "path":
			case one.In == "query":
				query.Set(one.Name, given)
			case one.In == "header":
				r.Header.Set(one.Name, given)
			}
		}
		if r.URL = path; len(query) > 0 {
			r.URL += "?" + query.Encode()
		}
		list = append(list, r)
	}
	return list
}

// codes is the page of the codes by which findings name requirements.
func (v *vendor) codes() string {
	var p Page
	v.title(&p, "finding codes")
	p.Paragraph("A finding names the requirement that it is about, where the contract knows which. By these codes it does so in the bodies and parameters of %s; %s tells what each means. Checks and the mock name others by what happens.", Prose(v.c.Name), Link("the list of all codes", "../../findings.md"))
	byCode := map[string][]string{}
	for _, id := range sorted(v.named) {
		for _, code := range v.named[id] {
			byCode[code] = append(byCode[code], v.link(id, id))
		}
	}
	for _, code := range sorted(byCode) {
		p.Heading(2, code)
		p.Paragraph("%s: %s.", Link("What it means", "../../findings.md#"+links.Anchor(code)), strings.Join(byCode[code], ", "))
	}
	return p.Text()
}
