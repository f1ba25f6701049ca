package threedolphins_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/internal/partnertest"
	"github.com/parleykit/parley/conformance/partner/threedolphins"
)

const (
	outgoingPath = "/dolphin/apiv1/integration/outgoing"
	commandPath  = "/dolphin/apiv1/integration/command"
)

// TestAnswersInKind: a customer is answered in their own ticket, with what they sent.
func TestAnswersInKind(t *testing.T) {
	d := newVendor(t)
	server := start(t, partner.Options{API: d.URL + "/"})
	for _, test := range []struct{ kind, message, media, answerKind, answer string }{
		{"text", "Halo", "", "text", "Halo Contoh Pelanggan, Anda menulis “Halo”."},
		{"Text", strings.Repeat("ha", 200), "", "text", "Halo Contoh Pelanggan, Anda menulis “" + strings.Repeat("ha", 50) + "…”."},
		{"image", "", "https://media.example.com/a.jpg", "image", ""},
		{"Location", "-6.1,106.8", "", "Location", "-6.1,106.8"},
	} {
		status, body := partnertest.Post(t, server.URL+"/webhook", incoming("t-"+test.kind, test.kind, test.message, test.media))
		if status != http.StatusOK || strings.TrimSpace(body) != `{"status":"success"}` {
			t.Errorf("%s: answered %d %s", test.kind, status, body)
		}
		got := <-d.Calls
		want := map[string]any{"ticketNumber": "t-" + test.kind, "channel": "webchat", "owner": "o1", "customerName": "Contoh Pelanggan",
			"messageType": test.answerKind, "message": test.answer, "mediaLink": test.media}
		if got.Path != outgoingPath || fmt.Sprint(got.Body) != fmt.Sprint(want) {
			t.Errorf("%s: 3Dolphins was sent\n%v at %s, want\n%v", test.kind, got.Body, got.Path, want)
		}
	}
}

func TestOrders(t *testing.T) {
	d := newVendor(t)
	server := start(t, partner.Options{Webhook: d.URL + outgoingPath})
	if status, body := partnertest.Post(t, server.URL+"/say", ""); status != http.StatusConflict {
		t.Errorf("say before anybody wrote: %d %s, want 409", status, body)
	}
	for _, ticket := range []string{"t1", "t2"} {
		partnertest.Post(t, server.URL+"/webhook", incoming(ticket, "text", "Halo", ""))
		<-d.Calls
	}
	for _, test := range []struct{ path, ask, body, sentTo, ticket, member, want string }{
		{"/say", "", "", outgoingPath, "t2", "message", "Ada yang bisa kami bantu lagi, Contoh Pelanggan?"},
		{"/say", "", `{"ticket":"t1","text":"Tunggu"}`, outgoingPath, "t1", "message", "Tunggu"},
		{"/say", "", `{"type":"file","mediaLink":"https://media.example.com/a.pdf"}`, outgoingPath, "t2", "mediaLink", "https://media.example.com/a.pdf"},
		{"/close", "", `{"ticket":"t1"}`, commandPath, "t1", "event", "Close"},
		{"/act", "Let your system close ticket t2 (command).", "", commandPath, "t2", "event", "Close"},
	} {
		if status, body := partnertest.Request(t, http.MethodPost, server.URL+test.path, test.ask, test.body); status != http.StatusAccepted {
			t.Fatalf("%s: %d %s", test.path, status, body)
		}
		if got := <-d.Calls; got.Path != test.sentTo || got.Body["ticketNumber"] != test.ticket || got.Body[test.member] != test.want {
			t.Errorf("%s %s: 3Dolphins was sent %v at %s", test.path, test.body, got.Body, got.Path)
		}
	}
	for body, want := range map[string]int{`{"tekst":"Hi"}`: 400, `[`: 400, `{"ticket":"other"}`: 409} {
		if status, answer := partnertest.Post(t, server.URL+"/close", body); status != want || !strings.Contains(answer, "detail") {
			t.Errorf("close %s: %d %s, want %d with a detail", body, status, answer, want)
		}
	}
	if status, body := partnertest.Request(t, http.MethodPost, server.URL+"/act", "Answer (outgoing).", ""); status != http.StatusOK {
		t.Errorf("a bot that answers by itself says %d %s", status, body)
	}
	if status, _ := partnertest.Request(t, http.MethodPost, server.URL+"/act", "Dance.", ""); status != http.StatusBadRequest {
		t.Errorf("something else: %d", status)
	}
}

func TestOrdersNeedAURL(t *testing.T) {
	server := start(t, partner.Options{})
	if status, body := partnertest.Post(t, server.URL+"/webhook", incoming("t1", "text", "Halo", "")); status != http.StatusOK {
		t.Errorf("an event is taken all the same: %d %s", status, body)
	}
	if status, body := partnertest.Post(t, server.URL+"/close", ""); status != http.StatusConflict || !strings.Contains(body, "URL") {
		t.Errorf("close: %d %s", status, body)
	}
}

