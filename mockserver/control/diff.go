package control

import (
	"maps"
	"net/http"

	"github.com/gorilla/mux"
	"github.com/wI2L/jsondiff"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/problem"
)

// maxAligned is up to how many bytes of state the elements of lists are aligned, which
// costs the square of their number: what was put between others is then one addition.
const maxAligned = 64 << 10

// diff answers with what an exchange changed in what the vendors remember, or one of them.
func (c *API) diff(w http.ResponseWriter, r *http.Request) {
	values, ok := c.query(w, r, "vendor")
	if !ok {
		return
	}
	if err := c.checkNames(values["vendor"], ""); err != nil {
		c.refuse(w, err)
		return
	}
	id := mux.Vars(r)["id"]
	before, after, err := c.box(r).StatesAround(r.Context(), id)
	if err != nil {
		problem.Of(err).Write(w)
		return
	}
	patch, err := c.patch(before, after, values["vendor"])
	if err != nil {
		problem.Of(err).Write(w)
		return
	}
	c.writeShown(w, http.StatusOK, map[string]any{"exchange": id, "patch": patch})
}

// patch leads from one state to another, as both are shown.
func (c *API) patch(before, after map[string]any, vendor string) (jsondiff.Patch, error) {
	var shown [2]any
	size := 0
	for i, state := range []map[string]any{before, after} {
		maps.DeleteFunc(state, func(id string, _ any) bool { return !matchesText(vendor, id) })
		text, err := plainjson.Marshal(state)
		if err == nil {
			size += len(text)
			shown[i], err = decodedJSON(c.redact.JSON(text))
		}
		if err != nil {
			return nil, err
		}
	}
	var options []jsondiff.Option
	if size <= maxAligned {
		options = append(options, jsondiff.LCS())
	}
	patch, err := jsondiff.CompareWithoutMarshal(shown[0], shown[1], options...)
	if patch == nil {
		patch = jsondiff.Patch{}
	}
	return patch, err
}
