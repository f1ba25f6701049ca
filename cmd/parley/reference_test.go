package main

import (
	"flag"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/docs/generate"
)

var updateReference = flag.Bool("update", false, "write docs/reference/commands anew")

// TestReferenceOfCommands: the pages say what the commands are today.
func TestReferenceOfCommands(t *testing.T) {
	t.Parallel()
	pages := map[string]string{"index.md": commandsPage(rootCommand()), "exit-codes.md": exitCodesPage(), "formats.md": formatsPage(t)}
	for _, cmd := range commandsBelow(rootCommand()) {
		pages[commandFile(cmd)] = commandPage(cmd)
	}
	compareReference(t, filepath.Join("..", "..", "docs", "reference", "commands"), pages)
}

func compareReference(t *testing.T, folder string, pages map[string]string) {
	t.Helper()
	stale, err := generate.Stale(folder, pages, *updateReference)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range stale {
		t.Errorf("%s; write it anew: go test ./cmd/parley -run Reference -update", text)
	}
}

// TestExamplesOfCommandsAreAccepted: an example names a command, flags and values that
// there are, and as many arguments as it takes. What it does is tried by the stories.
func TestExamplesOfCommandsAreAccepted(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, cmd := range append(commandsBelow(rootCommand()), rootCommand()) {
		for _, line := range exampleLines(cmd) {
			words := shellWords(line)
			for len(words) > 0 && words[0] != "parley" {
				words = words[1:]
			}
			if len(words) == 0 {
				t.Errorf("%s: the example %q names no command of Parley", cmd.CommandPath(), line)
				continue
			}
			seen++
			one, rest, err := rootCommand().Find(words[1:])
			if err == nil {
				err = one.ParseFlags(rest)
			}
			if err == nil {
				err = one.ValidateArgs(one.Flags().Args())
			}
			if err != nil {
				t.Errorf("%s: the example %q is refused: %v", cmd.CommandPath(), line, err)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d examples were seen", seen)
	}
}

// exampleLines are the commands of an example, what a backslash joins in one.
func exampleLines(cmd *cobra.Command) []string {
	text := strings.ReplaceAll(cmd.Example, "\\\n", " ")
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

var quotedWord = regexp.MustCompile(`'([^']*)'|"([^"]*)"|([^\s'"]+)`)

// shellWords splits a line as a shell does, up to where its output goes elsewhere.
func shellWords(line string) []string {
	var words []string
	for _, m := range quotedWord.FindAllStringSubmatch(line, -1) {
		if m[3] == ">" {
			break
		}
		words = append(words, m[1]+m[2]+m[3])
	}
	return words
}
