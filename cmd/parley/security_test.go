package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

var (
	codeWords = regexp.MustCompile("`([^`]+)`")
	longFlag  = regexp.MustCompile(`--[a-z][a-z-]*`)
	links     = regexp.MustCompile(`\]\(([^)#:]+)[^):]*\)`)
)

// TestSecurityNamesWhatThereIs: every flag, command, make target and file that
// SECURITY.md names exists.
func TestSecurityNamesWhatThereIs(t *testing.T) {
	root := filepath.Join("..", "..")
	data, err := os.ReadFile(filepath.Join(root, "SECURITY.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	flags, commands := map[string]bool{}, map[string]bool{}
	collect(rootCommand(), flags, commands)
	named := 0
	for _, flag := range longFlag.FindAllString(text, -1) {
		if named++; !flags[flag] {
			t.Errorf("no command has a flag %s", flag)
		}
	}
	for _, link := range links.FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join(root, link[1])); err != nil {
			t.Errorf("a link: %v", err)
		}
	}
	d := &documented{t: t}
	for _, m := range codeWords.FindAllStringSubmatch(text, -1) {
		words := strings.Fields(m[1])
		command := strings.TrimPrefix(m[1], "parley ")
		switch {
		case strings.HasPrefix(m[1], "--"), slices.Contains([]string{"[redacted]", ".next", ".1", "/_parley/", "parley.yaml", programLog, "SEED"}, m[1]):
		case words[0] == "make":
			d.hasTarget(words[1])
		case !commands[command]:
			t.Errorf("there is no command %q", m[1])
		default:
			named++
		}
	}
	if named < 15 {
		t.Errorf("only %d names were found", named)
	}
}

func collect(cmd *cobra.Command, flags, commands map[string]bool) {
	commands[strings.TrimPrefix(cmd.CommandPath(), "parley ")] = true
	for _, flag := range longFlag.FindAllString(cmd.Flags().FlagUsages(), -1) {
		flags[flag] = true
	}
	for _, below := range cmd.Commands() {
		collect(below, flags, commands)
	}
}
