package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestDataOfAKilledMock kills a mock under load at random moments, 15 times, and
// compares what the next one knows with what its callers saw. With step
// nothing may be missing that was answered; with interval nothing but an end.
func TestDataOfAKilledMock(t *testing.T) {
	t.Parallel()
	binary := buildParley(t)
	for _, durability := range []string{"step", "interval"} {
		t.Run(durability, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(3, 4))
			r := &restarts{t: t, durability: durability, dir: filepath.Join(t.TempDir(), "data"), copies: map[string]int{}}
			times := killings
			for range times {
				r.start(binary)
				r.compare()
				r.load(time.Duration(50+random.IntN(250)) * time.Millisecond)
			}
			r.start(binary)
			r.compare()
			r.process.command.Process.Kill()
			r.process.command.Wait() // its error says that it was killed
			if r.exchanges == 0 {
				t.Error("no mock kept anything")
			}
			t.Logf("%d killed mocks kept %d calls and lost %d of their last moments", times, r.exchanges, r.lost)
		})
	}
}

// restarts are mocks that follow one another.
type restarts struct {
	t          *testing.T
	durability string
	dir        string
	process    *killed
	copies     map[string]int // of each message, as the last mock found it
	exchanges  int            // as the last mock found it
	lost       int

	mu   sync.Mutex
	sent map[string]int    // texts of the mock that runs
	seen map[string]string // what was answered: texts by the ID of the exchange
}

func (r *restarts) start(binary string) {
	r.t.Helper()
	r.process = &killed{t: r.t}
	r.process.serve(binary, "--data", r.dir, "--durability", r.durability)
}

// state is what a mock shows of what it remembers.
type state struct {
	Elma365 struct {
		Messages []struct {
			ExternalID string
			Copies     int
		}
		Chats []struct{ Messages int }
	}
}

func (r *restarts) get(path string, to any) {
	r.t.Helper()
	response, err := http.Get(r.process.url + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(to); err != nil {
		r.t.Fatal(err)
	}
}

// compare looks whether a new mock has nothing half, nothing that nobody sent, and what
// was answered, in its order.
func (r *restarts) compare() {
	r.t.Helper()
	var now state
	r.get("/_parley/state", &now)
	copies, total := map[string]int{}, 0
	for _, m := range now.Elma365.Messages {
		copies[m.ExternalID] += m.Copies
		total += m.Copies
	}
	if len(now.Elma365.Chats) > 0 && now.Elma365.Chats[0].Messages != len(copies) {
		r.t.Fatalf("of %d messages the chats have %+v", len(copies), now.Elma365.Chats)
	}
	for text, n := range copies {
		if more := n - r.copies[text]; more > r.sent[text] || more < 0 {
			r.t.Errorf("%s: there are %d more copies, and %d were sent", text, more, r.sent[text])
		}
	}
	lost, before := 0, total
	for id := range r.seen {
		before = min(before, number(id)-1)
	}
	before = max(before, total-4_000) // the journal has 5,000
	kept := r.bodiesAfter(before)
	for id, text := range r.seen {
		switch n := number(id); {
		case n > total:
			lost++
		case n > before && !strings.Contains(kept[id], text):
			r.t.Errorf("%s was answered to %q, and is now %s", id, text, kept[id])
		}
	}
	if lost > 0 && r.durability == "step" {
		r.t.Errorf("%d answered calls are lost", lost)
	}
	r.lost += lost
	r.sent, r.seen = map[string]int{}, map[string]string{}
	id := r.call("side 0 number 0")
	if want := fmt.Sprintf("ex-%06d", total+1); id != want {
		r.t.Fatalf("the next exchange is %s, want %s", id, want)
	}
	r.copies, r.exchanges = copies, total
}

// bodiesAfter are those of all requests after the exchange of a number, by their IDs: asked
// for at once, since thousands of answers with one each cost as much as all that is killed.
func (r *restarts) bodiesAfter(number int) map[string]string {
	r.t.Helper()
	path := "/_parley/journal?limit=10000"
	if number > 0 {
		path += fmt.Sprintf("&since=ex-%06d", number)
	}
	var journal struct {
		Exchanges []struct {
			ID      string
			Request struct{ Body json.RawMessage }
		}
	}
	r.get(path, &journal)
	bodies := map[string]string{}
	for _, e := range journal.Exchanges {
		bodies[e.ID] = string(e.Request.Body)
	}
	return bodies
}

func number(id string) (n int) {
	fmt.Sscanf(id, "ex-%d", &n)
	return n
}

// load calls the mock from four sides until it is killed. Each side begins again
// after 500 messages, so that none has to make room.
func (r *restarts) load(alive time.Duration) {
	var group sync.WaitGroup
	for side := range 4 {
		group.Go(func() {
			for n := 0; r.call(fmt.Sprintf("side %d number %d", side, n%500)) != ""; n++ {
			}
		})
	}
	time.AfterFunc(alive, func() { r.process.command.Process.Kill() })
	group.Wait()
	r.process.command.Wait() // its error says that it was killed
}

// call sends a message and returns the ID of its exchange, "" if the mock was killed.
func (r *restarts) call(text string) string {
	r.mu.Lock()
	r.sent[text]++
	r.mu.Unlock()
	body := fmt.Sprintf(`{"type":"message","token":"confirm","data":{"externalMessageId":%q,"externalChatId":"c","externalUserId":"u","text":%q}}`, text, text)
	response, err := http.Post(r.process.url+"/api/messengers/external/other/webhook/ebf45efc-cc67-4b60-9e3f-121966ba9f30", "application/json", strings.NewReader(body))
	if err != nil {
		return ""
	}
	io.Copy(io.Discard, response.Body) // an answer that breaks off was one
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		r.t.Errorf("%s: answered %d", text, response.StatusCode)
		return ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	id := response.Header.Get("Parley-Exchange")
	r.seen[id] = text
	return id
}
