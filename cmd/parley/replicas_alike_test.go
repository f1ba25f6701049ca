package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"
)

// TestOneSeedOneMock: one replica on one NATS server, and three on three of which the owner
// is killed in the middle, answer, deliver and remember the same bytes.
func TestOneSeedOneMock(t *testing.T) {
	t.Parallel()
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil }))
	t.Cleanup(partner.Close)
	var alone, several []string
	t.Run("lives", func(t *testing.T) {
		t.Run("alone", func(t *testing.T) {
			t.Parallel()
			alone = life(newReplicas(t, 1), 1, partner.URL)
		})
		t.Run("several", func(t *testing.T) {
			t.Parallel()
			several = life(newReplicas(t, 3), 3, partner.URL)
		})
	})
	if !slices.Equal(alone, several) {
		for i := range min(len(alone), len(several)) {
			if alone[i] != several[i] {
				t.Fatalf("alone:\n%s\nand one of three:\n%s", alone[i], several[i])
			}
		}
		t.Errorf("alone there are %d answers, and of three %d", len(alone), len(several))
	}
}

// used is when somebody last used a sandbox, by the machine's clock.
var used = regexp.MustCompile(`"used":"[^"]*",`)

// life is all that is seen of a sandbox, whose owner is killed in the middle where there
// are others.
func life(r *replicas, n int, partner string) []string {
	for range n {
		r.join()
	}
	var seen []string
	next := 0
	ask := func(want int, method, path, body string) {
		next++
		text := r.must(r.alive[next%len(r.alive)], want, method, path, body)
		seen = append(seen, string(used.ReplaceAll(text, nil)))
	}
	ask(201, "POST", "/_parley/sandboxes", `{"name":"one","clock":{"now":"2031-05-06T07:08:09Z","frozen":true}}`)
	ask(201, "POST", "/~one/_parley/channels", fmt.Sprintf(`{"vendor":"elma365","url":%q,"token":"confirm"}`, partner))
	talk := func(from int) {
		for i := range 4 {
			ask(200, "POST", "/~one/api/messengers/external/other/webhook/ebf45efc-cc67-4b60-9e3f-121966ba9f30",
				fmt.Sprintf(`{"type":"message","token":"confirm","data":{"externalMessageId":"m-%d","externalChatId":"c","externalUserId":"u","text":"Hello"}}`, from+i))
			ask(200, "POST", "/~one/_parley/send", `{"event":"message","set":{"data.text":"Hello"},"wait":true}`)
		}
	}
	talk(0)
	if n > 1 {
		for _, k := range slices.Clone(r.alive) {
			if kept := regexp.MustCompile(`(?m)^parley_journal_exchanges (\d+)`).FindSubmatch(r.must(k, 200, "GET", "/_parley/metrics", "")); kept != nil && string(kept[1]) != "0" {
				k.command.Process.Kill()
				r.leaveOut(k)
				k.command.Wait() // its error says that it was killed
			}
		}
		if len(r.alive) != n-1 {
			r.t.Errorf("of %d replicas %d go on, and one had the sandbox", n, len(r.alive))
		}
	}
	talk(4)
	for _, path := range []string{"journal", "deliveries", "state", "channels", "clock"} {
		ask(200, "GET", "/~one/_parley/"+path, "")
	}
	return seen
}
