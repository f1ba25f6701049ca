package validator

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/parleykit/parley/specs"
)

// parameter is one parameter of an operation, ready to judge what was sent.
type parameter struct {
	specs.Parameter
	place  string // "query:start", as findings have it
	secret bool
	isList bool
	kinds  []string // types of one value
	schema *schema
	nodes  []*node
	at     *segment // of one in a path

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
			if p.In == "path" && isAnyText(p.Schema) {
				continue
			}
			ready, err := v.ready(c, o, p)
			if err != nil {
				return nil, err
			}
			table[keyOf(o)] = append(table[keyOf(o)], ready)
		}
	}
	return table, nil
}

func (v *Validator) ready(c *specs.Contract, o *specs.Operation, p specs.Parameter) (*parameter, error) {
	ready := &parameter{Parameter: p, place: p.In + ":" + p.Name, secret: p.Secret || v.redact.IsSecret(p.Name), contract: c}
	root, err := rootOf(c, p)
	if err != nil {
		return nil, err
	}
	if ready.schema, err = parameterSchema(c, p, root); err != nil {
		return nil, err
	}
	ready.nodes = root.self
	one := root
	if ready.isList = slices.Equal(root.types, []string{"array"}); ready.isList {
		one = root.items
	}
	ready.kinds = one.types
	if p.In == "path" {
		if ready.at = segmentOf(o, p.Name); ready.at == nil {
			return nil, fmt.Errorf("contract %s: path parameter %q of %s would not be judged: it must stand once in %q, alone in its segment or with text before or behind it",
				c.ID, p.Name, o.Name(), o.Path)
		}
	}
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
