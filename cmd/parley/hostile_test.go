package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/visible/visibletest"
)

// hostile drives commands with a contract, bodies, captures, partners, vendors and file
// names that hold visibletest.Hostile.
type hostile struct {
	*testing.T
	dir      string
	contract string // folder
	partner  string // URL of a webhook, and of a vendor
	mock     string // URL
	tried    map[string]bool
}

// TestEveryCommandIsVisible: whatever a command prints or writes, in every format,
// nothing of what came from outside does harm. A command that is added later has to be
// added here.
func TestEveryCommandIsVisible(t *testing.T) {
	h := &hostile{T: t, dir: t.TempDir(), tried: map[string]bool{}}
	h.contract = h.hostileContract()
	partner := httptest.NewServer(http.HandlerFunc(answerHostile))
	t.Cleanup(partner.Close)
	h.partner = partner.URL

	t.Run("specs", func(t *testing.T) { h.on(t).specs() })
	t.Run("config", func(t *testing.T) { h.on(t).config() })
	t.Run("validate", func(t *testing.T) { h.on(t).validate() })
	t.Run("serve", func(t *testing.T) { h.on(t).serve() })
	t.Run("proxy", func(t *testing.T) { h.on(t).proxy() })
	t.Run("conform", func(t *testing.T) { h.on(t).conform() })
	t.Run("partner", func(t *testing.T) { h.on(t).reference() })
	t.Run("assistants", func(t *testing.T) { h.on(t).assistants() })
	t.Run("wrong words", func(t *testing.T) { h.on(t).wrongWords() })

	for _, name := range leaves(rootCommand(), "") {
		if !h.tried[name] {
			t.Errorf("parley %s is not tried with hostile text: add it to this test", name)
		}
	}
}

// leaves names the commands that do something themselves.
func leaves(cmd *cobra.Command, name string) []string {
	var list []string
	for _, inner := range cmd.Commands() {
		list = append(list, leaves(inner, strings.TrimSpace(name+" "+inner.Name()))...)
	}
	if len(list) == 0 && cmd.Name() != "help" {
		list = []string{name}
	}
	return list
}

func (h *hostile) on(t *testing.T) *hostile {
	inner := *h
	inner.T = t
	return &inner
}

// run runs a command to its end. Shows says that something of what is hostile has to be
// seen.
func (h *hostile) run(shows bool, args ...string) string {
	h.Helper()
	var stdout, stderr safeBuffer
	run(h.Context(), args, strings.NewReader(""), &stdout, &stderr)
	h.judge(fmt.Sprintf("%.200q", args), stdout.String())
	h.judge(fmt.Sprintf("%.200q (standard error)", args), stderr.String())
	if shows && !strings.Contains(stdout.String()+stderr.String(), "forged") {
		h.Errorf("%.200q shows nothing: %s%s", args, &stdout, &stderr)
	}
	h.try(args)
	return stdout.String() + stderr.String()
}

func (h *hostile) try(args []string) {
	for i := range args {
		h.tried[strings.Join(args[:i+1], " ")] = true
	}
}

func (h *hostile) judge(what, text string) {
	h.Helper()
	for _, fault := range visibletest.Faults(text) {
		h.Errorf("%s: %s", what, fault)
	}
}

// files judges all files of a folder.
func (h *hostile) files(dir string) {
	h.Helper()
	seen := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if entry.Name() == programLog { // its lines are the program's
			data = []byte(strings.ReplaceAll(string(data), "\nforged:", "\n forged:"))
		}
		h.judge(path, string(data))
		if strings.Contains(string(data), "forged") {
			seen++
		}
		return err
	})
	if err != nil || seen == 0 {
		h.Errorf("%s: %d files show something, %v", dir, seen, err)
	}
}

// formats are those that a command says it knows.
func (h *hostile) formats(args ...string) []string {
	h.Helper()
	said := h.run(false, append(args, "--format", "nope")...)
	_, list, ok := strings.Cut(said, "write ")
	formats := regexp.MustCompile(`[a-z]+`).FindAllString(strings.ReplaceAll(list, " or ", ", "), -1)
	if !ok || len(formats) < 2 {
		h.Fatalf("the formats of %q are not said: %s", args, said)
	}
	return slices.DeleteFunc(formats, func(word string) bool { return word == "one" || word == "of" })
}

func (h *hostile) path(name string) string { return filepath.Join(h.dir, name) }

func (h *hostile) file(name, text string) string {
	h.Helper()
	path := h.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		h.Fatal(err)
	}
	return path
}

// fileName is hostile as far as a file's name can be.
var fileName = strings.NewReplacer("/", "_", "\x00", "_").Replace("a" + visibletest.Hostile)[:120]
