package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/vendors"
)

// conformer is the command with flags set as if they had been given.
func conformer(t *testing.T, change func(*conformFlags)) (*conforming, *bytes.Buffer) {
	t.Helper()
	contract := specstest.Contract(t, vendors.All()[0].ID)
	var out bytes.Buffer
	c := &conforming{out: &out, err: &out, contract: contract, suites: vendors.All()[0].Suites(), set: func(string) bool { return true }}
	c.addr, c.token, c.startTimeout, c.timing.Answer = "127.0.0.1:0", "a-token", 20*time.Second, 20*time.Second
	if change != nil {
		change(&c.conformFlags)
	}
	return c, &out
}

func startedMock(t *testing.T, c *conforming) *conformMock {
	t.Helper()
	m, err := c.startMock()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.stop)
	return m
}

func TestStimulusURL(t *testing.T) {
	status := http.StatusAccepted
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.Header.Get("Parley-Ask") != "write something" {
			status = http.StatusBadRequest
		}
		w.WriteHeader(status)
		io.WriteString(w, "the reason")
	}))
	defer server.Close()
	c, _ := conformer(t, func(f *conformFlags) { f.stimulusURL = server.URL })
	act := c.stimulate(startedMock(t, c))
	if err := act(t.Context(), "write something"); err != nil {
		t.Error(err)
	}
	status = http.StatusConflict
	if err := act(t.Context(), "write something"); err == nil || !strings.Contains(err.Error(), "answered 409: the reason") {
		t.Errorf("got %v", err)
	}
}

func TestStimulusByHandSaysWhatToDoAndWhere(t *testing.T) {
	c, out := conformer(t, nil)
	m := startedMock(t, c)
	c.options(m) // sets the deadline of people
	if err := c.stimulate(m)(t.Context(), "write something"); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"within 2m0s: write something", m.channel.Address} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q does not say %s", out.String(), want)
		}
	}
}

