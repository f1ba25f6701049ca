package control_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/validator/coverage"
)

func testCoverage(t *testing.T, c *controlled) {
	c.into(nil, 204, "DELETE", "journal", "")
	var before, after coverage.Report
	c.into(&before, 200, "GET", "coverage", "")
	if before.Contract != "acme" || before.Exchanges != 0 || before.Total.Touched != 0 || before.Total.Of == 0 || len(before.Untouched) != before.Total.Of {
		t.Errorf("of an empty journal is counted %+v", before.Total)
	}
	const ticket = "operations/ticket answered 200"
	if !slices.Contains(before.Untouched, ticket) {
		t.Errorf("untouched are %v", before.Untouched)
	}
	c.Do("GET", "/tickets/T-1", "")
	c.into(&after, 200, "GET", "coverage?vendor=acme", "")
	if after.Exchanges != 1 || after.Total.Touched == 0 || slices.Contains(after.Untouched, ticket) {
		t.Errorf("after one call is counted %+v, untouched %v", after.Total, after.Untouched)
	}
	c.refused(400, "GET", "coverage?vendor=nope", "", "vendor=nope is none; the mock plays acme")
}

// TestCoverageIsOfOneContract although another one has operations of the same names.
func TestCoverageIsOfOneContract(t *testing.T) {
	other := acme.Folder()
	document := string(other["openapi.yaml"].Data)
	for _, change := range [][2]string{{"id: acme", "id: other"}, {"name: Acme", "name: Other"}, {"/tickets", "/others"}, {"/notes:", "/remarks:"}} {
		document = strings.ReplaceAll(document, change[0], change[1])
	}
	other["openapi.yaml"].Data = []byte(document)
	c := controlledBy(t, mocktest.New(t, acme.Vendor(), mockserver.Vendor{Contract: acme.Loaded(other)}))
	c.Do("GET", "/others/T-1", "")
	for vendor, want := range map[string]int{"acme": 0, "other": 1} {
		var r coverage.Report
		if c.into(&r, 200, "GET", "coverage?vendor="+vendor, ""); r.Contract != vendor || r.Exchanges != want {
			t.Errorf("of %s are counted %d exchanges, want %d", r.Contract, r.Exchanges, want)
		}
	}
	c.refused(400, "GET", "coverage", "", `say with "vendor" which contract is meant; there are acme, other`)
	c.refused(400, "POST", "judge", `{"operation":"operations/ticket","text":""}`, `say with "vendor" which contract is meant`)
}
