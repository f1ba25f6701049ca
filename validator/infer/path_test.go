package infer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// answered is a call that was answered with JSON.
func answered(method, url, body string) *traffic.Exchange {
	return &traffic.Exchange{
		Request:  traffic.Request{Method: method, URL: url},
		Response: &traffic.Response{Status: 200, Header: map[string][]string{"Content-Type": {"application/json"}}, Body: traffic.NewBody([]byte(body), 0)},
	}
}

// templatesOf are the operations that some exchanges make, "GET /tickets/{ticketId}".
func templatesOf(t *testing.T, exchanges ...*traffic.Exchange) []string {
	t.Helper()
	made := inferred(t, Options{ID: "desk"}, exchanges...)
	var list []string
	for _, m := range made.Operations {
		list = append(list, m.Method+" "+m.Path)
	}
	return list
}

func inferred(t *testing.T, o Options, exchanges ...*traffic.Exchange) *Contract {
	t.Helper()
	i, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range exchanges {
		i.Add(e)
	}
	made, err := i.Contract()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestPathTemplates(t *testing.T) {
	for _, test := range []struct {
		name  string
		paths []string
		want  []string
	}{
		{"a number", []string{"/tickets/7"}, []string{"/tickets/{ticketId}"}},
		{"a UUID", []string{"/agents/0b6f2c1e-9a50-4f1b-8a3e-5f2c7d9e1a00/notes"}, []string{"/agents/{agentId}/notes"}},
		{"a long hexadecimal number", []string{"/blobs/9f86d081884c7d65"}, []string{"/blobs/{blobId}"}},
		{"a token", []string{"/links/aZ3kQ9xT7bLm2PqR"}, []string{"/links/{linkId}"}},
		{"a number with a prefix", []string{"/orders/ORD-1001", "/orders/T-1"}, []string{"/orders/{orderId}"}},
		{"an address and a telephone number", []string{"/contacts/minka%40example.com", "/contacts/+620000000900"}, []string{"/contacts/{contactId}"}},
		{"a day", []string{"/reports/2026-01-31"}, []string{"/reports/{reportId}"}},
		{"plurals", []string{"/categories/1", "/addresses/1", "/boxes/1", "/status/1", "/news/1", "/statuses/1"}, []string{
			"/addresses/{addressId}", "/boxes/{boxId}", "/categories/{categoryId}", "/news/{newsId}", "/status/{statusId}", "/statuses/{statusId}"}},
		{"words joined", []string{"/user-accounts/1", "/user_groups/1"}, []string{"/user-accounts/{userAccountId}", "/user_groups/{userGroupId}"}},
		{"two in a row", []string{"/x/1/2/3"}, []string{"/x/{xId}/{id}/{id2}"}},
		{"the first", []string{"/42/photo"}, []string{"/{id}/photo"}},
		{"versions are none", []string{"/v1/tickets", "/api/2/issues", "/rest/v2.0/x"}, []string{"/api/2/issues", "/rest/v2.0/x", "/v1/tickets"}},
		{"words are none", []string{"/oauth2/base64", "/tickets/by-agent", "/getTicketsByAgentAndDate", "/sha256"}, []string{
			"/getTicketsByAgentAndDate", "/oauth2/base64", "/sha256", "/tickets/by-agent"}},
		{"a word beside IDs", []string{"/tickets/1", "/tickets/search"}, []string{"/tickets/search", "/tickets/{ticketId}"}},
		{"a slash at the end", []string{"/tickets/", "/"}, []string{"/", "/tickets/"}},
		{"braces that were sent", []string{"/tickets/%7Bid%7D"}, []string{"/tickets/%7Bid%7D"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var exchanges []*traffic.Exchange
			for _, path := range test.paths {
				exchanges = append(exchanges, answered("GET", "https://desk.example"+path, `{}`))
			}
			got := templatesOf(t, exchanges...)
			for i := range got {
				got[i] = strings.TrimPrefix(got[i], "GET ")
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// TestSiblings: words at one place are a parameter where many are answered alike, and
// resources where they are not.
func TestSiblings(t *testing.T) {
	var alike, different []*traffic.Exchange
	for n, name := range []string{"minka", "budi", "sari", "ayu", "putu", "wayan", "made"} {
		alike = append(alike,
			answered("GET", "https://desk.example/users/"+name, `{"name": "x", "mail": "y", "note": "z"}`),
			answered("GET", "https://desk.example/users/"+name+"/orders", `[{"id": 1, "sum": 2}]`))
		different = append(different, answered("GET", "https://desk.example/api/"+name, fmt.Sprintf(`{"data": {"a%d": 1, "b%d": 2}}`, n, n)))
	}
	alike = append(alike, answered("GET", "https://desk.example/users/statistics", `{"total": 7, "active": 3, "away": 1}`))
	if got, want := templatesOf(t, alike...), []string{"GET /users/statistics", "GET /users/{userId}", "GET /users/{userId}/orders"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := templatesOf(t, different...); len(got) != len(different) {
		t.Errorf("resources were taken for values: %v", got)
	}
	slices.Reverse(alike)
	if got := templatesOf(t, alike...); len(got) != 3 {
		t.Errorf("another order of the exchanges makes other paths: %v", got)
	}
}
