//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/vendors"
)

// TestHelperPartner is not a test: it is the program that the tests below start.
// It answers at the target, tells its environment, and has a child that outlives it.
func TestHelperPartner(t *testing.T) {
	if os.Getenv("PARLEY_TEST_PARTNER") == "" {
		t.Skip("started by other tests")
	}
	fmt.Println("webhook", os.Getenv("PARLEY_WEBHOOK_URL"), "token", os.Getenv("PARLEY_TOKEN"))
	target := strings.TrimPrefix(os.Getenv("PARLEY_TARGET"), "http://")
	listener, err := net.Listen("tcp", target[:strings.IndexByte(target, '/')])
	if err != nil {
		t.Fatal(err)
	}
	http.Serve(listener, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && os.Getenv("PARLEY_TEST_PARTNER") == "hangs up" {
			panic(http.ErrAbortHandler)
		}
	}))
}

func TestProgramThatHangsUpIsQuoted(t *testing.T) {
	t.Setenv("PARLEY_TEST_PARTNER", "hangs up")
	suite := vendors.All()[0].Suites()[0]
	var out bytes.Buffer
	run(t.Context(), []string{"conform", suite.ID, "--target", "http://" + freePort(t) + "/hook", "--retry-wait", "1s",
		"--run", suite.Checks[0].ID + "," + suite.Checks[1].ID, "--", os.Args[0], "-test.run", "^TestHelperPartner$"}, nil, &out, &out)
	if n := strings.Count(out.String(), "\nthe program closed the connection without an answer; it printed last:\n  "); n != 1 {
		t.Errorf("quoted %d times, want once:\n%s", n, out.String())
	}
}

func TestProgramIsQuotedOnceWhereItWentAway(t *testing.T) {
	lost := conformance.Result{Verdict: conformance.VerdictFail, Actual: "a message was not answered: the partner closed the connection without an answer"}
	wrong := conformance.Result{Verdict: conformance.VerdictFail, Actual: "answered 500"}
	ended := make(chan struct{})
	close(ended)
	for name, c := range map[string]struct {
		ended   chan struct{}
		results []conformance.Result
		want    string
	}{
		"went away":  {make(chan struct{}), []conformance.Result{wrong, lost, lost}, "the program closed the connection without an answer; it printed last:\n  no such customer\n"},
		"ended":      {ended, []conformance.Result{{Verdict: conformance.VerdictPass}, wrong, lost}, "the program has ended: exit status 0; it printed last:\n  no such customer\n"},
		"only wrong": {make(chan struct{}), []conformance.Result{wrong}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := &program{printed: &tail{}, ended: c.ended}
			fmt.Fprintln(p.printed, "no such customer")
			var out strings.Builder
			for _, r := range c.results {
				p.quote(&out, r)
			}
			if out.String() != c.want {
				t.Errorf("got %q, want %q", out.String(), c.want)
			}
		})
	}
	var none *program
	none.quote(nil, lost) // a partner that somebody else started
}

func TestProgramIsStartedAwaitedAndStopped(t *testing.T) {
	t.Setenv("PARLEY_TEST_PARTNER", "1")
	pidFile := filepath.Join(t.TempDir(), "pid")
	c, out := conformer(t, func(f *conformFlags) {
		f.target = "http://" + freePort(t) + "/hook"
		f.report = t.TempDir()
		f.verbose = true
		f.program = []string{"sh", "-c", `sleep 1000 & echo $! > "` + pidFile + `"; exec "` + os.Args[0] + `" -test.run '^TestHelperPartner$'`}
	})
	m := startedMock(t, c)
	p, err := c.startProgram(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if err := conformance.Preflight(t.Context(), c.target, 20*time.Second); err != nil {
		t.Error(err)
	}
	data, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	p.stop(out)
	await(t, "the program's child to end", func() bool { return !alive(child) })
	if err := conformance.Preflight(t.Context(), c.target, time.Second); err == nil {
		t.Error("the program goes on")
	}
	log, err := os.ReadFile(filepath.Join(c.report, programLog))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(log), out.String()} {
		if !strings.Contains(text, "webhook "+m.channel.Address) || strings.Contains(text, "a-token") {
			t.Errorf("output %q, want the webhook and no token", text)
		}
	}
	if !strings.Contains(out.String(), "sh | webhook") {
		t.Errorf("no prefix in %q", out.String())
	}
}

// alive reports whether a process runs; one that waits to be reaped does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	if !comesTrue(done) {
		t.Fatalf("waited in vain for %s", what)
	}
}

func TestProgramThatDoesNotServe(t *testing.T) {
	occupied := httptest.NewServer(http.NotFoundHandler())
	defer occupied.Close()
	for name, c := range map[string]struct {
		program []string
		target  string
		want    string
	}{
		"does not exist": {[]string{"no-such-program"}, "", "cannot be started"},
		"ends early":     {[]string{"sh", "-c", "echo first; echo 'token: a-token'; exit 7"}, "", "exit status 7; it printed last:\n  first\n  token: [redacted]"},
		"ends silently":  {[]string{"true"}, "", "exit status 0; it printed nothing"},
		"never answers":  {[]string{"sh", "-c", "echo waiting; exec sleep 1000"}, "", "did not answer within 300ms (--start-timeout): connection refused"},
		"port is taken":  {[]string{"true"}, occupied.URL + "/hook", "something answers at " + occupied.URL + "/hook already"},
	} {
		t.Run(name, func(t *testing.T) {
			conform, _ := conformer(t, func(f *conformFlags) {
				f.target, f.program = c.target, c.program
				if f.target == "" {
					f.target = "http://" + freePort(t) + "/hook"
				}
				if name == "never answers" {
					f.startTimeout = 300 * time.Millisecond
				}
			})
			_, err := conform.startProgram(t.Context(), startedMock(t, conform))
			var exit exitError
			if !errors.As(err, &exit) || exit.code != exitEnvironment || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestStimulusCommand(t *testing.T) {
	told := filepath.Join(t.TempDir(), "told")
	c, _ := conformer(t, func(f *conformFlags) {
		f.stimulus = `echo "$PARLEY_ASK|$PARLEY_WEBHOOK_URL|$PARLEY_TOKEN" > "` + told + `"`
	})
	m := startedMock(t, c)
	if err := c.stimulate(m)(t.Context(), "write something"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(told)
	if want := "write something|" + m.channel.Address + "|a-token\n"; err != nil || string(data) != want {
		t.Errorf("%v: told %q, want %q", err, data, want)
	}
	c.stimulus = "echo no such chat; exit 9"
	if err := c.stimulate(m)(t.Context(), "x"); err == nil || !strings.Contains(err.Error(), "exit status 9; it printed last:\n  no such chat") {
		t.Errorf("got %v", err)
	}
	c.stimulus, c.timing.Stimulus = "sleep 1000 & sleep 1000", 50*time.Millisecond
	if err := c.stimulate(m)(t.Context(), "x"); err == nil || !strings.Contains(err.Error(), "did not end within 50ms (--stimulus-deadline)") {
		t.Errorf("got %v", err)
	}
}
