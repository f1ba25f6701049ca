package main

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/vendors"
)

// TestDocumentedCommands runs every command that stands in a ```sh block of README,
// of CONTRIBUTING and of the pages of docs, in order, from the repository's root; pages
// that begin in an empty folder are followed by TestPagesAreFollowed. Commands that
// serve go on in the background until the end, and those that judge a partner go on
// beside the others that do not use its address: they wait for what does not come.
// The only changes are the ports, so that nothing that runs on this machine is in
// the way.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	binary := buildParley(t)
	for _, file := range documentedPages(t) {
		if beginsEmpty(readTestFile(t, filepath.Join("..", "..", file))) {
			continue
		}
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			d := &documented{t: t, binary: binary, out: t.TempDir(), ports: map[string]string{}, judged: map[string]<-chan struct{}{}}
			t.Cleanup(d.stop)
			for _, line := range shellLines(t, filepath.Join("..", "..", file)) {
				d.run(line)
			}
			d.judging.Wait()
		})
	}
}

// documentedPages are README, CONTRIBUTING and all Markdown of docs, from the root.
func documentedPages(t *testing.T) []string {
	t.Helper()
	pages := []string{"README.md", "CONTRIBUTING.md"}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == "node_modules" || entry.Name() == ".vitepress":
			return filepath.SkipDir
		case strings.HasSuffix(path, ".md"):
			path, err = filepath.Rel(root, path)
			pages = append(pages, path)
		}
		return err
	})
	if err != nil || len(pages) < 20 {
		t.Fatalf("%d pages of documentation: %v", len(pages), err)
	}
	return pages
}

