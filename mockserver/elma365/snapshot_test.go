package elma365_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/snapshottest"
)

// TestRestored: clients, chats, read marks and channels are as they were, and what
// comes next is what would have come.
func TestRestored(t *testing.T) {
	options := mockserver.Options{
		Seed: 7, BaseURL: "http://mock.example", SelfCheck: true, Transport: answering{},
		Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC) },
	}
	part := func(name string) snapshottest.Story {
		return func(t *testing.T, mock *mockserver.Server) {
			box := mock.Sandbox()
			c, _, err := box.OpenChannel(mocktest.Soon(t), mockserver.Channel{Token: "tok<en>&" + name, Name: name, URL: "http://messenger.example/" + name, Policy: outbox.Policy{Attempts: 2, Success: []int{200}}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := box.AddFault(fault.Rule{Event: "message", Times: 3, Probability: 0.5, Set: map[string]any{"data.text": "changed"}}); err != nil {
				t.Fatal(err)
			}
			for n := range 3 {
				text := fmt.Sprintf(`{"type":"message","token":"confirm","data":{"externalMessageId":"m%d","externalChatId":"c","externalUserId":"u-%s","text":"<Hi> & \"bye\""}}`, n%2, name)
				if a := snapshottest.Call(t, mock, "POST", "/api/messengers/external/other/webhook/"+elma365.DefaultChannel, text); a.Code != 200 {
					t.Fatal(a.Code, a.Body)
				}
				text = fmt.Sprintf(`{"type":"message","token":%q,"data":{"externalMessageId":"m%d","externalChatId":"c","externalUserId":"u","text":"Hi"}}`, c.Token, n)
				snapshottest.Call(t, mock, "POST", "/api/messengers/external/other/webhook/"+c.ID, text)
				for _, event := range []string{"message", "userInfo", "markAsRead"} {
					if _, err := box.Send(mocktest.Soon(t), mockserver.SendRequest{Event: event, Channel: c.ID, Wait: true}); err != nil {
						t.Fatal(err)
					}
				}
			}
			if name == "first" {
				if _, err := box.Send(mocktest.Soon(t), mockserver.SendRequest{Event: "disconnect", Channel: c.ID, Wait: true}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	snapshottest.Run(t, options, vendor(), part("first"), part("second"))
}
