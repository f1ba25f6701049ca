package independent

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/mockserver/madeup"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// call is a request to an operation of a document: a valid one, or one with a fault.
type call struct {
	operation *specs.Operation
	fault     string // what is wrong with it; "" for nothing
	values    map[string]any
	body      any
	kind      string // Content-Type; "" for no body
}

func (c call) with(fault string) call {
	c.fault, c.values = fault, maps.Clone(c.values)
	return c
}

func (c call) String() string {
	return fmt.Sprintf("%s (%s): %s, %s", c.operation.Name(), c.fault, c.url(), c.raw())
}

// driver makes calls, the same for the same seed.
type driver struct {
	contract *specs.Contract
	maker    *madeup.Maker
	seed     uint64
}

func newDriver(c *specs.Contract, v *validator.Validator, seed uint64) *driver {
	return &driver{c, madeup.New(v), seed}
}

// valid is a call with all parameters and members, or those that are required. The error
// says why there is none.
func (d *driver) valid(o *specs.Operation, all bool) (call, error) {
	made := call{operation: o, values: map[string]any{}}
	for _, p := range o.Parameters {
		if !p.Required && (!all || p.In == "cookie") {
			continue
		}
		value, err := madeup.Value(d.contract, p.Name, p.Schema, d.seed)
		if err != nil {
			return made, fmt.Errorf("%s %s: %w", p.In, p.Name, err)
		}
		made.values[p.In+" "+p.Name] = value
	}
	err := d.addBody(&made, all)
	return made, err
}

// addBody adds one of the first type that can be written: JSON, a text, or parts.
func (d *driver) addBody(to *call, all bool) error {
	for _, kind := range to.operation.ContentTypes {
		payload, media := to.operation.Body(kind), specs.MediaOf(kind)
		switch {
		case media == specs.Multipart:
			to.kind, to.body = kind+"; boundary=x", "--x\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n\r\na\r\n--x--\r\n" // what is in the parts nobody judges
			return nil
		case payload == "" || media == specs.Form:
			continue
		}
		body, err := d.maker.Body(payload, madeup.Wish{Seed: d.seed, Required: !all})
		if err != nil {
			return err
		}
		to.kind, to.body = kind, body
		return nil
	}
	if to.operation.BodyRequired {
		return fmt.Errorf("a body in %s", strings.Join(to.operation.ContentTypes, ", "))
	}
	return nil
}

// faulty are calls with one fault each: a required parameter that is missing, one of
// another type or value, a body without a member, with a keyword broken, or in a type
// of content that nobody knows. At most so many faults of the body are made.
func (d *driver) faulty(good call, most int) []call {
	var list []call
	for _, p := range good.operation.Parameters {
		key := p.In + " " + p.Name
		if _, there := good.values[key]; !there {
			continue
		}
		if p.Required && p.In != "path" {
			bad := good.with("missing parameter")
			delete(bad.values, key)
			list = append(list, bad)
		}
		if text := wrongText(p); text != "" {
			bad := good.with("parameter of another " + map[bool]string{true: "value", false: "type"}[p.Type() == "string"])
			bad.values[key] = text
			list = append(list, bad)
		}
	}
	if good.kind == "" {
		return list
	}
	unknown := good.with("unknown content type")
	unknown.kind = "application/x-nobody-knows"
	list = append(list, unknown)
	broken := d.brokenBodies(good)
	random := rand.New(rand.NewPCG(d.seed, uint64(len(broken))))
	random.Shuffle(len(broken), func(i, j int) { broken[i], broken[j] = broken[j], broken[i] })
	return append(list, broken[:min(most, len(broken))]...)
}

// wrongText is none of the values of a parameter; "" where any text is one.
func wrongText(p specs.Parameter) string {
	switch p.Type() {
	case "integer", "number", "boolean":
		return "no-such-value"
	case "string":
		if p.Schema["enum"] != nil {
			return "no-such-value"
		}
	}
	return ""
}

