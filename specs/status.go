package specs

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// IsRange reports whether a key of Operation.Responses stands for a hundred statuses, as
// 4 does for 4XX.
func IsRange(status int) bool { return status >= 1 && status <= 5 }

// StatusName is what a document calls a key of Operation.Responses: "404", "4XX" or
// "default".
func StatusName(status int) string {
	switch {
	case status == AnyStatus:
		return "default"
	case IsRange(status):
		return strconv.Itoa(status) + "XX"
	}
	return strconv.Itoa(status)
}

// statusOf reads what StatusName writes; false for anything else.
func statusOf(name string) (int, bool) {
	if name == "default" {
		return AnyStatus, true
	}
	if class, ok := strings.CutSuffix(strings.ToUpper(name), "XX"); ok {
		status, err := strconv.Atoi(class)
		return status, err == nil && IsRange(status)
	}
	status, err := strconv.Atoi(name)
	return status, err == nil && status >= 100 && status <= 999
}

// Answers are the statuses and ranges that are listed with an answer, in order, a range
// behind the statuses in it.
func (o *Operation) Answers() []int {
	order := func(status int) int {
		if IsRange(status) {
			return status*100 + 99
		}
		return status
	}
	list := slices.DeleteFunc(slices.Collect(maps.Keys(o.Responses)), func(status int) bool { return status == AnyStatus })
	slices.SortFunc(list, func(a, b int) int { return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(b, a)) })
	return list
}

// Documents reports whether a status is documented, by itself, by its range or by
// AnyStatus.
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
	for _, status := range o.Answers() {
		list = append(list, StatusName(status))
	}
	return strings.Join(list, ", ")
}
