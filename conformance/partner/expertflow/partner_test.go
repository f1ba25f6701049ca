package expertflow_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/expertflow"
	"github.com/parleykit/parley/conformance/partner/internal/partnertest"
)

// newVendor answers each push with the next status, and gives out numbered tokens.
func newVendor(t *testing.T, statuses ...int) *partnertest.Vendor {
	v := partnertest.NewVendor(t, statuses...)
	var logins atomic.Int64
	v.Answer = func(w http.ResponseWriter, r *http.Request, next func() int) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			fmt.Fprintf(w, `{"access_token":"token-%d"}`, logins.Add(1))
			return
		}
		w.WriteHeader(next())
	}
	return v
}

func start(t *testing.T, o partner.Options) *httptest.Server {
	t.Helper()
	var n atomic.Int64
	o.NewID = func() string { return fmt.Sprintf("a%d", n.Add(1)) }
	return partnertest.Start(t, expertflow.Reference(), o)
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
		if status, body := partnertest.Post(t, server.URL+test.path, test.body); status != http.StatusAccepted || !strings.Contains(body, `"id":"a`) {
			t.Errorf("%s: %d %s", test.path, status, body)
		}
		c := <-v.Calls
		header, _ := c.Body["header"].(map[string]any)
		body, _ := c.Body["body"].(map[string]any)
		if c.Path != "/conversation-manager/activities" || c.Authorization != "" || body["type"] != test.kind || header[test.selector] == nil || len(header) != 3 {
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
	if c := <-v.Calls; !strings.Contains(c.Text, "SURVEY_RESULT") {
		t.Errorf("the vendor was sent %s", c.Text)
	}
}

// TestRepeatsTheSameActivity after errors of the server, and no other after that.
func TestRepeatsTheSameActivity(t *testing.T) {
	v, time := newVendor(t, 500, 503, 200), partnertest.NewClock()
	server := start(t, partner.Options{API: v.URL, After: time.After})
	partnertest.Post(t, server.URL+"/push-recording", "")
	first := <-v.Calls
	time.Pass()
	second := <-v.Calls
	time.Pass()
	third := <-v.Calls
	if first.Text != second.Text || second.Text != third.Text || !strings.Contains(first.Text, `"id":"a1"`) {
		t.Errorf("pushed %s, then %s, then %s", first.Text, second.Text, third.Text)
	}
	partnertest.Post(t, server.URL+"/push-recording", "")
	if next := <-v.Calls; !strings.Contains(next.Text, `"id":"a2"`) {
		t.Errorf("after the success came %s", next.Text)
	}
}

// TestLogsInOnce: after 401 it gets a token and tries once more, and it keeps the
// token.
func TestLogsInOnce(t *testing.T) {
	v := newVendor(t, 401, 200, 200)
	server := start(t, partner.Options{API: v.URL})
	partnertest.Post(t, server.URL+"/push-survey", "")
	without, login, with := <-v.Calls, <-v.Calls, <-v.Calls
	if without.Authorization != "" || with.Authorization != "Bearer token-1" || without.Text != with.Text {
		t.Errorf("pushed %+v, then %+v", without, with)
	}
	if !strings.HasPrefix(login.Path, "/auth/realms/") || !strings.Contains(login.Text, "grant_type=password") || !strings.Contains(login.Text, "client_id=cim") {
		t.Errorf("asked for a token with %+v", login)
	}
	partnertest.Post(t, server.URL+"/push-survey", "")
	if next := <-v.Calls; next.Authorization != "Bearer token-1" {
		t.Errorf("the next push has %q", next.Authorization)
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
			partnertest.Post(t, server.URL+"/push-recording", "")
			for range test.waits {
				clock.Pass()
			}
			for line := range logged {
				if strings.Contains(line, "gave up") {
					break
				}
			}
			if len(v.Calls) != test.calls {
				t.Errorf("it made %d calls, want %d", len(v.Calls), test.calls)
			}
		})
	}
}

func TestOrdersThatCannotBeFollowed(t *testing.T) {
	nowhere := start(t, partner.Options{})
	if status, answer := partnertest.Post(t, nowhere.URL+"/push", ""); status != http.StatusConflict || !strings.Contains(answer, "give the base URL") {
		t.Errorf("without a vendor: %d %s", status, answer)
	}
	v := newVendor(t)
	server := start(t, partner.Options{API: v.URL})
	for _, body := range []string{`{"tekst":"Hi"}`, `[`} {
		if status, answer := partnertest.Post(t, server.URL+"/push-survey", body); status != http.StatusBadRequest || !strings.Contains(answer, "detail") {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if len(v.Calls) > 0 {
		t.Errorf("the vendor was sent %+v", <-v.Calls)
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
	if status := partnertest.PostUntilRefused(t, server.URL+"/push", 300); status != http.StatusServiceUnavailable {
		t.Errorf("300 activities that fail: the last was answered %d, want 503", status)
	}
}

func TestDefectsAreNamedOnce(t *testing.T) {
	partnertest.DefectsAreNamed(t, expertflow.Reference(), 20)
}
