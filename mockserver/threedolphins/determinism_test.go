package threedolphins_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/snapshottest"
	"github.com/parleykit/parley/traffic"
)

// answering is a third party without a socket.
type answering struct{}

func (answering) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
}

// record is everything that a mock with a seed did in a run of calls and events.
func record(t *testing.T, seed uint64) string {
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
	var out bytes.Buffer
	for _, e := range mock.Sandbox().Journal().Find(nil) {
		if err := traffic.Write(&out, e); err != nil {
			t.Fatal(err)
		}
	}
	out.WriteString(call("GET", "/_parley/state", "").Body.String())
	return out.String()
}

func TestTwoRunsWithOneSeedAreTheSame(t *testing.T) {
	first, again, other := record(t, 1), record(t, 1), record(t, 2)
	if first != again {
		t.Errorf("two runs differ:\n%s\n%s", first, again)
	}
	if first == other {
		t.Error("another seed makes no difference")
	}
	if n := strings.Count(first, "\n"); n != 1+2+4+1 {
		t.Errorf("the record has %d lines", n)
	}
}
