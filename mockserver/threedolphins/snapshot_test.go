package threedolphins_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/snapshottest"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

// TestRestored: tickets, messages, contacts, files and tokens are as they were,
// numbers too, and what is made next has the IDs that it would have had.
func TestRestored(t *testing.T) {
	options := mockserver.Options{Seed: 7, SelfCheck: true, Transport: answering{}, Now: func() time.Time { return start.Add(123 * time.Microsecond) }}
	token := "" // of the first part, the same in every run
	part := func(first bool, account string) snapshottest.Story {
		return func(t *testing.T, mock *mockserver.Server) {
			call := func(method, path, body string) string {
				t.Helper()
				a := snapshottest.Call(t, mock, method, path, body, "Authorization", "Bearer "+token)
				if a.Code != 200 {
					t.Fatalf("%s %s: %d %s", method, path, a.Code, a.Body)
				}
				return a.Body.String()
			}
			if first {
				token = decoded(t, call("POST", graph+"/auth", credentials))["token"].(string)
			}
			box := mock.Sandbox()
			channel := mockserver.Channel{ID: "c" + account, URL: "http://partner.example/hook"}
			if _, err := box.PutChannel(channel); err != nil {
				t.Fatal(err)
			}
			for _, account := range []string{account, "620000000012", account} {
				d, err := box.Send(mocktest.Soon(t), mockserver.SendRequest{Event: "incoming", Channel: channel.ID, Wait: true, Set: map[string]any{"accountId": account}})
				if err != nil {
					t.Fatal(d, err)
				}
			}
			call("PUT", graph+"/tickets/update/reassign", toOther)
			call("POST", graph+"/tickets/sendMessage", greeting)
			call("PUT", graph+"/contacts/update/"+threedolphins.KnownContact, `{"id":"x","rating":4,"custom":1.50,"big":12345678901234567890,"list":[1,2.5,{"a":"<&>"}]}`)
			more := `{"contacts":[{"id":"k` + account + `","members":{"contactFirstName":"Ada"}}]}`
			if err := box.AddState("", json.RawMessage(more)); err != nil {
				t.Fatal(err)
			}
			call("POST", graph+"/report/conversations", fmt.Sprintf(report, "", "", "", "", "", "", "", ""))
			call("GET", graph+"/tickets?count=20", "")
			call("GET", graph+"/tickets/files/"+threedolphins.KnownFile, "")
			if first {
				if err := box.AddState("", json.RawMessage(`{"tokenLife":"2h"}`)); err != nil { // ends the token
					t.Fatal(err)
				}
				token = decoded(t, call("POST", graph+"/auth", credentials))["token"].(string)
			}
		}
	}
	snapshottest.Run(t, options, vendor(), part(true, "620000000010"), part(false, "620000000011"))
}
