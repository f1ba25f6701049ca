package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/elma365"
)

// completed are the candidates for the last word of a command line.
func completed(t *testing.T, line ...string) []string {
	t.Helper()
	var stdout bytes.Buffer
	if code := run(t.Context(), append([]string{"__completeNoDesc"}, line...), nil, &stdout, io.Discard); code != exitOK {
		t.Errorf("%q: exit %d", line, code)
	}
	all := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	return all[:len(all)-1] // the last line is for the shell
}

// mockToComplete is a mock with something of each kind to complete.
func mockToComplete(t *testing.T) string {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{Control: control.New, SelfCheck: true, ControlToken: "t0ken"}, elma365.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(mock)
	mock.SetBaseURL(server.URL)
	t.Cleanup(func() { server.Close(); mock.Close(t.Context()) })
	for _, one := range []struct{ path, body string }{
		{"sandboxes", `{"name": "blue-1"}`}, {"sandboxes", `{"name": "blue-2"}`},
		{"channels", `{"vendor": "elma365", "id": "shop", "url": "http://127.0.0.1:1/"}`}, {"channels", `{"vendor": "elma365", "id": "$(touch forged)"}`},
		{"faults", `{"operation": "message", "status": 500}`},
		{"send", `{"vendor": "elma365", "event": "message", "channel": "shop"}`},
	} {
		request, _ := http.NewRequest("POST", server.URL+"/_parley/"+one.path, strings.NewReader(one.body))
		request.Header.Set("Authorization", "Bearer t0ken")
		request.Header.Set("Content-Type", "application/json")
		if status, text := answered(t, request); status >= 300 {
			t.Fatalf("%s: %d %s", one.path, status, text)
		}
	}
	if _, err := http.Get(server.URL + "/api/messengers/external/other/webhook/none"); err != nil { // an exchange
		t.Fatal(err)
	}
	return server.URL
}

// TestCompletionKnowsARunningMock: what is there now, by the command line's --mock.
func TestCompletionKnowsARunningMock(t *testing.T) {
	t.Parallel()
	mock := mockToComplete(t)
	for _, test := range []struct {
		line string
		want string
	}{
		{"send elma365 message --sandbox b", "blue-1 blue-2"},
		{"fault list --sandbox blue-2", "blue-2"},
		{"fault add --channel s", "shop"}, {"fault add --channel $", ""}, // which a shell would run
		{"fault add --operation d", "disconnect"},
		{"fault add --vendor ", "elma365"},
		{"fault add --event messageO", "messageOutcome"},
		{"fault remove ", "ft-000001"},
		{"send ", "elma365"},
		{"send elma365 markA", "markAsRead"},
		{"replay dl-000001", "dl-000001"},
		{"replay dl-000001 ", ""},
		{"state --at ex-000001", "ex-000001"},
		{"state --diff ex-000001", "ex-000001"},
	} {
		words := strings.Split(test.line, " ")
		line := slices.Concat(words[:1], []string{"--config", "", "--mock", mock, "--control-token", "t0ken"}, words[1:])
		if words[0] == "fault" {
			line = slices.Concat(words[:2], []string{"--config", "", "--mock", mock, "--control-token", "t0ken"}, words[2:])
		}
		var got string
		if !comesTrue(func() bool { // a busy machine's mock may be too late for a shell
			got = strings.Join(completed(t, line...), " ")
			return got == test.want
		}) {
			t.Errorf("parley %s completes %q, want %q", test.line, got, test.want)
		}
	}
	if !comesTrue(func() bool {
		return slices.Equal(completed(t, "coverage", "elma365", "--config", "", "--from", mock, "--control-token", "t0ken", "--sandbox", "d"), []string{"default"})
	}) {
		t.Error("the sandboxes of a mock to read from are not completed")
	}
}

// TestCompletionOfAProjectHasNoSecrets: the mock of parley.yaml is asked, which somebody
// else may have written, but is told nothing of the environment.
func TestCompletionOfAProjectHasNoSecrets(t *testing.T) {
	asked := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path + " " + r.Header.Get("Authorization")
		fmt.Fprint(w, `{"sandboxes": [{"name": "green"}]}`)
	}))
	defer server.Close()
	t.Setenv("SECRET", "s3cret")
	file := filepath.Join(t.TempDir(), "parley.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("mock: " + server.URL + "\nstate: {control-token: \"${SECRET}\"}\n")
	if got := completed(t, "state", "--config", file, "--sandbox", ""); !slices.Equal(got, []string{"green"}) {
		t.Errorf("completes %q", got)
	}
	if got := <-asked; got != "/_parley/sandboxes " {
		t.Errorf("the mock was asked %q", got)
	}
	write("mock: " + server.URL + "/${SECRET}\n")
	if got := completed(t, "state", "--config", file, "--sandbox", "gr"); slices.Contains(got, "green") || len(asked) > 0 {
		t.Errorf("completes %q, by a URL with what the environment has", got)
	}
}

// TestCompletionIsSilent where no mock answers, one never does, or says something else.
func TestCompletionIsSilent(t *testing.T) {
	t.Parallel()
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer hangs.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	for name, url := range map[string]string{"nobody": "http://127.0.0.1:1", "none": "::", "hangs": hangs.URL, "other": other.URL} {
		if got := completed(t, "state", "--config", "", "--mock", url, "--sandbox", ""); len(got) != 0 {
			t.Errorf("%s: completes %q", name, got)
		}
		if got := completed(t, "fault", "add", "--config", "", "--mock", url, "--operation", "userI"); !slices.Equal(got, []string{"userInfo"}) {
			t.Errorf("%s: of the contracts here it completes %q", name, got)
		}
	}
}