func TestReproduce(t *testing.T) {
	given := map[string]bool{"target": true, "token": true, "stimulus": true, "reading": true}
	c, _ := conformer(t, func(f *conformFlags) {
		f.target, f.stimulus = "http://h/hook?token=abc", "curl -X POST 'http://h/say'"
		f.readings, f.program = []string{"R-1=b"}, []string{"node", "-e", "say(1)\nsay('it')"}
	})
	c.set = func(flag string) bool { return given[flag] }
	for _, suite := range c.suites {
		id := suite.Checks[0].ID
		want := "parley conform " + suite.ID + ` --target 'http://h/hook?token=[redacted]' --token "$TOKEN" --stimulus 'curl -X POST '\''http://h/say'\''' --reading R-1=b --run ` + id + ` -- node -e $'say(1)\nsay(\'it\')'`
		if got := c.reproduce(suite.ID, id); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if got, want := c.reproduce("", ""), "parley conform elma365 --target"; !strings.HasPrefix(got, want) || strings.Contains(got, "--run") {
		t.Errorf("all again: %s", got)
	}
}

// TestReproduceADocument names it by its path: no ID leads to it.
func TestReproduceADocument(t *testing.T) {
	document := filepath.Join(t.TempDir(), "my shop.yaml")
	os.WriteFile(document, []byte("openapi: 3.1.0\ninfo: {title: Shop}\npaths: {/items: {get: {operationId: list, responses: {200: {description: All.}}}}}\n"), 0o600)
	c, _ := conformer(t, nil)
	c.set = func(string) bool { return false }
	var err error
	if c.contract, err = openapi.Load(document); err == nil {
		c.suites, err = suitesOf(c.contract)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.reproduce("my-shop/client", "my-shop/client/list/call"), "parley conform '"+document+"'/client --run my-shop/client/list/call"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLines(t *testing.T) {
	var got []string
	l := &lines{to: func(line string) { got = append(got, line) }}
	for _, part := range []string{"one\ntw", "o\r\n\nthr", "ee"} {
		l.Write([]byte(part))
	}
	l.flush()
	l.flush()
	if want := "one|two||three"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %s", got, want)
	}
	got = nil
	l.Write(bytes.Repeat([]byte("x"), 3*lineBytes))
	if len(l.rest) > lineBytes || len(got) != 1 {
		t.Errorf("%d bytes wait, %d lines", len(l.rest), len(got))
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	var printed tail
	for i := range 10_000 {
		fmt.Fprintf(&printed, "line %d\n", i)
	}
	if len(printed.kept) > tailBytes {
		t.Errorf("%d bytes kept", len(printed.kept))
	}
	text := string(printed.lastLines())
	if !strings.HasSuffix(text, "line 9999") || strings.Count(text, "\n") != tailLines {
		t.Errorf("%q", text)
	}
}

func TestMockOfARunIsLockedOnOtherAddresses(t *testing.T) {
	c, _ := conformer(t, func(f *conformFlags) { f.addr, f.baseURL = "0.0.0.0:0", "http://partner.example:7357/" })
	m := startedMock(t, c)
	if !strings.HasPrefix(m.channel.Address, "http://partner.example:7357/") {
		t.Errorf("the partner is told %s", m.channel.Address)
	}
	answer := httptest.NewRecorder()
	m.mock.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/_parley/journal", nil))
	if answer.Code != http.StatusUnauthorized && answer.Code != http.StatusForbidden {
		t.Errorf("the control API answers %d to a stranger", answer.Code)
	}
}

func TestExitCodesOfConform(t *testing.T) {
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	defer hook.Close()
	vendor, suite := vendors.All()[0].ID, vendors.All()[0].Suites()[0]
	first := suite.Checks[0].ID
	known := filepath.Join(t.TempDir(), "known.yaml")
	if err := os.WriteFile(known, []byte("- id: nonsense\n  reason: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		args []string
		code int
		want string
	}{
		"no vendor":         {nil, nil, exitUsage, "one VENDOR"},
		"two vendors":       {nil, []string{vendor, vendor}, exitUsage, "one VENDOR"},
		"no program":        {nil, []string{vendor, "--"}, exitUsage, "one VENDOR"},
		"unknown vendor":    {nil, []string{"nobody", "--list"}, exitUsage, `no contract "nobody"`},
		"unknown suite":     {nil, []string{vendor + "/nonsense", "--list"}, exitUsage, "there are " + suite.ID},
		"list":              {nil, []string{vendor, "--list"}, exitOK, first},
		"list of a pattern": {nil, []string{vendor, "--list", "--run", "nonsense"}, exitUsage, `no check is named "nonsense"`},
		"no token":          {nil, []string{suite.ID, "--target", hook.URL}, exitUsage, "--token"},
		"no target":         {nil, []string{suite.ID, "--token", "t"}, exitUsage, "--target"},
		"neither":           {nil, []string{suite.ID}, exitUsage, "say with --target URL where your webhook is, and with --token"},
		"two stimuli":       {nil, []string{suite.ID, "--token", "t", "--stimulus", "a", "--stimulus-url", "b"}, exitUsage, "not both"},
		"known failures":    {nil, []string{suite.ID, "--token", "t", "--target", hook.URL, "--known-failing", known}, exitUsage, `known.yaml:1: no check has the ID "nonsense"`},
		"no known failures": {nil, []string{suite.ID, "--token", "t", "--target", hook.URL, "--known-failing", known + "x"}, exitUsage, "--known-failing"},
		"pattern":           {nil, []string{suite.ID, "--token", "t", "--target", hook.URL, "--run", "nonsense"}, exitUsage, `no check is named "nonsense"`},
		"unreachable":       {nil, []string{suite.ID, "--token", "t", "--target", "http://" + freePort(t) + "/hook"}, exitEnvironment, "connection refused"},
		"address taken":     {nil, []string{suite.ID, "--token", "t", "--target", hook.URL, "--addr", hook.Listener.Addr().String()}, exitEnvironment, "cannot listen"},
		"report in a file":  {nil, []string{suite.ID, "--token", "t", "--target", hook.URL, "--report", known}, exitEnvironment, "--report"},
		"interrupted":       {interrupted, []string{suite.ID, "--token", "t", "--target", hook.URL}, exitIncomplete, "interrupted"},
		"failed":            {nil, []string{suite.ID, "--token", "t", "--target", hook.URL, "--run", first, "--timeout", "20s"}, exitFailed, "FAILED"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			ctx := c.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			code := run(ctx, append([]string{"conform"}, c.args...), nil, &out, &out)
			if code != c.code || !strings.Contains(out.String(), c.want) {
				t.Errorf("exit %d, want %d and %q:\n%s", code, c.code, c.want, out.String())
			}
		})
	}
}

func TestTheChannelIsThereBeforeThePartner(t *testing.T) {
	c, _ := conformer(t, func(f *conformFlags) { f.target = "http://127.0.0.1:1/hook" })
	m := startedMock(t, c)
	o := c.options(m)
	if o.Channel != m.channel.ID || o.Sandbox == nil || o.Validate() != nil {
		t.Errorf("%v", o.Validate())
	}
	if m.channel.State != mockserver.ChannelActive {
		t.Errorf("the channel is %s", m.channel.State)
	}
}
