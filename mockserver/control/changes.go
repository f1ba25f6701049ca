package control

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/mockserver"
)

// changes lists what changed in what the vendors remember, oldest first: the first
// changes after "since", or else the newest. Recording begins with the first question.
func (c *API) changes(w http.ResponseWriter, r *http.Request) {
	values, ok := c.query(w, r, "exchange", "vendor", "collection", "id", "since", "limit")
	if !ok {
		return
	}
	limit, err := count(values, "limit", defaultLimit, maxLimit)
	since, none := strconv.ParseUint(values["since"], 10, 64)
	if values["since"] != "" && none != nil {
		err = errors.Join(err, fmt.Errorf("since=%s is none; write the sequence of a change, such as 12", values["since"]))
	}
	if err = errors.Join(err, c.checkNames(values["vendor"], "")); err == nil {
		err = checkCollection(c.box(r), values["vendor"], values["collection"])
	}
	if err != nil {
		c.refuse(w, err)
		return
	}
	log := c.box(r).Changes()
	found := slices.DeleteFunc(log.Changes, func(one mockserver.Change) bool {
		return one.Sequence <= since || !matchesText(values["vendor"], one.Vendor) || !matchesText(values["collection"], one.Collection) ||
			!matchesText(values["id"], one.ID) || values["exchange"] != "" && !slices.Contains(one.Exchanges, values["exchange"])
	})
	found, more := page(found, limit, values["since"])
	c.write(w, http.StatusOK, map[string]any{"since": log.Since.Round(0), "changes": found, "more": more, "dropped": log.Dropped})
}

// checkCollection refuses a filter that can never match.
func checkCollection(b *mockserver.Sandbox, vendor, name string) error {
	known := b.Collections(vendor)
	if name == "" || slices.Contains(known, name) {
		return nil
	}
	if len(known) == 0 {
		return fmt.Errorf("collection=%s is none; nothing is remembered here", name)
	}
	return fmt.Errorf("collection=%s is none; there are %s", name, strings.Join(known, ", "))
}