// TestSendsAgain follows one reply through errors and a broken connection until it
// is taken; the customer's next message then has a reply of its own.
func TestSendsAgain(t *testing.T) {
	d, clock := newVendor(t, 500, 401, 0), partnertest.NewClock()
	server := start(t, partner.Options{API: d.URL, After: clock.After})
	partnertest.Post(t, server.URL+"/webhook", incoming("t1", "text", "satu", ""))
	first := <-d.Calls
	for range 3 {
		clock.Pass()
		if again := <-d.Calls; fmt.Sprint(again) != fmt.Sprint(first) {
			t.Errorf("sent again as %v, not as %v", again, first)
		}
	}
	partnertest.Post(t, server.URL+"/webhook", incoming("t1", "text", "dua", ""))
	if next := <-d.Calls; !strings.Contains(fmt.Sprint(next.Body["message"]), "dua") {
		t.Errorf("after the success came %v", next)
	}
}

func TestGivesUp(t *testing.T) {
	for name, test := range map[string]struct {
		statuses []int
		waits    int
	}{
		"after as many attempts as allowed":  {[]int{500, 500, 500}, 3},
		"at once when there is no ticket":    {[]int{404}, 0},
		"at once when it cannot be executed": {[]int{201}, 0}, // with another status than success in the body
	} {
		t.Run(name, func(t *testing.T) {
			d, clock, logged := newVendor(t, test.statuses...), partnertest.NewClock(), make(chan string, 64)
			server := start(t, partner.Options{API: d.URL, After: clock.After, Attempts: 3, Log: func(line string) { logged <- line }})
			partnertest.Post(t, server.URL+"/webhook", incoming("t1", "text", "Halo", ""))
			for range test.waits {
				<-d.Calls
				clock.Pass()
			}
			for line := range logged {
				if strings.TrimSpace(line) != line {
					t.Errorf("%q begins or ends with a space", line)
				}
				if strings.HasPrefix(line, "gave up on the outgoing event for ticket t1") {
					break
				}
			}
			if test.waits > 0 && len(d.Calls) > 0 {
				t.Errorf("one more attempt came: %v", <-d.Calls)
			}
		})
	}
}

func TestRefusesWhatIsNoIncomingEvent(t *testing.T) {
	d := newVendor(t)
	server := start(t, partner.Options{API: d.URL})
	for body, want := range map[string]int{
		"":                                       400,
		"[]":                                     400,
		`{"ticketNumber":"t1"}`:                  400,
		incoming("", "text", "Halo", ""):         400,
		incoming("t1", "text", "Halo", "") + "}": 400,
	} {
		if status, answer := partnertest.Post(t, server.URL+"/webhook", body); status != want || !strings.Contains(answer, "failed") {
			t.Errorf("%s: %d %s, want %d", body, status, answer, want)
		}
	}
	if status, _ := partnertest.Request(t, http.MethodGet, server.URL+"/webhook", "", ""); status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", status)
	}
	if len(d.Calls) > 0 {
		t.Errorf("somebody was answered: %v", <-d.Calls)
	}
}

// TestMemoryIsBounded: what cannot be answered is refused instead of being kept.
func TestMemoryIsBounded(t *testing.T) {
	release := make(chan struct{})
	server := start(t, partner.Options{API: "http://127.0.0.1:1", Pass: func(string, string, int) { <-release }})
	defer close(release)
	status := http.StatusOK
	for n := 0; status == http.StatusOK && n < 300; n++ {
		status, _ = partnertest.Post(t, server.URL+"/webhook", incoming(fmt.Sprint("t", n), "text", "Halo", ""))
	}
	if status != http.StatusServiceUnavailable {
		t.Errorf("300 events that nobody can answer: the last was answered %d, want 503", status)
	}
}

func TestPassesOnAfterAcknowledging(t *testing.T) {
	d, release, passed := newVendor(t), make(chan struct{}), make(chan string, 1)
	server := start(t, partner.Options{API: d.URL, Pass: func(chat, text string, files int) {
		<-release
		passed <- fmt.Sprintf("%s %q %d", chat, text, files)
	}})
	if status, body := partnertest.Post(t, server.URL+"/webhook", incoming("t1", "image", "", "https://media.example.com/a.jpg")); status != http.StatusOK {
		t.Fatalf("event: %d %s", status, body)
	}
	close(release)
	if got := <-passed; got != `t1 "" 1` {
		t.Errorf("passed on %s", got)
	}
}

func TestDefectsAreNamedOnce(t *testing.T) {
	partnertest.DefectsAreNamed(t, threedolphins.Reference(), 25)
}
