package mockserver

import (
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// refusal is the documented status that fits best to what is wrong with a call, and the
// operation that has it, for a vendor without rules of its own; nil when none does.
func refusal(candidates []*specs.Operation, method string, found []traffic.Finding) (*specs.Operation, int) {
	fitting := []int{http.StatusBadRequest, http.StatusUnprocessableEntity}
	switch {
	case !slices.ContainsFunc(candidates, func(o *specs.Operation) bool { return o.Method == method }):
		fitting = []int{http.StatusMethodNotAllowed, http.StatusNotFound, http.StatusBadRequest}
	case unproven(found): // refused only as the contract says
		return listed(candidates, listedAs(http.StatusUnauthorized, http.StatusForbidden))
	case broken(found, "content-type."):
		fitting = append([]int{http.StatusUnsupportedMediaType}, fitting...)
	}
	return listed(candidates, append(listedAs(fitting...), documentedAs{fitting[0] / 100, fitting[0]}, documentedAs{specs.AnyStatus, fitting[0]},
		documentedAs{http.StatusInternalServerError, http.StatusInternalServerError}, documentedAs{5, http.StatusInternalServerError}))
}

// unproven reports that a call lacks nothing but credentials.
func unproven(found []traffic.Finding) bool {
	return broken(found, validator.CredentialMissing) && !slices.ContainsFunc(found, func(f traffic.Finding) bool {
		return f.Severity.AtLeast(traffic.Error) && f.Code != validator.CredentialMissing
	})
}

// listed is the first of these statuses that an operation has.
func listed(candidates []*specs.Operation, statuses []documentedAs) (*specs.Operation, int) {
	for _, one := range statuses {
		for _, o := range candidates {
			if _, listed := o.Responses[one.key]; listed {
				return o, one.status
			}
		}
	}
	return nil, 0
}

// documentedAs is a status, and the key of Responses that may have it.
type documentedAs struct{ key, status int }

func listedAs(statuses ...int) []documentedAs {
	list := make([]documentedAs, len(statuses))
	for i, status := range statuses {
		list[i] = documentedAs{status, status}
	}
	return list
}

// broken reports whether an error has a code that begins so.
func broken(found []traffic.Finding, prefix string) bool {
	return slices.ContainsFunc(found, func(f traffic.Finding) bool {
		return f.Severity.AtLeast(traffic.Error) && strings.HasPrefix(f.Code, prefix)
	})
}
