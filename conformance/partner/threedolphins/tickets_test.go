package threedolphins_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/threedolphins"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	dolphins "github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/traffic"
)

// ticketClient is a reference partner beside the mock that it calls.
type ticketClient struct {
	t    *testing.T
	mock *mockserver.Server
	base string
}

func newTicketClient(t *testing.T, defects ...string) *ticketClient {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, dolphins.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	vendor := httptest.NewServer(mock)
	t.Cleanup(func() { vendor.Close(); mock.Close(context.Background()) })
	front := start(t, partner.Options{API: vendor.URL + "/", Defects: defects, Attempts: 3, RetryAfter: time.Millisecond})
	return &ticketClient{t, mock, front.URL}
}

// order asks the client to act and returns what it answers.
func (c *ticketClient) order(path, body string) (int, map[string]any) {
	c.t.Helper()
	response, err := http.Post(c.base+path, "application/json", strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	var told map[string]any
	if err := json.NewDecoder(response.Body).Decode(&told); err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, told
}

// calls are those that reached the mock, as "operation status".
func (c *ticketClient) calls() map[string]int {
	seen := map[string]int{}
	for _, e := range c.mock.Sandbox().Journal().Find(nil) {
		seen[e.Operation+" "+http.StatusText(e.Status())]++
	}
	return seen
}

// TestTicketOrders: each does what it says, as documented.
func TestTicketOrders(t *testing.T) {
	c := newTicketClient(t)
	for path, want := range map[string][]string{
		"/read-tickets":  {"listTickets"},
		"/look-up":       {"findTicket", "listTicketData", "getContact", "listConversationByCustomer", "reportConversations"},
		"/handle-ticket": {"sendMessage", "updateTicket", "reassignTicket", "escalateTicket", "transferTicketToAgent", "transferTicket", "closeTicket"},
		"/upload-file":   {"uploadFile"},
	} {
		if status, told := c.order(path, ""); status != http.StatusOK {
			t.Errorf("%s: %d %v", path, status, told)
		}
		for _, operation := range want {
			if c.calls()["operations/"+operation+" OK"] == 0 {
				t.Errorf("%s: no call of %s", path, operation)
			}
		}
	}
	if n := c.calls()["operations/getToken OK"]; n != 1 {
		t.Errorf("%d tokens for all orders", n)
	}
	for _, e := range c.mock.Sandbox().Journal().Find(nil) {
		if e.Worst().AtLeast(traffic.Warn) {
			t.Errorf("%s %s: %v", e.Operation, e.Request.URL, e.Findings)
		}
	}
}

// TestTicketOrdersOfAnother: the ticket can be named.
func TestTicketOrdersOfAnother(t *testing.T) {
	c := newTicketClient(t)
	if status, told := c.order("/handle-ticket", `{"ticketNumber":"`+dolphins.KnownTicket+`","count":3}`); status != 200 || told["ticketNumber"] != dolphins.KnownTicket {
		t.Errorf("%d %v", status, told)
	}
	for body, want := range map[string]int{`{"ticketNumber":"none"}`: 502, `{"agent":"nobody"}`: 502, `{"number":"x"}`: 400, `[]`: 400} {
		if status, told := c.order("/handle-ticket", body); status != want || told["detail"] == "" {
			t.Errorf("%s: %d %v", body, status, told)
		}
	}
}

// TestTicketClientRenewsAndGivesUp: a token that has ended is exchanged, and what
// stays refused is given up.
func TestTicketClientRenewsAndGivesUp(t *testing.T) {
	c := newTicketClient(t)
	c.order("/read-tickets", "")
	if err := c.mock.Sandbox().AddState("", []byte(`{"tokenLife":"1h"}`)); err != nil {
		t.Fatal(err)
	}
	if status, told := c.order("/read-tickets", ""); status != 200 || c.calls()["operations/getToken OK"] != 2 {
		t.Errorf("after its token has ended: %d %v, calls %v", status, told, c.calls())
	}
	for _, status := range []int{401, 500} {
		f, err := c.mock.Sandbox().AddFault(fault.Rule{Operation: "listTickets", Status: status})
		if err != nil {
			t.Fatal(err)
		}
		before := c.calls()["operations/listTickets "+http.StatusText(status)]
		if answered, told := c.order("/read-tickets", ""); answered != 502 {
			t.Errorf("with %d for everything: %d %v", status, answered, told)
		}
		if n := c.calls()["operations/listTickets "+http.StatusText(status)] - before; n != 3 {
			t.Errorf("%d attempts with %d for everything", n, status)
		}
		c.mock.Sandbox().RemoveFault(f.ID)
	}
}

// TestTicketOrdersWithoutAPI say what is missing.
func TestTicketOrdersWithoutAPI(t *testing.T) {
	p, err := partner.New(threedolphins.Reference(), partner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, path := range []string{"/read-tickets", "/look-up", "/handle-ticket", "/upload-file"} {
		answer := httptest.NewRecorder()
		p.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, path, nil))
		if answer.Code != http.StatusConflict || !strings.Contains(answer.Body.String(), "API") {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
	}
}

// TestTicketClientTellsNoToken: neither answers nor the log hold one.
func TestTicketClientTellsNoToken(t *testing.T) {
	c := newTicketClient(t)
	c.order("/read-tickets", "")
	_, told := c.order("/upload-file", "")
	for _, value := range told {
		if text, ok := value.(string); ok && strings.Contains(text, "Bearer") {
			t.Errorf("the answer tells the token: %v", told)
		}
	}
}
