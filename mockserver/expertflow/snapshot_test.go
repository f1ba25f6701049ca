package expertflow_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/mockserver/snapshottest"
)

// TestRestored: activities, tokens and the gateway are as they were, and a token
// from before is good after.
func TestRestored(t *testing.T) {
	options := mockserver.Options{Seed: 7, SelfCheck: true, Now: func() time.Time { return start }}
	for _, readings := range []string{"EF-R-01=on", "EF-R-01=off EF-R-05=one-activity"} {
		earlier := "" // token of the first part, the same in every run
		part := func(name string) snapshottest.Story {
			return func(t *testing.T, mock *mockserver.Server) {
				token := earlier
				push := func(body string) {
					if a := snapshottest.Call(t, mock, "POST", activities, body, "Authorization", "Bearer "+token); a.Code != http.StatusOK {
						t.Fatalf("%s: answered %d %s", name, a.Code, a.Body)
					}
				}
				if name == "second" {
					push(sample(t, "operations/pushActivity", "documented"))
				}
				var grant struct {
					Token string `json:"access_token"`
				}
				a := snapshottest.Call(t, mock, "POST", tokens, password(expertflow.User), "Content-Type", formType)
				if err := json.Unmarshal(a.Body.Bytes(), &grant); err != nil || grant.Token == "" {
					t.Fatal(a.Code, a.Body, err)
				}
				token = grant.Token
				if name == "first" {
					earlier = token
				}
				for _, name := range []string{"documented", "documented-recording-link", "stand-alone", "documented"} {
					push(sample(t, "operations/pushActivity", name))
				}
				more := `{"customers":[{"_id":"c-` + name + `","firstName":"Ada <Example>","phoneNumber":["+12025550100"]}],"conversations":[{"id":"v-` + name + `","customer":"c-` + name + `","active":true,"room":"r"}],"channelSessions":[{"id":"s-` + name + `","conversation":"v-` + name + `","active":true}],"gateway":{"asksForToken":true}}`
				if err := mock.Sandbox().AddState("", json.RawMessage(more)); err != nil {
					t.Fatal(err)
				}
			}
		}
		snapshottest.Run(t, options, prepare(t, readings).vendor, part("first"), part("second"))
	}
}
