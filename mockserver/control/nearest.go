package control

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver"
)

// unknown answers a path that the control API does not have: with the nearest ones,
// or, where none is asked for, with all.
func (c *reader) unknown(w http.ResponseWriter, r *http.Request) {
	asked := strings.Trim(strings.TrimPrefix(r.URL.Path+"/", mockserver.ControlPrefix), "/")
	if asked == "" {
		problem.Problem{
			Status: http.StatusNotFound, Kind: "path", More: map[string]any{"served": served(c.table)},
			Detail: "the control API has nothing at " + r.URL.Path + " itself; its paths are those in \"served\", which mockserver/control/openapi.yaml describes",
		}.Write(w)
		return
	}
	detail := fmt.Sprintf("the control API has no %s; ", c.redact.Values(r.URL.Path))
	near := c.nearest(asked)
	if len(near) > 0 {
		detail += "nearest are " + strings.Join(near, ", ") + "; "
	}
	problem.Problem{
		Status: http.StatusNotFound, Kind: "path", More: map[string]any{"served": near},
		Detail: detail + "GET " + mockserver.ControlPrefix + " lists all, and mockserver/control/openapi.yaml describes them",
	}.Write(w)
}

// served lists methods and paths for a person who called another.
func served(table []route) []string {
	list := []string{}
	for _, route := range table {
		list = append(list, route.method+" "+mockserver.ControlPrefix+route.path)
	}
	return list
}

// nearest are the routes whose first segment is most like that of the path that was
// asked for; none where no more than half of it is alike.
func (c *reader) nearest(asked string) []string {
	first, _, _ := strings.Cut(asked, "/")
	if len(first) > 40 { // longer than any name that could be meant
		return served(nil)
	}
	least := len(first)/2 + 1
	var near []route
	for _, route := range c.table {
		name, _, _ := strings.Cut(route.path, "/")
		apart := distance(first, name)
		if apart < least {
			least, near = apart, nil
		}
		if apart == least && least <= len(first)/2 {
			near = append(near, route)
		}
	}
	slices.SortStableFunc(near, func(a, b route) int { return distance(asked, a.path) - distance(asked, b.path) })
	return served(near[:min(len(near), 4)])
}

// distance is how many letters are added, left out or changed between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
