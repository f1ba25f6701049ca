package threedolphins_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/snapshottest"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

const (
	eventPath = "/dolphin/apiv1/integration/outgoing"
	sendPath  = graph + "/tickets/sendMessage"
)

// said is an Outgoing Event.
func said(kind, message, link string) string {
	return `{"ticketNumber":"NUMBER","channel":"whatsapp","messageType":"` + kind + `","message":"` + message + `","mediaLink":"` + link +
		`","customerName":"Contoh Pelanggan","owner":"` + threedolphins.KnownOwner + `","createdDate":"2021-04-28T15:39:37.945"}`
}

// answerSteps are answers in a row to the ticket NUMBER, and what comes between them.
var answerSteps = []struct{ method, path, body string }{
	{"POST", eventPath, said("text", "one", "")},
	{"POST", eventPath, said("text", "two <&>", "")},
	{"POST", eventPath, said("image", "", "https://pictures.example.com/1.png")},
	{"POST", sendPath, `{"ticketNumber":"NUMBER","channelType":"whatsapp","replyAgent":"` + threedolphins.KnownAgent + `","message":"three"}`},
	{"POST", sendPath, `{"ticketNumber":"NUMBER","channelType":"whatsapp","replyAgent":"` + threedolphins.KnownAgent + `","message":"four"}`},
	{"POST", eventPath, said("text", "five", "")},
	{"GET", graph + "/tickets/NUMBER", ""},
	{"POST", eventPath, said("text", "six", "")},
	{"PUT", graph + "/tickets/update/NUMBER", `{"subject":"another","mention":true}`},
	{"POST", eventPath, said("text", "seven", "")},
	{"POST", eventPath, said("text", "eight", "")},
	{"GET", graph + "/tickets/conversations/NUMBER?count=50", ""},
	{"POST", eventPath, said("text", "nine", "")},
	{"POST", "/dolphin/apiv1/integration/command", `{"ticketNumber":"NUMBER","event":"Close","channel":"whatsapp","owner":"` + threedolphins.KnownOwner + `","createdDate":"2021-04-28T15:39:37.945"}`},
	{"POST", eventPath, said("text", "ten", "")},
	{"POST", eventPath, said("text", "eleven", "")},
	{"GET", graph + "/tickets/NUMBER", ""},
}

// TestAnswersInARow are the same, to the byte, whether the mock remembers that it was
// answered before or is a new one each time, which knows members only.
func TestAnswersInARow(t *testing.T) {
	options := mockserver.Options{Seed: 7, SelfCheck: true, Transport: answering{}, Now: func() time.Time { return start }}
	for kind, readings := range map[string][]string{
		"whatsapp": nil, "webchat": nil, "twitter": nil,
		"a repetition": {"3D-R-12=same-body-is-a-repeat"}, "a closed one": {"3D-R-32=reopened"},
	} {
		t.Run(kind, func(t *testing.T) {
			played := mocktest.WithReadings(t, vendor(), readings...)
			whole, err := mockserver.New(options, played)
			if err != nil {
				t.Fatal(err)
			}
			number := threedolphins.KnownTicket
			state := whole.Sandbox().State()["3dolphins"].(threedolphins.State)
			for _, one := range state.Tickets {
				if one.Members["channelType"] == kind && one.Members["status"] != "Closed" {
					number = one.Number
				}
			}
			token := decoded(t, snapshottest.Call(t, whole, "POST", graph+"/auth", credentials).Body.String())["token"].(string)
			act := func(mock *mockserver.Server, i int) (answer, snapshot string) {
				t.Helper()
				step := answerSteps[i]
				if err := mock.Sandbox().Clock().Advance(mocktest.Soon(t), 1500*time.Millisecond); err != nil {
					t.Fatal(err)
				}
				in := strings.NewReplacer("NUMBER", number)
				a := snapshottest.Call(t, mock, step.method, in.Replace(step.path), in.Replace(step.body), "Authorization", "Bearer "+token)
				if a.Code != 200 {
					t.Fatalf("step %d: %d %s", i, a.Code, a.Body)
				}
				text, err := mock.Sandbox().Snapshot()
				if err != nil {
					t.Fatal(err)
				}
				return a.Body.String(), string(text)
			}
			before, err := whole.Sandbox().Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			for i := range answerSteps {
				fresh, err := mockserver.Restore(before, options, played)
				if err != nil {
					t.Fatal(err)
				}
				want, wanted := act(fresh, i)
				answer, text := act(whole, i)
				if answer != want {
					t.Errorf("step %d answers\n%s\nwant\n%s", i, answer, want)
				}
				if text != wanted {
					t.Errorf("step %d leaves\n%s\nwant\n%s", i, text, wanted)
				}
				before = []byte(text)
			}
		})
	}
}
