package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/traffic"
)

// TestRecordingOfAKilledMock kills a mock under load at random moments, 15 times (make
// soak goes on killing), and compares its recording with what its callers saw. Every second
// mock goes on with the file of the one before.
func TestRecordingOfAKilledMock(t *testing.T) {
	t.Parallel()
	binary, random := buildParley(t), rand.New(rand.NewPCG(1, 2))
	lost, kept, times := 0, 0, killings
	var longest time.Duration
	var file string
	for n := range times {
		if n%2 == 0 {
			file = filepath.Join(t.TempDir(), "recording.ndjson")
		}
		k := &killed{t: t, sandbox: fmt.Sprint("run-", n), seen: map[string]answer{}}
		k.start(binary, file)
		alive := time.Duration(50+random.IntN(250)) * time.Millisecond
		k.load(alive)
		k.compare(file)
		lost, kept, longest = lost+len(k.seen), kept+k.kept, max(longest, k.longest)
	}
	if kept == 0 {
		t.Error("no mock recorded anything")
	}
	t.Logf("%d killed mocks recorded %d calls and lost %d of their last %s", times, kept, lost, longest.Round(time.Millisecond))
}

// killings is how many mocks a test kills.
const killings = 15

// killed is one mock, from its start to its end.
type killed struct {
	t       *testing.T
	sandbox string
	command *exec.Cmd
	url     string

	mu   sync.Mutex
	seen map[string]answer // by ID
	died time.Time
	kept int

	longest time.Duration // from an answer that is lost to the end
}

// answer is what a caller saw of one exchange.
type answer struct {
	text   string // that it sent
	status int
	at     time.Time
}

var servedAt = regexp.MustCompile(`^Parley plays .* on (http://\S+)`)

func (k *killed) start(binary, file string) {
	k.t.Helper()
	k.serve(binary, "--record", file)
}

// serve starts a mock, and returns when it says where it is.
func (k *killed) serve(binary string, arguments ...string) {
	k.t.Helper()
	k.command = exec.Command(binary, append([]string{"serve", "elma365", "--quiet", "--addr", "127.0.0.1:0"}, arguments...)...)
	k.command.Stderr = os.Stderr
	k.begin()
}

// begin starts the command.
func (k *killed) begin() {
	k.t.Helper()
	out, err := k.command.StdoutPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	if err := k.command.Start(); err != nil {
		k.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for k.url == "" && lines.Scan() {
		if m := servedAt.FindStringSubmatch(lines.Text()); m != nil {
			k.url = m[1]
		}
	}
	if k.url == "" {
		k.t.Fatal("the mock did not say where it serves")
	}
	go io.Copy(io.Discard, out)
}

// load calls the mock from four sides until it is killed.
func (k *killed) load(alive time.Duration) {
	var group sync.WaitGroup
	for side := range 4 {
		group.Go(func() {
			for n := 0; k.call(fmt.Sprintf("%s side %d number %d", k.sandbox, side, n)); n++ {
			}
		})
	}
	time.AfterFunc(alive, func() {
		k.mu.Lock()
		k.died = time.Now()
		k.mu.Unlock()
		k.command.Process.Kill()
	})
	group.Wait()
	k.command.Wait() // its error says that it was killed
}

func (k *killed) call(text string) bool {
	body := fmt.Sprintf(`{"type":"message","token":"confirm","data":{"externalMessageId":%q,"externalChatId":"c","externalUserId":"u","text":%q}}`, text, text)
	r, err := http.NewRequest("POST", k.url+"/~"+k.sandbox+"/api/messengers/external/other/webhook/ebf45efc-cc67-4b60-9e3f-121966ba9f30", strings.NewReader(body))
	if err != nil {
		k.t.Error(err)
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return false // it was killed
	}
	response.Body.Close()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.seen[response.Header.Get("Parley-Exchange")] = answer{text, response.StatusCode, time.Now()}
	return true
}

// compare reads what was recorded of this mock: without a gap, and as its callers saw
// it. How much of the end is lost is printed, because a busy machine may let any
// process stand still.
func (k *killed) compare(file string) {
	k.t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		k.t.Fatal(err)
	}
	reader, broken := traffic.NewReader(bytes.NewReader(data), 0), 0
	for {
		e, err := reader.Read()
		var line *traffic.LineError
		if errors.As(err, &line) {
			broken++
			continue
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			k.t.Fatal(err)
		}
		if e.Sandbox == k.sandbox {
			k.compareOne(e)
		}
	}
	if broken > 2 {
		k.t.Errorf("%s: %d broken lines, of at most two killed mocks", k.sandbox, broken)
	}
	for _, a := range k.seen { // what is lost is the end: the recording has no gap
		k.longest = max(k.longest, k.died.Sub(a.at))
	}
}

// compareOne takes what was recorded off what was seen.
func (k *killed) compareOne(e *traffic.Exchange) {
	k.kept++
	if want := fmt.Sprintf("ex-%06d", k.kept); e.ID != want {
		k.t.Fatalf("%s: %s stands where %s should", k.sandbox, e.ID, want)
	}
	a, seen := k.seen[e.ID]
	if seen && (e.Status() != a.status || !strings.Contains(string(e.Request.Body.Kept), a.text)) {
		k.t.Errorf("%s: %s is recorded with %d and %s, but %d answered %q", k.sandbox, e.ID, e.Status(), e.Request.Body.Kept, a.status, a.text)
	}
	delete(k.seen, e.ID)
}
