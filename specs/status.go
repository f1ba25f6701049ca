package specs

import (
	"net/http"
	"strconv"
	"strings"
)

// Documents reports whether a status is documented, by itself or by AnyStatus.
func (o *Operation) Documents(status int) bool {
	_, ok := o.Response(status)
	return ok
}

// Success returns the lowest documented status from 200 to 299, or 200.
func (o *Operation) Success() int {
	for _, status := range o.Statuses() {
		if status >= 200 && status < 300 {
			return status
		}
	}
	return http.StatusOK
}

// StatusText lists the documented statuses for a sentence: "200, 404".
func (o *Operation) StatusText() string {
	var list []string
	for _, status := range o.Statuses() {
		list = append(list, strconv.Itoa(status))
	}
	return strings.Join(list, ", ")
}
