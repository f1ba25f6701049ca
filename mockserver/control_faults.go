package mockserver

import (
	"net/http"

	"github.com/gorilla/mux"
)

func (c *control) faults(w http.ResponseWriter, _ *http.Request) {
	c.write(w, http.StatusOK, map[string]any{"faults": c.server.sandbox.Faults()})
}

func (c *control) addFault(w http.ResponseWriter, r *http.Request) {
	var fault Fault
	if !c.read(w, r, &fault) {
		return
	}
	added, err := c.server.sandbox.AddFault(fault)
	if err != nil {
		c.refuse(w, err)
		return
	}
	c.write(w, http.StatusCreated, added)
}

func (c *control) clearFaults(w http.ResponseWriter, _ *http.Request) {
	c.server.sandbox.ClearFaults()
	w.WriteHeader(http.StatusNoContent)
}

func (c *control) removeFault(w http.ResponseWriter, r *http.Request) {
	id := mux.Vars(r)["id"]
	if !c.server.sandbox.RemoveFault(id) {
		c.notFound(w, "fault", id, "faults")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
