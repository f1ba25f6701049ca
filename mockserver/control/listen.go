package control

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/outbox"
)

// defaultListen is how long a listener waits for an attempt unless it says
// otherwise.
const defaultListen = 30 * time.Second

// listen answers with the next attempt that a listener is to carry out, or with 204
// when none came in time. Secrets are shown: the partner needs them.
func (c *API) listen(w http.ResponseWriter, r *http.Request) {
	values, ok := c.query(w, r, "timeout")
	if !ok {
		return
	}
	timeout, err := waitTime(values, defaultListen)
	ctx, leave, ok := c.takeWait(w, r, timeout, err)
	if !ok {
		return
	}
	defer leave()
	h, ok := c.box(r).Listen(ctx, mux.Vars(r)["name"])
	if !ok {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	c.writeShown(w, http.StatusOK, h)
}

// complete takes the answer of an attempt from a listener.
func (c *API) complete(w http.ResponseWriter, r *http.Request) {
	var answer outbox.Answer
	if !c.read(w, r, &answer) {
		return
	}
	switch {
	case (answer.Response == nil) == (answer.Error == ""):
		c.refuse(w, errors.New(`give "response" with the partner's answer, or "error" with why none came`))
		return
	case answer.Response != nil && (answer.Response.Status < 200 || answer.Response.Status > 599):
		c.refuse(w, fmt.Errorf("response.status is %d; give the partner's, from 200 to 599", answer.Response.Status))
		return
	}
	name, id := mux.Vars(r)["name"], mux.Vars(r)["id"]
	if !c.box(r).Complete(name, id, answer) {
		problem.Problem{Status: http.StatusNotFound, Kind: "handover", Detail: fmt.Sprintf("nobody waits for %q of %q; its time may have ended", id, name)}.Write(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
