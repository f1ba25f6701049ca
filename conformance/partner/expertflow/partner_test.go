package expertflow_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/expertflow"
	"github.com/parleykit/parley/conformance/partner/internal/partnertest"
)

// call is one request of the application's.
type call struct {
	path, token, text string
	message           map[string]any
}

// vendor is the other side: it answers each push with the next status, gives out
// numbered tokens, and keeps what it was sent.
type vendor struct {
	*httptest.Server
	calls  chan call
	mu     sync.Mutex
	next   []int
	logins int
}

func newVendor(t *testing.T, statuses ...int) *vendor {
	v := &vendor{calls: make(chan call, 1024), next: statuses}
	v.Server = httptest.NewServer(v)
	t.Cleanup(v.Close)
	return v
}

func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body) // what is missing shows
	c := call{path: r.URL.Path, token: r.Header.Get("Authorization"), text: string(text)}
	json.Unmarshal(text, &c.message)
	v.calls <- c
	v.mu.Lock()
	defer v.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/token") {
		v.logins++
		fmt.Fprintf(w, `{"access_token":"token-%d"}`, v.logins)
		return
	}
	status := http.StatusOK
	if len(v.next) > 0 {
		status, v.next = v.next[0], v.next[1:]
	}
	w.WriteHeader(status)
}

func start(t *testing.T, o partner.Options) *httptest.Server {
	t.Helper()
	var n atomic.Int64
	o.NewID = func() string { return fmt.Sprintf("a%d", n.Add(1)) }
	return partnertest.Start(t, expertflow.Reference(), o)
}

func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	return partnertest.Post(t, url, "", body)
}

// TestOrders: each pushes one activity of its kind.
func TestOrders(t *testing.T) {
	v := newVendor(t)
	server := start(t, partner.Options{API: v.URL + "/"})
	for _, test := range []struct{ path, body, kind, selector string }{
		{"/push-recording", "", "URL", "channelSessionId"},
		{"/push-survey", "", "SURVEY_RESULT", "conversationId"},
		{"/push-schedule", "", "SCHEDULED_ACTIVITY", "customer"},
		{"/push", "", "URL", "channelSessionId"},
		{"/push-survey", `{"channelSession":"s1","body":{"type":"NOTE"}}`, "NOTE", "channelSessionId"},
	} {
		if status, body := post(t, server.URL+test.path, test.body); status != http.StatusAccepted || !strings.Contains(body, `"id":"a`) {
			t.Errorf("%s: %d %s", test.path, status, body)
		}
		c := <-v.calls
		header, _ := c.message["header"].(map[string]any)
		body, _ := c.message["body"].(map[string]any)
		if c.path != "/conversation-manager/activities" || c.token != "" || body["type"] != test.kind || header[test.selector] == nil || len(header) != 3 {
			t.Errorf("%s: the vendor was sent %+v", test.path, c)
		}
	}
}

// TestPushFollowsTheAsk: the judge names the kind at the end of its sentence.
func TestPushFollowsTheAsk(t *testing.T) {
	v := newVendor(t)
	server := start(t, partner.Options{API: v.URL})
	request, err := http.NewRequest(http.MethodPost, server.URL+"/push", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Parley-Ask", "Push the result of a survey (pushActivity: survey).")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if c := <-v.calls; !strings.Contains(c.text, "SURVEY_RESULT") {
		t.Errorf("the vendor was sent %s", c.text)
	}
}

// TestRepeatsTheSameActivity after errors of the server, and no other after that.
func TestRepeatsTheSameActivity(t *testing.T) {
	v, time := newVendor(t, 500, 503, 200), partnertest.NewClock()
	server := start(t, partner.Options{API: v.URL, After: time.After})
	post(t, server.URL+"/push-recording", "")
	first := <-v.calls
	time.Pass()
	second := <-v.calls
	time.Pass()
	third := <-v.calls
	if first.text != second.text || second.text != third.text || !strings.Contains(first.text, `"id":"a1"`) {
		t.Errorf("pushed %s, then %s, then %s", first.text, second.text, third.text)
	}
	post(t, server.URL+"/push-recording", "")
	if next := <-v.calls; !strings.Contains(next.text, `"id":"a2"`) {
		t.Errorf("after the success came %s", next.text)
	}
}

