package specs

import (
	"net/http"
	"slices"
)

// Usual is the status with which a call is answered that breaks nothing: the lowest
// documented from 200 to 299, else the lowest from 300, else 200 where AnyStatus is
// documented, else the lowest that is. A range counts as its usual status.
func (o *Operation) Usual() int {
	var listed []int
	for status := range o.Responses {
		switch status {
		case AnyStatus, 1:
		case 2:
			listed = append(listed, http.StatusOK)
		case 3:
			listed = append(listed, http.StatusFound)
		case 4, 5:
			listed = append(listed, status*100)
		default:
			listed = append(listed, status)
		}
	}
	slices.Sort(listed)
	usual := func(from, to int) int {
		i := slices.IndexFunc(listed, func(status int) bool { return status >= from && status < to })
		if i < 0 {
			return 0
		}
		return listed[i]
	}
	if status := usual(200, 300); status != 0 {
		return status
	}
	if status := usual(300, 400); status != 0 {
		return status
	}
	if _, any := o.Responses[AnyStatus]; any {
		return http.StatusOK
	}
	if status := usual(400, 1000); status != 0 {
		return status
	}
	return http.StatusOK
}
