package mockserver_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/specs"
)

func TestVendorsThatCannotBePlayedTogether(t *testing.T) {
	changed := func(from, to string) *specs.Contract {
		folder := acme.Folder()
		folder["openapi.yaml"].Data = []byte(strings.Replace(acme.Document, from, to, 1))
		return acme.Loaded(folder)
	}
	second := changed("id: acme", "id: other")
	third := changed("/tickets/{id}/notes:\n    post:", "/tickets/{number}:\n    get:")
	fourth := changed("/tickets/{id}/notes", "/_parley/notes")
	fifth := changed("timeout: 5s", "timeout: soon")
	first := acme.Contract()
	for _, test := range []struct {
		contracts []*specs.Contract
		says      string
	}{
		{nil, "at least one contract"},
		{[]*specs.Contract{nil}, "without a contract"},
		{[]*specs.Contract{first, first}, "contract acme is given twice"},
		{[]*specs.Contract{first, second}, "contracts acme and other both serve /tickets/"},
		{[]*specs.Contract{third}, "/tickets/{id} and /tickets/{number} cannot be told apart"},
		{[]*specs.Contract{fourth}, "control API"},
		{[]*specs.Contract{fifth}, `timeout is "soon"`},
	} {
		var vendors []mockserver.Vendor
		for _, c := range test.contracts {
			vendors = append(vendors, mockserver.Vendor{Contract: c})
		}
		if _, err := mockserver.New(mockserver.Options{}, vendors...); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%v, want an error that says %q", err, test.says)
		}
	}
}

// TestOnePathWithTwoNames: two templates that differ in the names of parameters alone
// may serve different methods.
func TestOnePathWithTwoNames(t *testing.T) {
	folder := acme.Folder()
	folder["openapi.yaml"].Data = []byte(strings.Replace(acme.Document, "/tickets/{id}/notes", "/tickets/{number}", 1))
	m := acme.NewOf(t, acme.Loaded(folder), mockserver.Options{}, nil)
	for method, operation := range map[string]string{"GET": "operations/ticket", "POST": "operations/note"} {
		body := ""
		if method == "POST" {
			body = `{"text": "n"}`
		}
		if e := m.Exchange(m.Do(method, "/tickets/T-1", body)); e.Operation != operation {
			t.Errorf("%s is %s, want %s", method, e.Operation, operation)
		}
	}
}
