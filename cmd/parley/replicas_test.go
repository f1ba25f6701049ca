package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

const replicasToken = "token-of-the-replicas"

// replicas are processes that are one mock, on NATS servers that are processes, too.
type replicas struct {
	t       *testing.T
	binary  string
	servers *natstest.Processes
	flags   []string   // that each is started with, beside those that make them one mock
	said    safeBuffer // by all of them on standard error

	mu    sync.Mutex
	alive []*killed // those that clients are led to
}

func newReplicas(t *testing.T, nodes int) *replicas {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // on a machine that has other things to do
	defer cancel()
	servers, err := natstest.Run(ctx, nodes, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &replicas{t: t, binary: buildParley(t), servers: servers}
	t.Cleanup(func() {
		for _, k := range r.alive {
			k.command.Process.Kill()
			k.command.Wait()
		}
		servers.End()
		if t.Failed() {
			t.Log(r.said.String())
		}
	})
	return r
}

// join starts a replica, and returns when the others know of it.
func (r *replicas) join() *killed {
	r.t.Helper()
	address := freePort(r.t)
	k := &killed{t: r.t}
	k.command = exec.Command(r.binary, append([]string{"serve", "elma365", "--quiet", "--addr", address, "--cluster", strings.Join(r.servers.URLs(), ","),
		"--control-token", replicasToken, "--seed", "7", "--durability", "step", "--drain", "1h", "--base-url", "http://mock.example.com"}, r.flags...)...)
	k.command.Stderr = &r.said
	k.begin()
	k.url = "http://" + address
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alive = append(r.alive, k)
	return k
}

// leaveOut leads no client to a replica any more.
func (r *replicas) leaveOut(k *killed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, one := range r.alive {
		if one == k {
			r.alive = append(r.alive[:i:i], r.alive[i+1:]...)
			return
		}
	}
}

func (r *replicas) any(random *rand.Rand) *killed {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.alive[random.IntN(len(r.alive))]
}

// do asks a replica, and returns status, body and the exchange's ID.
func (r *replicas) do(at *killed, method, path, body string) (status int, text []byte, exchange string, err error) {
	q, err := http.NewRequest(method, at.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, "", err
	}
	q.Header.Set("Authorization", "Bearer "+replicasToken)
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	c := http.Client{Timeout: time.Minute}
	answer, err := c.Do(q)
	if err != nil {
		return 0, nil, "", err
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(answer.Body)
	return answer.StatusCode, text, answer.Header.Get("Parley-Exchange"), err
}

// must is do where nothing else than a status is right.
func (r *replicas) must(at *killed, want int, method, path, body string) []byte {
	r.t.Helper()
	status, text, _, err := r.do(at, method, path, body)
	if err != nil || status != want {
		r.t.Fatalf("%s %s: %d %s, %v", method, path, status, text, err)
	}
	return text
}

// webhook is a partner of several sandboxes, each at a path of its own. It sees whether the
// deliveries of one come in their order.
type webhook struct {
	*httptest.Server
	t    *testing.T
	mu   sync.Mutex
	last map[string]uint64          // delivery by sandbox
	seen map[string]map[uint64]bool // deliveries by sandbox
}

func newWebhook(t *testing.T) *webhook {
	w := &webhook{t: t, last: map[string]uint64{}, seen: map[string]map[uint64]bool{}}
	w.Server = httptest.NewServer(http.HandlerFunc(w.take))
	t.Cleanup(w.Close)
	return w
}

func (w *webhook) take(_ http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	sandbox, delivery := strings.Trim(r.URL.Path, "/"), serialNumber(r.Header.Get("Parley-Delivery"))
	w.mu.Lock()
	defer w.mu.Unlock()
	if delivery == 0 || delivery < w.last[sandbox] {
		w.t.Errorf("sandbox %s: delivery %d came after %d: out of order, or by an owner that is none", sandbox, delivery, w.last[sandbox])
	}
	w.last[sandbox] = max(delivery, w.last[sandbox])
	if w.seen[sandbox] == nil {
		w.seen[sandbox] = map[uint64]bool{}
	}
	w.seen[sandbox][delivery] = true
}

func (w *webhook) got(sandbox string, delivery uint64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen[sandbox][delivery]
}

// serialNumber is the number in an ID such as ex-000012.
func serialNumber(id string) uint64 {
	_, digits, _ := strings.Cut(id, "-")
	n, _ := strconv.ParseUint(digits, 10, 64)
	return n
}

// client is a client of one sandbox, which knows what must be in it.
type client struct {
	r       *replicas
	hook    *webhook
	sandbox string
	random  *rand.Rand

	mu      sync.Mutex
	number  int               // of messages that were sent
	last    uint64            // exchange that was answered
	texts   map[uint64]string // by exchange that was answered
	deliver []uint64          // deliveries that were answered

	done       atomic.Int64 // answers that came as they should
	unanswered atomic.Int64 // requests of which nobody knows whether they were done
	why        string       // the last of them was not answered
}

// follow calls the sandbox until it is told to stop, one call after the other.
func (f *client) follow(stop <-chan struct{}) {
	pace := time.NewTicker(50 * time.Millisecond) // so that the journal holds all since the last look
	defer pace.Stop()
	for {
		select {
		case <-stop:
			return
		case <-pace.C:
			f.call()
		}
	}
}

func (f *client) call() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.number++
	text := fmt.Sprintf("%s number %d", f.sandbox, f.number)
	if f.number%4 == 0 {
		f.send(text)
		return
	}
	body := fmt.Sprintf(`{"type":"message","token":"confirm","data":{"externalMessageId":%q,"externalChatId":"c","externalUserId":"u","text":%q}}`, text, text)
	status, answer, exchange, err := f.r.do(f.r.any(f.random), "POST", "/~"+f.sandbox+"/api/messengers/external/other/webhook/ebf45efc-cc67-4b60-9e3f-121966ba9f30", body)
	if err != nil || status != http.StatusOK {
		f.isUnanswered(status, answer, err)
		return
	}
	n := serialNumber(exchange)
	if n <= f.last {
		f.r.t.Errorf("%s: exchange %d was answered after %d: what was answered is lost", f.sandbox, n, f.last)
	}
	f.last, f.texts[n] = n, text
	f.done.Add(1)
}

func (f *client) send(text string) {
	status, answer, _, err := f.r.do(f.r.any(f.random), "POST", "/~"+f.sandbox+"/_parley/send", fmt.Sprintf(`{"event":"message","set":{"data.text":%q}}`, text))
	var d struct{ ID string }
	if err != nil || status != http.StatusAccepted && status != http.StatusOK || json.Unmarshal(answer, &d) != nil {
		f.isUnanswered(status, answer, err)
		return
	}
	f.deliver = append(f.deliver, serialNumber(d.ID))
	f.done.Add(1)
}

func (f *client) isUnanswered(status int, answer []byte, err error) {
	f.why = fmt.Sprintf("%s: %d %.300s, %v", f.sandbox, status, answer, err)
	f.unanswered.Add(1)
}

// arrives returns when the request under way was answered, and says why the last that was not
// was not.
func (f *client) arrives() (why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.why
}

// progress is how many answers came.
func (f *client) progress() (done, unanswered int) {
	return int(f.done.Load()), int(f.unanswered.Load())
}

// compare looks whether the sandbox has what was answered, once and in its order.
func (f *client) compare() {
	f.r.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	text := f.r.must(f.r.any(f.random), http.StatusOK, "GET", "/~"+f.sandbox+"/_parley/journal?limit=1000", "")
	var journal struct {
		Exchanges []struct {
			ID       string
			Caller   string
			Request  struct{ Body json.RawMessage }
			Findings []struct{ Code string }
		}
	}
	if err := json.Unmarshal(text, &journal); err != nil || len(journal.Exchanges) == 0 {
		f.r.t.Fatalf("%s: %v in %.200s", f.sandbox, err, text)
	}
	found, copies := map[uint64][]byte{}, map[string]int{}
	for i, e := range journal.Exchanges {
		n := serialNumber(e.ID)
		if i > 0 && n != serialNumber(journal.Exchanges[i-1].ID)+1 {
			f.r.t.Errorf("%s: %s stands after %s", f.sandbox, e.ID, journal.Exchanges[i-1].ID)
		}
		found[n] = e.Request.Body
		brokenOff := len(e.Findings) > 0 && e.Findings[0].Code == "body.incomplete" // by the end of the replica that sent it on
		if e.Caller == "partner" && !brokenOff {
			copies[string(e.Request.Body)]++
		}
	}
	for n, sent := range f.texts {
		if n >= serialNumber(journal.Exchanges[0].ID) && !bytes.Contains(found[n], []byte(sent)) {
			f.r.t.Errorf("%s: exchange %d was %q, and is %.200s", f.sandbox, n, sent, found[n])
		}
	}
	for body, times := range copies {
		if times > 1 {
			f.r.t.Errorf("%s: %d times there is %s", f.sandbox, times, body)
		}
	}
}
