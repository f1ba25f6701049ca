package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestStateOfAKilledMock kills a mock under load at random moments, 15 times (5 with
// -short), and compares what the next one knows with what its callers saw. Each goes
// on from the file of the one before.
func TestStateOfAKilledMock(t *testing.T) {
	t.Parallel()
	times := killings()
	binary, random := buildParley(t), rand.New(rand.NewPCG(3, 4))
	r := &restarts{t: t, file: filepath.Join(t.TempDir(), "mock.state"), copies: map[string]int{}}
	for n := range times {
		r.start(binary, n > 0)
		r.compare(n > 0)
		r.load(time.Duration(100+random.IntN(600)) * time.Millisecond)
		r.read()
	}
	r.start(binary, true)
	r.compare(true)
	r.process.command.Process.Kill()
	r.process.command.Wait() // its error says that it was killed
	if r.exchanges == 0 {
		t.Error("no mock kept anything")
	}
	t.Logf("%d killed mocks kept %d calls and lost %d of their last moments, %s at most", times, r.exchanges, r.lost, r.longest.Round(time.Millisecond))
}

// restarts are mocks that follow one another.
type restarts struct {
	t         *testing.T
	file      string
	process   *killed
	copies    map[string]int // of each message, as the newest file has it
	exchanges int            // as the newest file has it
	lost      int
	longest   time.Duration // from when a file was taken to the end of its mock

	mu   sync.Mutex
	sent map[string]int         // of the mock that runs
	seen map[string][]time.Time // when a message was answered
	died time.Time
}

func (r *restarts) start(binary string, again bool) {
	r.t.Helper()
	arguments := []string{"--state-to", r.file}
	if again {
		arguments = append(arguments, "--state-from", r.file)
	}
	r.process = &killed{t: r.t}
	r.process.serve(binary, arguments...)
	r.sent, r.seen = map[string]int{}, map[string][]time.Time{}
}

// messages is how often each message arrived, by its external ID.
type messages []struct {
	ExternalID string
	Copies     int
}

func (m messages) copies() map[string]int {
	copies := map[string]int{}
	for _, one := range m {
		copies[one.ExternalID] += one.Copies
	}
	return copies
}

func total(copies map[string]int) (sum int) {
	for _, n := range copies {
		sum += n
	}
	return sum
}

// compare looks whether a new mock is where its file is, and counts on from there.
func (r *restarts) compare(again bool) {
	r.t.Helper()
	response, err := http.Get(r.process.url + "/_parley/state")
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	var state struct {
		Elma365 struct {
			Messages messages
			Chats    []struct{ Messages int }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&state); err != nil {
		r.t.Fatal(err)
	}
	if got := state.Elma365.Messages.copies(); !maps.Equal(got, r.copies) {
		r.t.Fatalf("the new mock has %d messages in %d copies, its file %d in %d", len(got), total(got), len(r.copies), total(r.copies))
	}
	if again && (len(state.Elma365.Chats) != 1 || state.Elma365.Chats[0].Messages != len(r.copies)) {
		r.t.Fatalf("of %d messages the chats have %+v", len(r.copies), state.Elma365.Chats)
	}
	if id, want := r.call("side 0 number 0"), fmt.Sprintf("ex-%06d", r.exchanges+1); id != want {
		r.t.Fatalf("the next exchange is %s, want %s", id, want)
	}
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
	time.AfterFunc(alive, func() {
		r.mu.Lock()
		r.died = time.Now()
		r.mu.Unlock()
		r.process.command.Process.Kill()
	})
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
	r.seen[text] = append(r.seen[text], time.Now())
	return response.Header.Get("Parley-Exchange")
}

// read takes what a killed mock left: nothing half, nothing that nobody sent, and all
// that was answered before it was written. How long before its end that was is printed,
// because a busy machine may let any process stand still.
func (r *restarts) read() {
	r.t.Helper()
	data, err := os.ReadFile(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	var left struct {
		Taken     time.Time
		Exchanges int
		Outbox    struct{ Count int }
		Vendors   map[string]struct {
			Kept struct {
				Messages struct {
					Values []struct {
						Value struct {
							ExternalID string
							Copies     int
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(data, &left); err != nil {
		r.t.Fatalf("the file is broken: %v", err)
	}
	var list messages
	for _, v := range left.Vendors["elma365"].Kept.Messages.Values {
		list = append(list, v.Value)
	}
	copies := list.copies()
	if n := total(copies); left.Exchanges != n || left.Outbox.Count != n {
		r.t.Errorf("half of a call: %d messages, %d exchanges, %d deliveries", n, left.Exchanges, left.Outbox.Count)
	}
	for text, sent := range r.sent {
		early := 0
		for _, at := range r.seen[text] {
			if at.Before(left.Taken) {
				early++
			}
		}
		if n := copies[text] - r.copies[text]; n < early || n > sent {
			r.t.Errorf("%s: %d copies are left of %d that were answered before the file was written and %d that were sent", text, n, early, sent)
		}
		r.lost += max(0, len(r.seen[text])-(copies[text]-r.copies[text]))
	}
	r.copies, r.exchanges = copies, left.Exchanges
	if !left.Taken.IsZero() {
		r.longest = max(r.longest, r.died.Sub(left.Taken))
	}
}
