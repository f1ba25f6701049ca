package mockserver

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/specs"
)

// list answers with the elements, those that the query asks for.
func (k *keeper) list(c *Call, in *kept) Reply {
	elements := selected(k.elements(in), c.Operation, pairs.InQuery(c.Request.URL))
	reply := c.usual(c.vendor, c.Operation)
	body, ok := bodyOf(reply)
	if !ok {
		return reply
	}
	documented, _ := c.Operation.Response(reply.Status)
	if _, ok := body.([]any); ok || documented.Body(reply.Header.Get("Content-Type")) == "" { // where no schema says more
		reply.Body = elements
		return reply
	}
	if members, ok := body.(map[string]any); ok {
		if _, name := listIn(body, c.Operation.Collection.Name); name != "" {
			members[name] = elements
			for _, count := range []string{"total", "count", "totalCount", "total_count", "size"} {
				if _, ok := members[count].(json.Number); ok {
					members[count] = len(elements)
				}
			}
			reply.Body = members
		}
	}
	return reply
}

// listIn is the list of elements in a body, and the name of the member that it is; ""
// where the body is that list, or has none.
func listIn(body any, collection string) (list []any, name string) {
	if list, ok := body.([]any); ok {
		return list, ""
	}
	members, _ := body.(map[string]any)
	for _, name := range append([]string{collection, "items", "data", "results"}, slices.Sorted(maps.Keys(members))...) {
		if list, ok := members[name].([]any); ok {
			return list, name
		}
	}
	return nil, ""
}

// Names of query parameters that choose a part of a list, where they are documented.
var (
	limits  = []string{"limit", "_limit", "per_page", "pageSize", "page_size", "perPage"}
	offsets = []string{"offset", "_start", "skip"}
	pages   = []string{"page", "_page"}
)

// selected are the elements that a query asks for: those whose member has the value of
// the parameter of its name, and of these a part.
func selected(elements []any, o *specs.Operation, query url.Values) []any {
	number := func(names []string, otherwise int) int {
		for _, p := range o.Parameters {
			if n, err := strconv.Atoi(query.Get(p.Name)); p.In == "query" && slices.Contains(names, p.Name) && err == nil && n >= 0 {
				return n
			}
		}
		return otherwise
	}
	for _, p := range o.Parameters {
		wanted, asked := query[p.Name]
		if p.In != "query" || !asked || slices.Contains(slices.Concat(limits, offsets, pages), p.Name) {
			continue
		}
		has := func(element any) bool { _, ok := element.(map[string]any)[p.Name]; return ok }
		if !slices.ContainsFunc(elements, has) {
			continue // it says something else
		}
		elements = slices.DeleteFunc(elements, func(element any) bool {
			return !slices.Contains(wanted, headerText(element.(map[string]any)[p.Name]))
		})
	}
	limit := number(limits, len(elements))
	begin := number(offsets, 0)
	if page := number(pages, 1); page > 1 {
		begin += (page - 1) * limit
	}
	begin = max(0, min(begin, len(elements)))
	return elements[begin : begin+min(limit, len(elements)-begin)]
}
