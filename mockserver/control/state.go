package control

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/internal/version"
)

func (c *reader) health(w http.ResponseWriter, _ *http.Request) {
	c.write(w, http.StatusOK, map[string]string{"status": "ok"})
}

// ready answers whether the mock should get traffic now. One that is alive may not be
// ready.
func (c *API) ready(w http.ResponseWriter, _ *http.Request) {
	if err := c.mock.Ready(); err != nil {
		problem.Problem{Status: http.StatusServiceUnavailable, Kind: "ready", Detail: c.redact.Values(err.Error())}.Write(w)
		return
	}
	c.write(w, http.StatusOK, map[string]string{"status": "ready"})
}

func (c *reader) version(w http.ResponseWriter, _ *http.Request) {
	vendors := []map[string]string{}
	for _, v := range c.contracts() {
		vendors = append(vendors, map[string]string{"id": v.ID, "name": v.Name})
	}
	c.write(w, http.StatusOK, map[string]any{
		"version": version.Module(), "go": runtime.Version(), "vendors": vendors, "kind": c.kind, "features": features(c.table),
	})
}

// features are the groups of routes that a server has, by how their paths begin.
func features(table []route) []string {
	var list []string
	for _, r := range table {
		name := r.path
		if end := strings.IndexAny(name, "/."); end >= 0 {
			name = name[:end]
		}
		if !slices.Contains([]string{"health", "ready", "version"}, name) && !slices.Contains(list, name) { // these are no group
			list = append(list, name)
		}
	}
	return list
}

// state shows what the vendors remember, or one of them: now, or as it was after an
// exchange.
func (c *API) state(w http.ResponseWriter, r *http.Request) {
	values, ok := c.query(w, r, "vendor", "at")
	if !ok {
		return
	}
	if err := c.checkNames(values["vendor"], ""); err != nil {
		c.refuse(w, err)
		return
	}
	var state map[string]any
	if at := values["at"]; at == "" {
		state = c.box(r).State()
	} else {
		var err error
		if state, err = c.box(r).StateAt(r.Context(), at); err != nil {
			problem.Of(err).Write(w)
			return
		}
	}
	maps.DeleteFunc(state, func(id string, _ any) bool { return !matchesText(values["vendor"], id) })
	c.write(w, http.StatusOK, state)
}

// stateRequest is what POST state takes.
type stateRequest struct {
	Vendor string          `json:"vendor"`
	State  json.RawMessage `json:"state"`
}

func (c *API) addState(w http.ResponseWriter, r *http.Request) {
	var request stateRequest
	if !c.read(w, r, &request) {
		return
	}
	if len(request.State) == 0 || string(request.State) == "null" {
		c.refuse(w, errors.New("state is missing; give an object in the form in which GET /_parley/state shows the vendor's"))
		return
	}
	if err := c.box(r).AddState(request.Vendor, request.State); err != nil {
		c.refuse(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (c *API) reset(w http.ResponseWriter, r *http.Request) {
	c.box(r).Reset()
	w.WriteHeader(http.StatusNoContent)
}
