package threedolphins_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/snapshottest"
)

// answering is a third party without a socket.
type answering struct{}

func (answering) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
}

// seeded is a mock with a run of calls and events.
func seeded(t *testing.T, seed uint64) *mockserver.Server {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{Seed: seed, SelfCheck: true, Transport: answering{}, Now: func() time.Time { return start }}, vendor())
	if err != nil {
		t.Fatal(err)
	}
	token := ""
	call := func(method, path, body string) *httptest.ResponseRecorder {
		return snapshottest.Call(t, mock, method, path, body, "Authorization", "Bearer "+token)
	}
	token = decoded(t, call("POST", graph+"/auth", credentials).Body.String())["token"].(string)
	if _, err := mock.Sandbox().PutChannel(mockserver.Channel{ID: "c", URL: "http://partner.example/hook"}); err != nil {
		t.Fatal(err)
	}
	for _, account := range []string{"620000000010", "620000000011"} {
		d, err := mock.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "incoming", Channel: "c", Wait: true, Set: map[string]any{"accountId": account}})
		if err != nil || d.State != outbox.Delivered {
			t.Fatal(d, err)
		}
	}
	call("PUT", graph+"/tickets/update/reassign", toOther)
	call("POST", graph+"/tickets/sendMessage", greeting)
	call("POST", graph+"/report/conversations", fmt.Sprintf(report, "", "", "", "", "", "", "", ""))
	call("GET", graph+"/tickets?count=20", "")
	return mock
}

func TestTwoRunsWithOneSeedAreTheSame(t *testing.T) { snapshottest.Seeded(t, 1+2+4, seeded) }