// TestLogsInOnce: after 401 it gets a token and tries once more, and it keeps the
// token.
func TestLogsInOnce(t *testing.T) {
	v := newVendor(t, 401, 200, 200)
	server := start(t, partner.Options{API: v.URL})
	post(t, server.URL+"/push-survey", "")
	without, login, with := <-v.calls, <-v.calls, <-v.calls
	if without.token != "" || with.token != "Bearer token-1" || without.text != with.text {
		t.Errorf("pushed %+v, then %+v", without, with)
	}
	if !strings.HasPrefix(login.path, "/auth/realms/") || !strings.Contains(login.text, "grant_type=password") || !strings.Contains(login.text, "client_id=cim") {
		t.Errorf("asked for a token with %+v", login)
	}
	post(t, server.URL+"/push-survey", "")
	if next := <-v.calls; next.token != "Bearer token-1" {
		t.Errorf("the next push has %q", next.token)
	}
}

func TestGivesUp(t *testing.T) {
	for name, test := range map[string]struct {
		statuses []int
		calls    int // with requests for tokens
		waits    int
	}{
		"at once when the activity is invalid":  {[]int{400}, 1, 0},
		"at once when it is not permitted":      {[]int{403}, 1, 0},
		"at once when there is no conversation": {[]int{404}, 1, 0},
		"after the second 401":                  {[]int{401, 401}, 3, 0},
		"after as many attempts as allowed":     {[]int{500, 500, 500}, 3, 3},
	} {
		t.Run(name, func(t *testing.T) {
			v, clock, logged := newVendor(t, test.statuses...), partnertest.NewClock(), make(chan string, 64)
			server := start(t, partner.Options{API: v.URL, Attempts: 3, After: clock.After, Log: func(line string) { logged <- line }})
			post(t, server.URL+"/push-recording", "")
			for range test.waits {
				clock.Pass()
			}
			for line := range logged {
				if strings.Contains(line, "gave up") {
					break
				}
			}
			if len(v.calls) != test.calls {
				t.Errorf("it made %d calls, want %d", len(v.calls), test.calls)
			}
		})
	}
}

func TestOrdersThatCannotBeFollowed(t *testing.T) {
	nowhere := start(t, partner.Options{})
	if status, answer := post(t, nowhere.URL+"/push", ""); status != http.StatusConflict || !strings.Contains(answer, "give the base URL") {
		t.Errorf("without a vendor: %d %s", status, answer)
	}
	v := newVendor(t)
	server := start(t, partner.Options{API: v.URL})
	for _, body := range []string{`{"tekst":"Hi"}`, `[`} {
		if status, answer := post(t, server.URL+"/push-survey", body); status != http.StatusBadRequest || !strings.Contains(answer, "detail") {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if len(v.calls) > 0 {
		t.Errorf("the vendor was sent %+v", <-v.calls)
	}
}

// TestMemoryIsBounded: an activity too many is refused instead of being kept.
func TestMemoryIsBounded(t *testing.T) {
	statuses := make([]int, 300)
	for i := range statuses {
		statuses[i] = 500
	}
	v := newVendor(t, statuses...)
	server := start(t, partner.Options{API: v.URL, After: partnertest.NewClock().After})
	status := http.StatusAccepted
	for n := 0; status == http.StatusAccepted && n < 300; n++ {
		status, _ = post(t, server.URL+"/push", "")
	}
	if status != http.StatusServiceUnavailable {
		t.Errorf("300 activities that fail: the last was answered %d, want 503", status)
	}
}

func TestDefectsAreNamedOnce(t *testing.T) {
	all, seen := expertflow.Reference().Defects, map[string]bool{}
	for _, d := range all {
		if seen[d.Name] || d.Name == "" || d.About == "" {
			t.Errorf("defect %+v: each needs a name of its own and a sentence", d)
		}
		seen[d.Name] = true
	}
	if len(all) < 20 {
		t.Errorf("%d defects", len(all))
	}
}
