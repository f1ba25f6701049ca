package elma365_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/elma365"
	"github.com/parleykit/parley/conformance/partner/internal/partnertest"
)

func TestConnectTellsWhereToCall(t *testing.T) {
	v, server := partnertest.NewVendor(t), start(t, partner.Options{})
	if status, body := partnertest.Post(t, server.URL+"/say", ""); status != http.StatusConflict {
		t.Errorf("say before connect: %d %s, want 409", status, body)
	}
	connect := fmt.Sprintf(`{"type":"connect","token":"confirm","channelId":"c1","data":{"webhook":%q}}`, v.URL+"/hook/c1")
	if status, body := partnertest.Post(t, server.URL+"/webhook", connect); status != http.StatusOK {
		t.Fatalf("connect: %d %s", status, body)
	}
	if status, body := partnertest.Post(t, server.URL+"/say", `{"text":"Hi","chat":"chat7"}`); status != http.StatusAccepted {
		t.Fatalf("say: %d %s", status, body)
	}
	call := <-v.Calls
	if data := call.Body["data"].(map[string]any); call.Body["type"] != "message" || call.Body["token"] != token || data["text"] != "Hi" || data["externalChatId"] != "chat7" {
		t.Errorf("the vendor was sent %v", call)
	}
}

// TestRetriesWithTheSameID follows one message through an error, an outcome
// without success and a silence until its success.
func TestRetriesWithTheSameID(t *testing.T) {
	v, time := partnertest.NewVendor(t, 500, 200, 200, 200), partnertest.NewClock()
	server := start(t, partner.Options{Channel: "c1", Webhook: v.URL, After: time.After})
	partnertest.Post(t, server.URL+"/say", "")

	steps := []func(){
		time.Pass, // after 500
		func() { partnertest.Post(t, server.URL+"/webhook", outcome(false, "m1")); time.Pass(); time.Pass() },
		time.Pass, // after silence
		func() { partnertest.Post(t, server.URL+"/webhook", outcome(true, "m1")) },
	}
	for i, step := range steps {
		if got := idOf(<-v.Calls); got != "m1" {
			t.Errorf("attempt %d has the ID %v, want m1", i+1, got)
		}
		step()
	}
	// A message of its own follows at once, and m1 does not come again before it.
	partnertest.Post(t, server.URL+"/say", "")
	if got := idOf(<-v.Calls); got != "m2" {
		t.Errorf("after the success came %v, want m2", got)
	}
}

func TestGivesUp(t *testing.T) {
	for _, test := range []struct {
		name     string
		statuses []int
		attempts int
	}{
		{"after as many attempts as allowed", []int{500, 500, 500}, 3},
		{"at once when the token is wrong", []int{401}, 1},
		{"at once when the channel is gone", []int{404}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, clock, logged := partnertest.NewVendor(t, test.statuses...), partnertest.NewClock(), make(chan string, 64)
			server := start(t, partner.Options{Channel: "c1", Webhook: v.URL, After: clock.After, Attempts: 3,
				Log: func(line string) { logged <- line }})
			partnertest.Post(t, server.URL+"/say", "")
			for range test.attempts {
				<-v.Calls
				if test.attempts > 1 {
					clock.Pass()
				}
			}
			for line := range logged {
				if strings.Contains(line, "gave up on message m1") {
					break
				}
			}
			if len(v.Calls) > 0 {
				t.Errorf("one more attempt came: %v", <-v.Calls)
			}
		})
	}
}

func TestAsksAndDisconnects(t *testing.T) {
	v := partnertest.NewVendor(t)
	server := start(t, partner.Options{Channel: "c1", Webhook: v.URL})
	partnertest.Post(t, server.URL+"/ask-user", `{"userId":"u1"}`)
	if call := <-v.Calls; call.Body["type"] != "userInfo" || call.Body["data"].(map[string]any)["userId"] != "u1" {
		t.Errorf("the vendor was sent %v", call)
	}
	partnertest.Post(t, server.URL+"/disconnect", "")
	if call := <-v.Calls; call.Body["type"] != "disconnect" {
		t.Errorf("the vendor was sent %v", call)
	}
	if status, _ := partnertest.Post(t, server.URL+"/say", ""); status != http.StatusConflict {
		t.Errorf("say after disconnect: %d, want 409", status)
	}
}

