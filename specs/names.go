package specs

import (
	"slices"
	"strings"
)

// JoinIDs lists contracts for a sentence: "elma365, expertflow".
func JoinIDs(contracts []*Contract) string {
	list := make([]string, len(contracts))
	for i, c := range contracts {
		list[i] = c.ID
	}
	return strings.Join(list, ", ")
}

// OperationNames are the full names of all operations and events of contracts, each
// once: "operations/message", "events/connect".
func OperationNames(contracts []*Contract) []string {
	var list []string
	for _, c := range contracts {
		for _, o := range slices.Concat(c.Operations, c.Events) {
			if !slices.Contains(list, o.Name()) {
				list = append(list, o.Name())
			}
		}
	}
	return list
}
