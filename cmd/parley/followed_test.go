package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPagesAreFollowed does what a reader of a tutorial does, in an empty folder: it
// writes each block that has a file's name (```js [webhook.mjs]) into that file, runs
// each line of an sh block, and compares what a console block shows, "$ command" and
// then its output. In that, … stands for any text of a line, and a line of … alone for
// any lines. A command that ends with another code than 0 says so in its output's last
// line, [exit N]; one that serves shows what it prints at first, and a console block
// without a command what it printed later. As elsewhere, only ports are changed, and
// changed back before the comparison.
func TestPagesAreFollowed(t *testing.T) {
	t.Parallel()
	binary := buildParley(t)
	followed := 0
	for _, file := range documentedPages(t) {
		text := readTestFile(t, filepath.Join("..", "..", file))
		if !beginsEmpty(text) {
			continue
		}
		followed++
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			if needsNode.Match(text) {
				haveNode(t)
			}
			f := &follower{documented: documented{t: t, binary: binary, ports: map[string]string{}, dir: t.TempDir()}}
			t.Cleanup(f.stop)
			for _, b := range blocks(string(text)) {
				f.follow(b)
			}
		})
	}
	if followed < 4 {
		t.Errorf("%d pages begin in an empty folder", followed)
	}
}

// beginsEmpty says of a page that it begins in an empty folder: it shows files to write,
// or output to compare.
func beginsEmpty(text []byte) bool {
	for _, b := range blocks(string(text)) {
		if b.file != "" || b.language == "console" {
			return true
		}
	}
	return false
}

type block struct {
	language, file, text string
}

var opensBlock = regexp.MustCompile("^```(\\w+)(?: \\[([^\\]]+)\\])?$")

func blocks(text string) []block {
	var list []block
	var open *block
	for line := range strings.Lines(text) {
		bare := strings.TrimRight(line, "\n")
		switch m := opensBlock.FindStringSubmatch(bare); {
		case open == nil && m != nil:
			open = &block{language: m[1], file: m[2]}
		case open != nil && bare == "```":
			list = append(list, *open)
			open = nil
		case open != nil:
			open.text += line
		}
	}
	return list
}

type follower struct {
	documented
	last *safeBuffer // what the last parley serve has printed
}

// listens is where a program says its port.
var listens = regexp.MustCompile(`listen\((\d+), `)

func (f *follower) follow(b block) {
	f.t.Helper()
	switch {
	case b.file != "":
		text := listens.ReplaceAllStringFunc(b.text, func(call string) string {
			_, port, _ := strings.Cut(f.freePort("127.0.0.1:"+listens.FindStringSubmatch(call)[1]), ":")
			return "listen(" + port + ", "
		})
		if b.language == "yaml" {
			text = localAddress.ReplaceAllStringFunc(text, f.freePort)
		}
		if err := os.WriteFile(filepath.Join(f.dir, b.file), []byte(text), 0o644); err != nil {
			f.t.Fatal(err)
		}
	case b.language == "sh":
		for line := range strings.Lines(b.text) {
			f.shows(strings.TrimSpace(line), "…\n")
		}
	case b.language == "console" && !strings.HasPrefix(b.text, "$ "):
		f.prints(f.last, outputPattern("…\n"+b.text+"…\n"))
	case b.language == "console":
		for _, part := range strings.Split("\n"+b.text, "\n$ ")[1:] {
			command, output, _ := strings.Cut(part, "\n")
			f.shows(command, output)
		}
	}
}

// stays says which commands of a tutorial go on in the background.
var stays = regexp.MustCompile(`^(parley (serve|partner|proxy)|node \S+\.mjs)\b`)

// shows runs a command as it stands, and compares what it prints.
func (f *follower) shows(command, output string) {
	f.t.Helper()
	line := localAddress.ReplaceAllStringFunc(command, f.freePort)
	if strings.HasPrefix(line, "parley send") || strings.HasPrefix(line, "parley fault") {
		line += " --mock http://" + f.freePort(defaultAddr)
	}
	pattern := outputPattern(output)
	if stays.MatchString(line) {
		f.keeps(line, pattern)
		return
	}
	out, err := f.command(context.Background(), line).CombinedOutput()
	shown := f.readersPorts(string(out))
	if err != nil {
		shown = strings.TrimRight(shown, "\n") + "\n[" + strings.Replace(err.Error(), "exit status", "exit", 1) + "]\n"
	}
	if !pattern.MatchString(strings.TrimSpace(shown) + "\n") {
		f.t.Errorf("$ %s\nprints\n%s\nand the page shows\n%s", command, shown, output)
	}
}

func (f *follower) keeps(line string, pattern *regexp.Regexp) {
	f.t.Helper()
	addr := f.freePort(defaultAddr)
	if m := listensOn.FindStringSubmatch(line); m != nil {
		addr = m[1]
	} else if strings.HasPrefix(line, "node ") {
		addr = f.freePort("127.0.0.1:3000")
	} else {
		line += " --addr " + addr
	}
	out := f.start(line, addr)
	if strings.HasPrefix(line, "parley serve") {
		f.last = out
	}
	f.prints(out, pattern)
}

func (f *follower) prints(out *safeBuffer, pattern *regexp.Regexp) {
	f.t.Helper()
	if !comesTrue(func() bool { return pattern.MatchString(strings.TrimSpace(f.readersPorts(out.String())) + "\n") }) {
		f.t.Errorf("what serves prints\n%s\nand the page shows a text that fits %s", f.readersPorts(out.String()), pattern)
	}
}

// readersPorts is an output with the ports that the page has.
func (f *follower) readersPorts(output string) string {
	output = strings.ReplaceAll(output, "\r\n", "\n")
	for documented, free := range f.ports {
		output = strings.ReplaceAll(output, free, documented)
	}
	return output
}

// outputPattern fits what a page shows.
func outputPattern(shown string) *regexp.Regexp {
	var pattern bytes.Buffer
	pattern.WriteString(`\A`)
	for line := range strings.Lines(strings.TrimSpace(shown) + "\n") {
		if strings.TrimSpace(line) == "…" {
			pattern.WriteString(`(?:.*\n)*`)
			continue
		}
		pattern.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", `.*`))
	}
	pattern.WriteString(`\z`)
	return regexp.MustCompile(pattern.String())
}

var needsNode = regexp.MustCompile(`(?m)\bnode \S+\.mjs`)

func haveNode(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		if os.Getenv("CI") == "true" { // make tools installs it
			t.Fatal(err)
		}
		t.Skipf("node is not here: %v", err)
	}
}
