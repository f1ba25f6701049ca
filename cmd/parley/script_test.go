package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/parleykit/parley/internal/testflag"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

func TestMain(m *testing.M) {
	natstest.Main()
	os.Exit(tidy{m}.Run())
}

// tidy removes what the tests have built.
type tidy struct{ *testing.M }

// Run runs all tests, several at a time: most wait for a process.
func (m tidy) Run() int {
	testflag.Parallel(8)
	code := m.M.Run()
	if builtFolder != "" {
		os.RemoveAll(builtFolder)
	}
	return code
}

// TestScripts runs the stories in testdata/script: each is what a user could
// type, with what they would see. They run the built command, which the race detector
// would make several times as slow: it watches the tests that run commands in this process.
func TestScripts(t *testing.T) {
	t.Parallel()
	folder := filepath.Dir(buildParley(t))
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", folder+string(filepath.ListSeparator)+env.Getenv("PATH"))
			return freeAddresses(env)
		},
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"answers": answers, "posts": posts, "calls": calls, "says": says, "keeps": keeps, "allows": allows},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// freeAddresses gives a story three addresses to listen on, $MOCK, $PARTNER and $PAGE, and
// the folder of the contracts that are no vendor's, $CONTRACTS.
func freeAddresses(env *testscript.Env) error {
	for _, name := range []string{"MOCK", "PARTNER", "PAGE"} {
		address, err := freeAddress()
		if err != nil {
			return err
		}
		env.Setenv(name, address)
	}
	contracts, err := filepath.Abs("../../testdata/contracts")
	env.Setenv("CONTRACTS", contracts)
	return err
}

// answers waits until something answers HTTP at a URL; with "!" until nothing does.
func answers(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: answers URL")
	}
	if !comesTrue(func() bool { return answering(args[0]) != neg }) {
		ts.Fatalf("%s: not so within 20 s", args[0])
	}
}

// posts sends a file as JSON, and prints status, content type and body of the
// answer; with "!" none may come.
func posts(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: posts URL FILE")
	}
	response, err := http.Post(args[0], "application/json", strings.NewReader(ts.ReadFile(args[1])))
	if neg && err == nil {
		response.Body.Close()
		ts.Fatalf("%s: answered %d", args[0], response.StatusCode)
	}
	if neg {
		return
	}
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d %s %s\n", response.StatusCode, response.Header.Get("Content-Type"), body)
}

// calls makes a request with headers and, after "-", a body, and prints status, header
// and body of the answer.
func calls(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 || neg {
		ts.Fatalf("usage: calls METHOD URL [NAME:VALUE...] [- BODY]")
	}
	header, body := args[2:], ""
	if n := len(args); n > 3 && args[n-2] == "-" {
		header, body = args[2:n-2], args[n-1]
	}
	request, err := http.NewRequest(args[0], args[1], strings.NewReader(body))
	ts.Check(err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, one := range header {
		name, value, _ := strings.Cut(one, ":")
		request.Header.Set(name, strings.TrimSpace(value))
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	ts.Check(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%d\n", response.StatusCode)
	for _, name := range slices.Sorted(maps.Keys(response.Header)) {
		fmt.Fprintf(ts.Stdout(), "%s: %s\n", name, strings.Join(response.Header[name], ", "))
	}
	fmt.Fprintf(ts.Stdout(), "\n%s\n", text)
}

// keeps sets a variable of the story to what the first group of a pattern matches
// in the last output.
func keeps(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: keeps VARIABLE PATTERN")
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) < 2 {
		ts.Fatalf("the output has no %s", args[1])
	}
	ts.Setenv(args[0], found[1])
}

// says waits until what a URL answers has a text.
func says(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: says URL TEXT")
	}
	last := ""
	said := func() bool {
		response, err := http.Get(args[0])
		if err != nil {
			return false
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		last = string(body)
		return strings.Contains(last, args[1])
	}
	if !comesTrue(said) {
		ts.Fatalf("%s does not say %s within 20 s, but\n%s", args[0], args[1], last)
	}
}

// allows waits until a URL of the control API answers 200 to a token.
func allows(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || neg {
		ts.Fatalf("usage: allows URL TOKEN")
	}
	if !comesTrue(func() bool {
		request, err := http.NewRequest("GET", args[0], nil)
		ts.Check(err)
		request.Header.Set("Authorization", "Bearer "+args[1])
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	}) {
		ts.Fatalf("%s: not so within 20 s", args[0])
	}
}

// TestExitCodes proves the table of docs/explanation/verdicts.md for what other tests do not run.
func TestExitCodes(t *testing.T) {
	for line, want := range map[string]int{
		"version":                    exitOK,
		"specs list":                 exitOK,
		"nonsense":                   exitUsage,
		"serve --nonsense":           exitUsage,
		"serve nobody":               exitUsage,
		"specs show nobody":          exitUsage,
		"specs list --contract none": exitUsage,
		"send elma365 message --mock http://127.0.0.1:1": exitEnvironment,
		"health --mock http://127.0.0.1:1":               exitEnvironment,
		"serve elma365 --addr 127.0.0.1:999999":          exitEnvironment,
		"partner elma365 --addr 127.0.0.1:999999":        exitEnvironment,

		// A file that is read is named by the user; one that is written is the environment's.
		"serve elma365 --addr 127.0.0.1:0 --state nowhere/state.yaml":                     exitUsage,
		"serve elma365 --addr 127.0.0.1:0 --scenario nowhere/story.yaml":                  exitUsage,
		"serve elma365 --addr 127.0.0.1:0 --state-from nowhere/mock.state":                exitUsage,
		"serve elma365 --addr 127.0.0.1:0 --state-to mock.state":                          exitUsage,
		"serve elma365 --addr 127.0.0.1:0 --durability none":                              exitUsage,
		"serve elma365 --addr 127.0.0.1:0 --record nowhere/traffic.ndjson":                exitEnvironment,
		"serve elma365 --addr 127.0.0.1:0 --cors=localhost:3000":                          exitUsage,
		"serve elma365 --addr 127.0.0.1:0 --state testdata":                               exitUsage,
		"serve elma365 --addr 127.0.0.1:0 --scenario testdata":                            exitUsage,
		"serve elma365 --addr 127.0.0.1:0 --data testdata":                                exitEnvironment,
		"serve elma365 --addr 127.0.0.1:0 --record testdata":                              exitEnvironment,
		"serve elma365 --addr 127.0.0.1:0 --record none --data ./none":                    exitUsage,
		"coverage elma365 --from main.go --out testdata":                                  exitEnvironment,
		"coverage elma365 --from testdata":                                                exitUsage,
		"conform elma365 --token x --target http://127.0.0.1:1/ --known-failing testdata": exitUsage,
		"conform elma365 --token x --target http://127.0.0.1:1/ --report main.go":         exitEnvironment,
		"proxy elma365 --to http://127.0.0.1:1 --addr 127.0.0.1:0 --record testdata":      exitEnvironment,
	} {
		var stderr strings.Builder
		got := run(t.Context(), strings.Fields(line), nil, io.Discard, &stderr)
		if got != want {
			t.Errorf("parley %s: exit %d, want %d; it said %s", line, got, want, &stderr)
		}
		if want != exitOK && !strings.HasPrefix(stderr.String(), "parley: ") {
			t.Errorf("parley %s says nothing helpful: %q", line, &stderr)
		}
	}
}
