package specs

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// Documents reports whether a status is documented, by itself or by AnyStatus.
func (o *Operation) Documents(status int) bool {
	_, ok := o.Response(status)
	return ok
}

// Success returns the lowest documented status from 200 to 299, or 200.
func (o *Operation) Success() int {
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if status >= 200 && status < 300 {
			return status
		}
	}
	return http.StatusOK
}

// Statuses lists the documented ones, without AnyStatus.
func (o *Operation) Statuses() []string {
	var list []string
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		if status != AnyStatus {
			list = append(list, strconv.Itoa(status))
		}
	}
	return list
}
