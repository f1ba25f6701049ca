package threedolphins_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/internal/partnertest"
	"github.com/parleykit/parley/conformance/partner/threedolphins"
)

// sent is one event of the bot's.
type sent struct {
	path string
	body map[string]any
}

// fakeVendor is the other side: it answers each event with the next status, 200 when
// there is none, and keeps it.
type fakeVendor struct {
	*httptest.Server
	events chan sent
	mu     sync.Mutex
	next   []int
}

func newVendor(t *testing.T, statuses ...int) *fakeVendor {
	d := &fakeVendor{events: make(chan sent, 1024), next: statuses}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

func (d *fakeVendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	json.NewDecoder(r.Body).Decode(&body) // a nil body shows
	d.mu.Lock()
	status := http.StatusOK
	if len(d.next) > 0 {
		status, d.next = d.next[0], d.next[1:]
	}
	d.mu.Unlock()
	d.events <- sent{r.URL.Path, body}
	if status == 0 {
		panic(http.ErrAbortHandler) // the connection is closed without an answer
	}
	w.WriteHeader(status)
	io.WriteString(w, map[bool]string{true: `{"status":"success"}`, false: `{"status":"failed"}`}[status == http.StatusOK])
}

func start(t *testing.T, o partner.Options) *httptest.Server {
	t.Helper()
	return partnertest.Start(t, threedolphins.Reference(), o)
}

func request(t *testing.T, method, url, ask, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Parley-Ask", ask)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	return partnertest.Post(t, url, "", body)
}

// incoming is an Incoming Event with the ten members that are mandatory.
func incoming(ticket, kind, message, media string) string {
	return fmt.Sprintf(`{"ticketNumber":%q,"channel":"webchat","accountId":"620000000001","contactId":"c1","messageType":%q,"message":%q,"mediaLink":%q,
		"customerName":"Contoh Pelanggan","createdDate":"2021-04-28T15:39:37.945","owner":"o1"}`, ticket, kind, message, media)
}
