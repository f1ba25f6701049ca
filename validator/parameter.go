package validator

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/parleykit/parley/specs"
)

// parameter is one parameter of an operation, ready to judge what was sent.
type parameter struct {
	specs.Parameter
	place                      string // "query:start", as findings have it
	secret                     bool
	isList, isObject, isSingle bool     // what its schema allows
	kinds                      []string // types of a single value
	ofItem                     []string // types of an item of a list
	schema                     *schema
	root                       *node
	at                         *segment // of one in a path
	ofAnswer                   bool     // a header of an answer

	contract *specs.Contract
}

// operationKey tells operations apart, also those of a contract loaded twice.
type operationKey struct {
	event      bool
	id, method string
}

func keyOf(o *specs.Operation) operationKey { return operationKey{o.Event, o.ID, o.Method} }

// parametersOf makes ready what can break the contract; operations without such
// parameters are not in the result. A path that matches has its parameters, and no
// empty one, so that one which may be any text cannot.
func (v *Validator) parametersOf(c *specs.Contract) (map[operationKey][]*parameter, error) {
	table := map[operationKey][]*parameter{}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		for _, p := range o.Parameters {
			if p.In == "path" && p.Style != "label" && p.Style != "matrix" && isAnyText(p.Schema) {
				continue
			}
			ready, err := v.ready(c, p)
			if err != nil {
				return nil, err
			}
			if ready.at = segmentOf(o, p.Name); p.In == "path" && ready.at == nil {
				continue // named when the contract was loaded
			}
			table[keyOf(o)] = append(table[keyOf(o)], ready)
		}
	}
	return table, nil
}

// headersOf makes ready the documented headers of answers, by operation and by the key
// of the answer.
func (v *Validator) headersOf(c *specs.Contract) (map[operationKey]map[int][]*parameter, error) {
	table := map[operationKey]map[int][]*parameter{}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		for status, answer := range o.Responses {
			for _, p := range answer.Headers {
				ready, err := v.ready(c, p)
				if err != nil {
					return nil, err
				}
				ready.ofAnswer = true
				if table[keyOf(o)] == nil {
					table[keyOf(o)] = map[int][]*parameter{}
				}
				table[keyOf(o)][status] = append(table[keyOf(o)][status], ready)
			}
		}
	}
	return table, nil
}

func (v *Validator) ready(c *specs.Contract, p specs.Parameter) (*parameter, error) {
	ready := &parameter{Parameter: p, place: p.In + ":" + p.Name, secret: p.Secret || p.In == "cookie" || v.redact.IsSecret(p.Name), contract: c}
	root, err := rootOf(c, p)
	if err != nil {
		return nil, err
	}
	if ready.schema, err = parameterSchema(c, p, root); err != nil {
		return nil, err
	}
	ready.root = root
	ready.kinds, ready.ofItem = root.kinds(nil, nil)
	if len(root.types) == 0 { // of choices the text comes last: any value is one
		textLast(ready.kinds)
	}
	ready.isList, ready.isObject = slices.Contains(ready.kinds, "array"), slices.Contains(ready.kinds, "object") || len(root.properties) > 0
	ready.isSingle = !ready.isObject && !ready.isList || slices.ContainsFunc(ready.kinds, func(kind string) bool { return kind != "array" && kind != "object" && kind != "null" })
	return ready, nil
}

// rootOf is the node of a parameter's schema.
func rootOf(c *specs.Contract, p specs.Parameter) (*node, error) {
	o := &graphBuilder{contract: c, built: map[string]*node{}}
	root, err := o.build(&specs.Payload{File: documentFile}, p.Schema, "", nil)
	if err != nil {
		var where *specs.Error
		if errors.As(err, &where) {
			return nil, errorAt(c, p, where.Text)
		}
		return nil, err
	}
	for _, n := range o.built {
		n.finish()
	}
	return root, nil
}

// documentFile is where parameters stand.
const documentFile = "openapi.yaml"

// errorAt is an error about the schema of a parameter, in the line of its name.
func errorAt(c *specs.Contract, p specs.Parameter, text string) error {
	return errorIn(c, &specs.Payload{File: documentFile}, "name: "+p.Name, "%s parameter %q: %s", p.In, p.Name, text)
}

// isAnyText tells whether a schema takes every text but the empty one, and says
// nothing else of it.
func isAnyText(schema map[string]any) bool {
	for key, value := range schema {
		switch key {
		case "type":
			if value != "string" {
				return false
			}
		case "minLength":
			if value != json.Number("1") && value != json.Number("0") {
				return false
			}
		case "title", "description", "default", "$comment", "x-evidence", "x-assumed", "x-requirement":
		default:
			return false
		}
	}
	return true
}
