package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// action is scripts/action in a job of its own, with releases on this machine.
type action struct {
	t        *testing.T
	dir      string // the job's
	releases string
	env      []string
}

// newAction has the releases that a handler serves.
func newAction(t *testing.T, releases http.Handler) *action {
	t.Helper()
	for _, program := range []string{"bash", "curl", "tar"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is not installed", program)
			}
			t.Skipf("%s is not installed", program)
		}
	}
	server := httptest.NewServer(releases)
	t.Cleanup(server.Close)
	return &action{t: t, dir: t.TempDir(), releases: server.URL + "/releases"}
}

// run runs the script, and returns its exit code and what it printed.
func (a *action) run(command string, env ...string) (int, string) {
	a.t.Helper()
	script, err := filepath.Abs("../../scripts/action")
	if err != nil {
		a.t.Fatal(err)
	}
	cmd := exec.CommandContext(a.t.Context(), "bash", script, command)
	cmd.Dir = a.dir
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+a.dir, "PARLEY_RELEASES="+a.releases, "PARLEY_VERSION=1.2.3", "PARLEY_REPORT=report",
		"GITHUB_PATH="+a.file("path"), "GITHUB_OUTPUT="+a.file("output"), "GITHUB_STEP_SUMMARY="+a.file("page"), "no_proxy=127.0.0.1")
	cmd.Env = append(append(cmd.Env, a.env...), env...)
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		a.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func (a *action) file(name string) string { return filepath.Join(a.dir, name) }

func (a *action) read(name string) string {
	data, err := os.ReadFile(a.file(name))
	if err != nil {
		a.t.Errorf("%v", err)
	}
	return string(data)
}

// says demands an exit code and texts.
func (a *action) says(code int, out string, want int, texts ...string) {
	a.t.Helper()
	for _, text := range texts {
		if code != want || !strings.Contains(out, text) {
			a.t.Errorf("exit code %d, want %d, with %q:\n%s", code, want, text, out)
		}
	}
}

// release is one of the version 1.2.3 whose parley runs a program; sum is what
// checksums.txt says of it, "" for the truth.
func release(t *testing.T, program, sum string) http.Handler {
	t.Helper()
	name := fmt.Sprintf("parley_1.2.3_%s_%s.tar.gz", runtime.GOOS, runtime.GOARCH)
	text := "#!/bin/sh\nexec '" + program + "' \"$@\"\n"
	var archive bytes.Buffer
	packed := gzip.NewWriter(&archive)
	files := tar.NewWriter(packed)
	if err := files.WriteHeader(&tar.Header{Name: "parley", Mode: 0o755, Size: int64(len(text))}); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if sum == "" {
		sum = fmt.Sprintf("%x", sha256.Sum256(archive.Bytes()))
	}
	serve := http.NewServeMux()
	serve.Handle("GET /releases/latest", http.RedirectHandler("/releases/tag/v1.2.3", http.StatusFound))
	serve.HandleFunc("GET /releases/tag/v1.2.3", func(http.ResponseWriter, *http.Request) {})
	serve.HandleFunc("GET /releases/download/v1.2.3/checksums.txt", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s  another_%s\n%s  %s\n", strings.Repeat("0", 64), name, sum, name)
	})
	serve.HandleFunc("GET /releases/download/v1.2.3/"+name, func(w http.ResponseWriter, _ *http.Request) { w.Write(archive.Bytes()) })
	return serve
}