func shellLines(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	inside := false
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```sh"
		case inside && line != "":
			lines = append(lines, line)
		}
	}
	return lines
}

type documented struct {
	t       *testing.T
	binary  string
	out     string
	dir     string            // where commands run; "": the repository's root
	ports   map[string]string // documented port → free port
	running map[string]*exec.Cmd

	judging sync.WaitGroup
	judged  map[string]<-chan struct{} // by address: closed when who is judged there is judged
}

// serves says which commands do not end by themselves, and how one sees that
// they are ready.
var serves = regexp.MustCompile(`^parley (serve|partner|proxy|fork)\b`)

// usesMock are commands that ask a running mock.
var usesMock = regexp.MustCompile(`^parley (send|fault|state)\b`)

func (d *documented) run(line string) {
	if line == "make test" {
		d.hasTarget("test") // running it here would never end
		return
	}
	command := strings.Replace(line, "go run ./cmd/parley", "parley", 1)
	if serves.MatchString(command) && !listensOn.MatchString(command) {
		command += " --addr 127.0.0.1:7357"
	}
	command = localAddress.ReplaceAllStringFunc(command, d.freePort)
	if usesMock.MatchString(command) {
		command += " --mock http://" + d.freePort("127.0.0.1:7357")
	}
	command = strings.ReplaceAll(command, "--out contract", "--out "+d.out+"/contract")
	command = strings.ReplaceAll(command, "--out messenger", "--out "+d.out+"/messenger")
	command = strings.ReplaceAll(command, "--out pets", "--out "+d.out+"/pets")
	command = strings.ReplaceAll(command, "elma365 contract", "elma365 "+d.out+"/contract")
	command = strings.ReplaceAll(command, "--out coverage.html", "--out "+d.out+"/coverage.html")
	command = strings.ReplaceAll(command, "--report parley-report", "--report "+d.out+"/report")
	command = strings.ReplaceAll(command, "fork parley-report", "fork "+d.out+"/report")
	if serves.MatchString(command) {
		d.background(command)
		return
	}
	if program, _, _ := strings.Cut(command, " "); program == "curl" || program == "java" {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") == "true" {
				d.t.Errorf("%s is not installed", program)
			}
			d.t.Logf("skipped, since %s is not installed: %s", program, line)
			return
		}
	}
	before := d.onItsAddresses(command)
	check := func() {
		for _, judged := range before {
			<-judged
		}
		cmd := d.command(context.Background(), command)
		if out, err := cmd.CombinedOutput(); err != nil {
			d.t.Errorf("%s\n%v\n%s", line, err, out)
		}
	}
	if !judges.MatchString(command) {
		check()
		return
	}
	done := make(chan struct{})
	for _, addr := range localAddress.FindAllString(command, -1) {
		d.judged[addr] = done
	}
	d.judging.Go(func() { defer close(done); check() })
}

// onItsAddresses are the judgments that a command has to wait for.
func (d *documented) onItsAddresses(command string) []<-chan struct{} {
	var list []<-chan struct{}
	for _, addr := range localAddress.FindAllString(command, -1) {
		if judged := d.judged[addr]; judged != nil {
			list = append(list, judged)
		}
	}
	return list
}

var (
	judges       = regexp.MustCompile(`^parley (conform|play)\b.* --(target|stimulus-url)`)
	localAddress = regexp.MustCompile(`127\.0\.0\.1:\d+`)
)

func (d *documented) command(ctx context.Context, line string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-c", "exec env "+line)
	if cmd.Dir = d.dir; d.dir == "" {
		cmd.Dir = filepath.Join("..", "..")
	}
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(d.binary)+":"+os.Getenv("PATH"))
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

func (d *documented) freePort(documented string) string {
	if d.ports[documented] == "" {
		d.ports[documented] = freePort(d.t)
	}
	return d.ports[documented]
}

var listensOn = regexp.MustCompile(`--addr (\S+)`)

// background starts a server and waits until it answers. One that listens where
// an earlier one does takes its place, as a reader would do it.
func (d *documented) background(line string) *safeBuffer {
	d.t.Helper()
	for _, judged := range d.onItsAddresses(line) {
		<-judged
	}
	return d.start(line, listensOn.FindStringSubmatch(line)[1])
}

// start runs a command that serves at an address.
func (d *documented) start(line, addr string) *safeBuffer {
	d.t.Helper()
	d.end(addr)
	cmd := d.command(context.Background(), line)
	out := &safeBuffer{}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	if d.running == nil {
		d.running = map[string]*exec.Cmd{}
	}
	d.running[addr] = cmd
	ready := "http://" + addr + "/"
	if strings.HasPrefix(line, "parley serve") || strings.HasPrefix(line, "parley fork") {
		ready += "_parley/health" // not in the journal
	}
	if !comesTrue(func() bool { return answering(ready) }) {
		d.t.Fatalf("%s\nnothing answers on %s:\n%s", line, addr, out)
	}
	return out
}

var tryLine = regexp.MustCompile(`(?m)^Try it:\n +(.+)\n`)

// TestPrintedCurlLine runs the line that parley serve prints.
func TestPrintedCurlLine(t *testing.T) {
	t.Parallel()
	for _, v := range vendors.All() {
		if v.Try.Operation == "" {
			continue
		}
		d := &documented{t: t, binary: buildParley(t), ports: map[string]string{}}
		t.Cleanup(d.stop)
		out := d.background("parley serve " + v.ID + " --addr " + d.freePort(defaultAddr))
		if !comesTrue(func() bool { return tryLine.MatchString(out.String()) }) {
			t.Fatalf("parley serve %s prints no line to try:\n%s", v.ID, out)
		}
		line := tryLine.FindStringSubmatch(out.String())[1]
		if _, err := exec.LookPath("curl"); err != nil && os.Getenv("CI") != "true" {
			t.Skip("curl is not installed")
		}
		answer, err := d.command(t.Context(), line).CombinedOutput()
		if err != nil || !documentedSuccess(t, v, string(answer)) || !strings.Contains(string(answer), "Parley-Findings: 0") {
			t.Errorf("%s\n%v\n%s", line, err, answer)
		}
	}
}

// documentedSuccess reports whether an answer has a status that the vendor documents for
// the call that is tried, and that says yes.
func documentedSuccess(t *testing.T, v vendors.Vendor, answer string) bool {
	t.Helper()
	c := specstest.Contract(t, v.ID)
	var status int
	if _, err := fmt.Sscanf(answer, "HTTP/1.1 %d ", &status); err != nil {
		return false
	}
	_, documented := c.Operation("operations/" + v.Try.Operation).Response(status)
	return documented && status >= 200 && status < 300
}

func (d *documented) end(addr string) {
	if cmd := d.running[addr]; cmd != nil {
		cmd.Process.Signal(os.Interrupt)
		late := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait() // its error says that it was ended
		late.Stop()
		delete(d.running, addr)
	}
}

func (d *documented) stop() {
	for addr := range d.running {
		d.end(addr)
	}
}

func (d *documented) hasTarget(name string) {
	file, err := os.Open(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), name+":") {
			return
		}
	}
	d.t.Errorf("the Makefile has no target %s", name)
}
