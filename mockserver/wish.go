package mockserver

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/http"

	"github.com/parleykit/parley/mockserver/madeup"
	"github.com/parleykit/parley/specs"
)

// wish is which of the documented answers of a status is wanted.
type wish struct {
	sample  string // its name; "": the first
	dynamic *bool  // made from the schema, or not; nil: where there is no sample
}

// madeFor says what a body is made for: the same call in the same sandbox is answered
// alike, whatever was called before it, and a body has what path and request say of it.
func (c *Call) madeFor(o *specs.Operation, status int) madeup.Wish {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%d\n%s %d\n%s %s\n", c.instance.sandbox.seed, o.Name(), status, c.method, c.Request.URL.RequestURI())
	sum.Write(c.Body)
	made := madeup.Wish{Seed: sum.Sum64()}
	if status >= http.StatusBadRequest {
		return made
	}
	made.Given = map[string]any{}
	if members, ok := c.Document.Value().(map[string]any); ok {
		maps.Copy(made.Given, members)
	}
	for name, value := range c.Params {
		if len(c.Params) == 1 {
			made.Given["id"] = value // /pets/{petId} names the id of a pet
		}
		made.Given[name] = value
	}
	return made
}