// installed is an action whose job has parley on its path.
func installed(t *testing.T) *action {
	t.Helper()
	a := newAction(t, release(t, buildParley(t), ""))
	if code, out := a.run("install"); code != 0 {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	a.env = []string{"PATH=" + strings.TrimSpace(a.read("path")) + ":" + os.Getenv("PATH")}
	return a
}

func TestActionInstallsARelease(t *testing.T) {
	t.Parallel()
	a := newAction(t, release(t, buildParley(t), ""))
	for _, version := range []string{"1.2.3", "v1.2.3", "latest", ""} {
		code, out := a.run("install", "PARLEY_VERSION="+version)
		a.says(code, out, 0, "parley ")
	}
	if got := a.read("output"); strings.Count(got, "version=1.2.3\n") != 4 {
		t.Errorf("the outputs are %q", got)
	}
	if _, err := os.Stat(filepath.Join(strings.Fields(a.read("path"))[0], "parley")); err != nil {
		t.Error(err)
	}
}

// TestActionRefusesAnArchiveWithAnotherSum before anything of it is unpacked.
func TestActionRefusesAnArchiveWithAnotherSum(t *testing.T) {
	t.Parallel()
	a := newAction(t, release(t, "/bin/false", strings.Repeat("ab", 32)))
	code, out := a.run("install")
	a.says(code, out, 4, "::error title=Parley::", "checksums.txt says abab", "nothing of it was run")
	if _, err := os.Stat(a.file("parley-bin")); err == nil {
		t.Error("it was unpacked")
	}
}

func TestActionSaysWhyThereIsNoRelease(t *testing.T) {
	t.Parallel()
	a := newAction(t, release(t, "/bin/false", ""))
	code, out := a.run("install", "PARLEY_VERSION=9.9.9")
	a.says(code, out, 4, "release 9.9.9 cannot be fetched", "404")
	code, out = a.run("install", "PARLEY_VERSION=1.2.3; rm -rf /")
	a.says(code, out, 2, "is no version")
	for _, version := range []string{"1.2.3", "latest"} {
		code, out = a.run("install", "PARLEY_VERSION="+version, "PARLEY_RELEASES=http://127.0.0.1:1")
		a.says(code, out, 4, "::error title=Parley::", "http://127.0.0.1:1", "curl: (7)")
	}
	for _, c := range []struct{ system, processor, want string }{
		{"Linux", "riscv64", "no release for the processor riscv64"},
		{"Plan9", "x86_64", "no release for the system Plan9"},
		{"Darwin", "i386", "no release for the processor i386"},
	} {
		code, out = a.run("install", "PATH="+fakeUname(t, c.system, c.processor)+":"+os.Getenv("PATH"))
		a.says(code, out, 2, c.want)
	}
	code, out = a.run("install", "PATH="+fakeUname(t, "MINGW64_NT-10.0", "x86_64")+":"+os.Getenv("PATH"))
	a.says(code, out, 4, "has no parley_1.2.3_windows_amd64.zip in its checksums.txt")
}

// fakeUname is a folder with a uname that names another machine.
func fakeUname(t *testing.T, system, processor string) string {
	t.Helper()
	dir := t.TempDir()
	text := fmt.Sprintf("#!/bin/sh\n[ \"$1\" = -s ] && echo %s || echo %s\n", system, processor)
	if err := os.WriteFile(filepath.Join(dir, "uname"), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestActionShowsAFailingRun: the exit code is Parley's, and page, annotations and
// report are there all the same.
func TestActionShowsAFailingRun(t *testing.T) {
	t.Parallel()
	a, addr := installed(t), freePort(t)
	code, out := a.run("conform", "PARLEY_ARGS=elma365/webhook --run 'webhook/wrong-token'\n--target http://"+addr+"/webhook\n--token 'a b' -- parley partner elma365 --token 'a b' --defect accepts-any-token --addr "+addr)
	a.says(code, out, 1, "::error title=elma365/webhook/wrong-token::FAIL")
	if page := a.read("page"); !strings.Contains(page, ": failed\n") || !strings.Contains(page, "| elma365/webhook/wrong-token |") {
		t.Errorf("the page shows %s", page)
	}
	if got := a.read("output"); !strings.Contains(got, "sarif=report/parley.sarif\n") {
		t.Errorf("the outputs are %q", got)
	}
	for _, file := range []string{"report.json", "report.html", "junit.xml", "exchanges.ndjson", "summary.md", "parley.sarif"} {
		if a.read("report/"+file) == "" {
			t.Errorf("%s is empty", file)
		}
	}
}

// TestActionSaysThatThereIsNoReport of a run that could not begin, although one that
// did left its report.
func TestActionSaysThatThereIsNoReport(t *testing.T) {
	t.Parallel()
	a := installed(t)
	if err := os.MkdirAll(a.file("report"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(a.file("report/summary.md"), []byte("passed"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out := a.run("conform", "PARLEY_ARGS=elma365/webhook --token '' --target http://127.0.0.1:1/webhook")
	a.says(code, out, 4, "connection refused")
	if page := a.read("page"); !strings.Contains(page, "exit code 4") || strings.Contains(page, "passed") {
		t.Errorf("the page shows %s", page)
	}
	for args, want := range map[string]string{"": "args is empty", "elma365 'x": "without its other half"} {
		code, out = a.run("conform", "PARLEY_ARGS="+args)
		a.says(code, out, 2, want)
	}
	code, out = a.run("judge")
	a.says(code, out, 2, "is not known")
}

func TestActionValidates(t *testing.T) {
	t.Parallel()
	a := installed(t)
	if err := os.WriteFile(a.file("bad body.json"), []byte(`{"event": "message", "data": {}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out := a.run("validate", "PARLEY_ARGS=elma365/events/message 'bad body.json'")
	a.says(code, out, 1, "::error file=bad body.json,line=1")
	if got := a.read("output"); !strings.Contains(got, "sarif=report/parley.sarif\n") {
		t.Errorf("the outputs are %q", got)
	}
	for file, want := range map[string]string{"report/parley.sarif": `"2.1.0"`, "report/junit.xml": "<testsuites", "page": "## elma365: failed"} {
		if got := a.read(file); !strings.Contains(got, want) {
			t.Errorf("%s has no %s:\n%s", file, want, got)
		}
	}
}

func TestActionServes(t *testing.T) {
	t.Parallel()
	a, addr := installed(t), freePort(t)
	code, out := a.run("serve", "PARLEY_ADDR="+addr, "PARLEY_ARGS=elma365")
	a.says(code, out, 0, "the mock answers on http://"+addr)
	outputs := a.read("output")
	_, pid, _ := strings.Cut(outputs, "pid=")
	pid = strings.TrimSpace(pid)
	t.Cleanup(func() { _ = exec.Command("kill", pid).Run() })
	if !strings.Contains(outputs, "url=http://"+addr+"\n") || !answering("http://"+addr+"/_parley/health") {
		t.Errorf("the outputs are %q", outputs)
	}
	code, out = a.run("serve", "PARLEY_ADDR="+addr)
	a.says(code, out, 4, "something answers on "+addr+" already")
	code, out = a.run("serve", "PARLEY_ADDR="+freePort(t), "PARLEY_ARGS=nobody")
	a.says(code, out, 4, "no contract")
}
