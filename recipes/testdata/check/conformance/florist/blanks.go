package florist

import (
	"context"
	"net/http"

	"github.com/parleykit/parley/conformance"
)

// blankChecks: a shop is told something, and of nothing.
var blankChecks = []conformance.Check{
	{
		ID: "florist/webhook/blank-order", Title: "refuses a delivery without an ID with 404",
		Requirements: []string{"FLORIST-003"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			return answers(ctx, p, "", http.StatusNotFound, "FLORIST-003")
		},
	},
}
