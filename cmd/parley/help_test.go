package main

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/pflag"
)

// TestHelpFitsATerminal: no line of any command's help is wider than 80 columns, but for
// examples and what has no space to break at, and nothing of a command is left out.
func TestHelpFitsATerminal(t *testing.T) {
	for _, cmd := range commandsBelow(rootCommand()) {
		var out bytes.Buffer
		if code := run(t.Context(), append(strings.Fields(cmd.CommandPath())[1:], "--help"), nil, &out, io.Discard); code != exitOK {
			t.Fatalf("%s --help: exit %d", cmd.CommandPath(), code)
		}
		text := out.String()
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); utf8.RuneCountInString(line) > 80 && !strings.Contains(cmd.Example, line) {
				t.Errorf("%s --help has a wide line: %s", cmd.CommandPath(), line)
			}
		}
		words := strings.Join(strings.Fields(text), " ")
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			if _, usage := pflag.UnquoteUsage(flag); !flag.Hidden && (!strings.Contains(text, "--"+flag.Name) || !strings.Contains(words, strings.Join(strings.Fields(usage), " "))) {
				t.Errorf("%s --help lacks --%s", cmd.CommandPath(), flag.Name)
			}
		})
	}
}

// TestHelpGroupsAllCommands, each once.
func TestHelpGroupsAllCommands(t *testing.T) {
	var listed, there []string
	for _, group := range groups {
		listed = append(listed, group.commands...)
	}
	for _, cmd := range availableBelow(rootCommand()) {
		if len(cmd.Commands()) == 0 || cmd.Name() != "completion" {
			there = append(there, cmd.Name())
		}
	}
	slices.Sort(listed)
	slices.Sort(there)
	if !slices.Equal(listed, there) {
		t.Errorf("groups have %q, and there are %q", listed, there)
	}
}