// brokenBodies are the call with a body in which one keyword is broken.
func (d *driver) brokenBodies(good call) []call {
	p := d.contract.Payloads[good.operation.Body(good.kind)]
	var plain any // as JSON is read: the keywords are broken in such values
	if err := json.Unmarshal(good.raw(), &plain); err != nil {
		return nil
	}
	g := &generator{contract: d.contract, whole: plain}
	g.breakKeywords(p, p.Schema(), plain, nil)
	var list []call
	for _, f := range g.made {
		if !slices.Contains([]string{"required", "type", "enum", "const"}, f.keyword) {
			continue
		}
		bad := good.with("body breaks " + f.keyword + " at " + f.pointer)
		bad.body = f.body
		list = append(list, bad)
	}
	return list
}

func (c call) raw() []byte {
	if c.kind == "" {
		return nil
	}
	if text, ok := c.body.(string); ok && specs.MediaOf(c.kind) != specs.JSON {
		return []byte(text)
	}
	raw, err := json.Marshal(c.body)
	if err != nil {
		panic(err) // it was made of JSON
	}
	return raw
}

func (c call) path() string {
	path := c.operation.Path
	for key, value := range c.values {
		if name, ok := strings.CutPrefix(key, "path "); ok {
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(textOf(value)))
		}
	}
	return path
}

// query is written as OpenAPI has it by default, with lists as their style says.
func (c call) query() string {
	values := url.Values{}
	for _, p := range c.operation.Parameters {
		value, there := c.values["query "+p.Name]
		if !there || p.In != "query" {
			continue
		}
		list, isList := value.([]any)
		object, isObject := value.(map[string]any)
		switch {
		case p.ContentType != "":
			raw, _ := json.Marshal(value)
			values.Set(p.Name, string(raw))
		case isList && p.Explode:
			for _, one := range list {
				values.Add(p.Name, textOf(one))
			}
		case isObject && p.Style == "deepObject":
			for name, one := range object {
				values.Set(p.Name+"["+name+"]", textOf(one))
			}
		case isObject:
			for name, one := range object {
				values.Set(name, textOf(one))
			}
		default:
			values.Set(p.Name, textOf(value))
		}
	}
	return values.Encode()
}

func (c call) url() string {
	if query := c.query(); query != "" {
		return c.path() + "?" + query
	}
	return c.path()
}

func (c call) header() http.Header {
	header := http.Header{}
	for _, p := range c.operation.Parameters {
		if value, there := c.values["header "+p.Name]; there {
			header.Set(p.Name, textOf(value))
		}
	}
	if c.kind != "" {
		header.Set("Content-Type", c.kind)
	}
	return header
}

func textOf(value any) string {
	switch value := value.(type) {
	case []any:
		var texts []string
		for _, one := range value {
			texts = append(texts, textOf(one))
		}
		return strings.Join(texts, ",")
	case map[string]any:
		raw, _ := json.Marshal(value)
		return string(raw)
	}
	return fmt.Sprint(value)
}

// judgedBy is what Parley says of a call. What it sends for credentials is not asked.
func (c call) judgedBy(v *validator.Validator) verdict {
	e := traffic.Exchange{Caller: traffic.Partner, Request: traffic.Request{
		Method: c.operation.Method, URL: c.url(), Header: c.header(), Body: traffic.NewBody(c.raw(), 0),
	}}
	v.Exchange(&e)
	said := verdict{Valid: true}
	for _, f := range e.Findings {
		if f.Part == traffic.InRequest && f.Code != validator.CredentialMissing && f.Severity.AtLeast(traffic.Warn) {
			said.Valid = said.Valid && !f.Severity.AtLeast(traffic.Error)
			said.Why += f.String() + "; "
		}
	}
	if e.Operation != c.operation.Name() {
		said.Why += "taken for " + e.Operation
	}
	return said
}
