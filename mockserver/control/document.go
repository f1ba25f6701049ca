package control

import (
	"embed"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/parleykit/parley/specs"
)

//go:embed openapi.yaml schemas
var own embed.FS

// ownDocument describes this API, with its schemas inside. It is read when somebody
// asks for it first.
var ownDocument = sync.OnceValues(func() (json.RawMessage, error) {
	contract, err := Contract()
	if err != nil {
		return nil, err
	}
	return contract.Bundle("json")
})

// Contract is what describes this API, in the form of a vendor's.
func Contract() (*specs.Contract, error) { return specs.Load(own, "mockserver/control") }

// document shows what describes this API, so that a page, or what makes clients, asks
// the mock itself.
func (c *API) document(w http.ResponseWriter, _ *http.Request) {
	document, err := ownDocument()
	if err != nil {
		writeJSON(w, http.StatusOK, nil, err)
		return
	}
	c.writeDocument(w, document)
}