func TestLogsWhatItTook(t *testing.T) {
	v, logged := partnertest.NewVendor(t), make(chan string, 64)
	server := start(t, partner.Options{Channel: "c1", Webhook: v.URL, Log: func(line string) { logged <- line }})
	partnertest.Post(t, server.URL+"/webhook", outcome(true, "m1"))
	if line := <-logged; !strings.HasPrefix(line, "POST ") || !strings.HasSuffix(line, " → 200") {
		t.Errorf("logged %q", line)
	}
}

// TestActs: one URL for all that a judge may ask.
func TestActs(t *testing.T) {
	v := partnertest.NewVendor(t)
	server := start(t, partner.Options{Channel: "c1", Webhook: v.URL})
	for _, test := range []struct {
		ask, want string
		status    int
	}{
		{"Let a client write (message).", "message", 202}, {"Ask for a person (userInfo).", "userInfo", 200},
		{"Do a dance.", "", 400}, {"End it (disconnect).", "disconnect", 200},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/act", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Parley-Ask", test.ask)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != test.status {
			t.Errorf("%q: %d, want %d", test.ask, response.StatusCode, test.status)
		}
		if test.want != "" {
			if call := <-v.Calls; call.Body["type"] != test.want {
				t.Errorf("%q: the vendor was sent %v", test.ask, call)
			}
		}
	}
}

func TestStimulusRefusesWhatItDoesNotKnow(t *testing.T) {
	server := start(t, partner.Options{Channel: "c1", Webhook: "http://127.0.0.1:1/"})
	for body, want := range map[string]int{`{"tekst":"Hi"}`: 400, `[`: 400, `{"channel":"other"}`: 409} {
		if status, answer := partnertest.Post(t, server.URL+"/say", body); status != want || !strings.Contains(answer, "detail") {
			t.Errorf("say %s: %d %s, want %d with a detail", body, status, answer, want)
		}
	}
}

func TestPassesOnAfterAcknowledging(t *testing.T) {
	release, passed := make(chan struct{}), make(chan string, 1)
	server := start(t, partner.Options{Channel: "c1", Pass: func(chat, text string, files int) {
		<-release
		passed <- fmt.Sprintf("%s %s %d", chat, text, files)
	}})
	status, body := partnertest.Post(t, server.URL+"/webhook", `{"type":"message","token":"confirm","channelId":"c1","data":{"targetChatId":"chat1","text":"Hello","files":[]}}`)
	if status != http.StatusOK {
		t.Fatalf("message: %d %s", status, body)
	}
	close(release)
	if got := <-passed; got != "chat1 Hello 0" {
		t.Errorf("passed on %q", got)
	}
}

// TestMemoryIsBounded: the oldest channel makes room, and a message too many is
// refused instead of being kept.
func TestMemoryIsBounded(t *testing.T) {
	v := partnertest.NewVendor(t)
	server := start(t, partner.Options{After: partnertest.NewClock().After, Client: v.Client()})
	connect := func(id int) {
		partnertest.Post(t, server.URL+"/webhook", fmt.Sprintf(`{"type":"connect","token":"confirm","channelId":"c%d","data":{"webhook":%q}}`, id, v.URL))
	}
	message := func(id int) int {
		status, _ := partnertest.Post(t, server.URL+"/webhook", fmt.Sprintf(`{"type":"message","token":"confirm","channelId":"c%d","data":{"targetChatId":"chat1","text":"Hi"}}`, id))
		return status
	}
	for id := range 257 {
		connect(id)
	}
	if first, second := message(0), message(1); first != http.StatusNotFound || second != http.StatusOK {
		t.Errorf("after 257 channels the first is answered %d and the second %d, want 404 and 200", first, second)
	}
	if status := partnertest.PostUntilRefused(t, server.URL+"/say", 300); status != http.StatusServiceUnavailable {
		t.Errorf("300 messages without an outcome: the last was answered %d, want 503", status)
	}
}

func TestOptionsThatCannotWork(t *testing.T) {
	for want, o := range map[string]partner.Options{
		`no defect "is-lazy"`:  {Defects: []string{"is-lazy"}},
		"not an absolute http": {Webhook: "localhost:3000"},
	} {
		if _, err := partner.New(elma365.Reference(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q in it", o, err, want)
		}
	}
}

func TestDefectsAreNamedOnce(t *testing.T) {
	partnertest.DefectsAreNamed(t, elma365.Reference(), 25)
}
