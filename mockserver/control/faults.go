package control

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/mockserver/fault"
)

func (c *API) faults(w http.ResponseWriter, r *http.Request) {
	c.write(w, http.StatusOK, map[string]any{"faults": c.box(r).Faults()})
}

func (c *API) addFault(w http.ResponseWriter, r *http.Request) {
	var rule fault.Rule
	if !c.read(w, r, &rule) {
		return
	}
	added, err := c.box(r).AddFault(rule)
	if err != nil {
		c.refuse(w, err)
		return
	}
	c.write(w, http.StatusCreated, added)
}

func (c *API) clearFaults(w http.ResponseWriter, r *http.Request) {
	c.box(r).ClearFaults()
	w.WriteHeader(http.StatusNoContent)
}

func (c *API) removeFault(w http.ResponseWriter, r *http.Request) {
	id := mux.Vars(r)["id"]
	if !c.box(r).RemoveFault(id) {
		c.notFound(w, "fault", id, "faults")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
