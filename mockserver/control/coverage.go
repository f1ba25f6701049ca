package control

import (
	"net/http"

	"github.com/parleykit/parley/internal/version"
	"github.com/parleykit/parley/validator/coverage"
)

// coverage counts what the exchanges that are kept touched of a contract.
func (c *reader) coverage(w http.ResponseWriter, r *http.Request) {
	values, ok := c.query(w, r, "vendor")
	if !ok {
		return
	}
	judge, err := c.judge(values["vendor"])
	if err != nil {
		c.refuse(w, err)
		return
	}
	contract := judge.Contract()
	counted := coverage.New(contract)
	for _, e := range c.source(r).Journal().Find(nil) {
		if r.Context().Err() != nil {
			return // nobody waits for it any more
		}
		if e.Vendor == contract.ID || e.Vendor == "" { // several may have operations of one name
			counted.Add(e)
		}
	}
	c.writeDocument(w, counted.Report(version.Module()))
}
