package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// mock is a mock that was started as a person starts one.
type mock struct {
	t   *testing.T
	URL string
}

// start begins a command of the built binary and returns when it printed a line with a
// text. It ends with the test.
func start(t *testing.T, said string, args ...string) {
	t.Helper()
	cmd := exec.Command(binary(t), args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait() // it was killed
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	var seen strings.Builder
	for lines.Scan() {
		seen.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), said) {
			go io.Copy(io.Discard, out) // so that it never waits for a reader
			return
		}
	}
	t.Fatalf("parley %s ended before it said %q:\n%s", strings.Join(args, " "), said, seen.String())
}

// freeAddress is one on which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// serve starts a mock of all vendors, or with further arguments.
func serve(t *testing.T, args ...string) *mock {
	t.Helper()
	addr := freeAddress(t)
	start(t, "Try it:", append([]string{"serve", "--addr", addr}, args...)...)
	return &mock{t, "http://" + addr}
}

// serveWithPartner starts a mock of ELMA365 that is connected to the reference messenger,
// and returns the messenger's address too.
func serveWithPartner(t *testing.T) (m *mock, partner string) {
	t.Helper()
	partner = freeAddress(t)
	start(t, "http://"+partner, "partner", "elma365", "--addr", partner, "--token", "confirm")
	addr := freeAddress(t)
	start(t, "the partner answered", "serve", "--addr", addr, "--partner", "elma365=http://"+partner+"/webhook", "--token", "confirm")
	return &mock{t, "http://" + addr}, "http://" + partner
}

// do calls the mock; path may be a whole URL. The answer is the body as JSON, if it is
// any.
func (m *mock) do(method, path, body string, header ...string) map[string]any {
	m.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = m.URL + path
	}
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := http.Client{Timeout: 30 * time.Second}
	answer, err := client.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	var value map[string]any
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) && json.Unmarshal(text, &value) != nil {
		m.t.Fatalf("%s %s: %s", method, path, text)
	}
	return value
}

// channel is the ID of the channel that has a webhook.
func (m *mock) channel() string {
	m.t.Helper()
	for _, c := range m.do("GET", "/_parley/channels", "")["channels"].([]any) {
		if c := c.(map[string]any); c["url"] != nil {
			return c["id"].(string)
		}
	}
	m.t.Fatal("no channel has a URL")
	return ""
}

// message calls ELMA365's one operation with a body.
func (m *mock) message(channel, body string) {
	m.t.Helper()
	m.do("POST", "/api/messengers/external/other/webhook/"+channel, body)
}

// brokenMessage breaks what the page says about files, and lacks keys.
const brokenMessage = `{"type":"message","token":"confirm","data":{"externalMessageId":"m-7","externalChatId":"chat-1","externalUserId":"u-1","files":[{"url":"https://files.example.com/a.png"}]}}`

// goodMessage is one as the page documents it.
const goodMessage = `{"type":"message","token":"confirm","data":{"externalMessageId":"m-1","externalChatId":"chat-1","externalUserId":"u-1","text":"Where is my parcel?"}}`
