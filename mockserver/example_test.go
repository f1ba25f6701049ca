package mockserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

// The mock is an http.Handler: in a test, httptest gives it an address.
func ExampleNew() {
	mock, err := mockserver.New(mockserver.Options{}, elma365.Vendor())
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(mock)
	defer server.Close()
	mock.SetBaseURL(server.URL)

	body := `{"type": "message", "token": "confirm", "data": {"externalMessageId": "m1", "externalChatId": "c1", "externalUserId": "u1", "text": "Hello"}}`
	response, err := http.Post(server.URL+"/api/messengers/external/other/webhook/"+elma365.DefaultChannel, "application/json", bytes.NewBufferString(body))
	if err != nil {
		fmt.Println(err)
		return
	}
	response.Body.Close()

	state := mock.Sandbox().State()["elma365"].(elma365.State)
	fmt.Println(response.Status)
	fmt.Println(state.Messages[0].Text)
	// Output:
	// 200 OK
	// Hello
}

// The vendor's side acts, the partner answers the event with a call, and the test
// waits for that call.
func ExampleSandbox_Send() {
	mock, err := mockserver.New(mockserver.Options{}, elma365.Vendor())
	if err != nil {
		fmt.Println(err)
		return
	}
	vendor := httptest.NewServer(mock)
	defer vendor.Close()
	mock.SetBaseURL(vendor.URL)
	box := mock.Sandbox()

	// The partner under test: it answers each operator's message.
	var reply string
	partner := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var event struct {
			Type string
			Data struct{ Webhook, TargetChatID, Text string }
		}
		json.NewDecoder(r.Body).Decode(&event)
		switch event.Type {
		case "connect":
			reply = event.Data.Webhook
		case "message":
			call := fmt.Sprintf(`{"type": "message", "token": "tok", "data": {"externalMessageId": "m1", "externalChatId": %q, "externalUserId": "u1", "text": "Thanks for: %s"}}`, event.Data.TargetChatID, event.Data.Text)
			go http.Post(reply, "application/json", bytes.NewBufferString(call))
		}
	}))
	defer partner.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	channel, _, err := box.OpenChannel(ctx, mockserver.Channel{Token: "tok", URL: partner.URL})
	if err != nil {
		fmt.Println(err)
		return
	}
	sent, err := box.Send(ctx, mockserver.SendRequest{
		Event: "message", Channel: channel.ID, Wait: true,
		Set: map[string]any{"data.text": "Hello", "data.targetChatId": "c7"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	calls, err := box.Journal().Wait(ctx, 1, func(e *traffic.Exchange) bool { return e.Operation == "operations/message" })
	if err != nil {
		fmt.Println(err)
		return
	}
	message := box.State()["elma365"].(elma365.State).Messages[1]
	fmt.Println(sent.State, sent.Status)
	fmt.Println(calls[0].Status(), len(calls[0].Findings), "findings")
	fmt.Println(message.Chat, message.Text)
	// Output:
	// delivered 200
	// 200 0 findings
	// c7 Thanks for: Hello
}

// A fault makes the vendor tell that a message was not processed; the partner must
// send it again.
func ExampleSandbox_AddFault() {
	mock, err := mockserver.New(mockserver.Options{}, elma365.Vendor())
	if err != nil {
		fmt.Println(err)
		return
	}
	rule, err := mock.Sandbox().AddFault(fault.Rule{
		Event: "messageOutcome", Set: map[string]any{"data.success": false}, Times: 2,
	})
	fmt.Println(rule.ID, err)
	_, err = mock.Sandbox().AddFault(fault.Rule{Operation: "message", Status: 503})
	fmt.Println(err)
	// Output:
	// ft-000001 <nil>
	// fault: status 503 is not documented for operations/message (documented: 200, 401, 404, 500); set "undocumented" to send it all the same
}

// The same over HTTP, as a test in any language does it.
func Example_controlAPI() {
	mock, err := mockserver.New(mockserver.Options{Control: control.New}, elma365.Vendor())
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(mock)
	defer server.Close()

	response, err := http.Get(server.URL + "/_parley/health")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(response.StatusCode, " ", string(body))
	// Output: 200 {"status":"ok"}
}
