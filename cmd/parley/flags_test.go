package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// otherFlags have the name of another command's flag and mean something else.
var otherFlags = map[string]string{
	"specs init --from": "a document or traffic that a contract begins with",
	"fault add --from":  "the first match on which a fault acts, in words of its own",
	"partner --webhook": "the vendor's, as PARLEY_WEBHOOK_URL calls it",
	"proxy --to":        "where all is forwarded, not where one event goes",
	"proxy --timeout":   "for the beginning of an answer only",
	"doctor --timeout":  "for one answer of a target",
	"coverage --out":    "a file; that of the others is a folder",
	"specs init --out":  "has no other way of printing",
}

// A flag means the same wherever it stands: its text begins alike, up to what a
// command adds.
func TestFlagsMeanTheSameEverywhere(t *testing.T) {
	type place struct{ command, text string }
	first := map[string]place{}
	left := map[string]bool{}
	for other := range otherFlags {
		left[other] = true
	}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		path := strings.TrimPrefix(cmd.CommandPath(), "parley ")
		cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			here := path + " --" + flag.Name
			if _, other := otherFlags[here]; other {
				delete(left, here)
				return
			}
			text := meaningOf(flag)
			if known, ok := first[flag.Name]; !ok {
				first[flag.Name] = place{path, text}
			} else if known.text != text {
				t.Errorf("%s is %q, and that of %s is %q", here, text, known.command, known.text)
			}
		})
		for _, below := range cmd.Commands() {
			walk(below)
		}
	}
	walk(rootCommand())
	for other := range left {
		t.Errorf("there is no %s", other)
	}
	if first["addr"].text == "" || first["format"].text == "" {
		t.Fatal("no flags were seen")
	}
}

// meaningOf is the text of a flag without the word for its value and what one command
// adds.
func meaningOf(flag *pflag.Flag) string {
	value, text := pflag.UnquoteUsage(flag)
	for _, end := range []string{"; ", " (", ": "} {
		text, _, _ = strings.Cut(text, end)
	}
	return strings.ReplaceAll(text, value, "…")
}

// A flag that was renamed works, is not shown, and does not speak among the results.
func TestRenamedFlags(t *testing.T) {
	var addr string
	cmd := &cobra.Command{Use: "x", RunE: func(cmd *cobra.Command, _ []string) error {
		_, err := io.WriteString(cmd.OutOrStdout(), addr)
		return err
	}}
	addrFlag(cmd.Flags(), &addr, "here")
	renamed(cmd, "listen", "addr")
	var out, errs bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(&errs)
	cmd.SetArgs([]string{"--listen", "there"})
	if err := cmd.Execute(); err != nil || out.String() != "there" || !strings.Contains(errs.String(), "--listen is called --addr now") {
		t.Errorf("%v, printed %q and %q", err, &out, &errs)
	}
	if help := cmd.UsageString(); strings.Contains(help, "--listen") || !strings.Contains(help, "--addr") {
		t.Errorf("help shows:\n%s", help)
	}
	if flag := proxyCommand().Flags().Lookup("listen"); flag == nil || !flag.Hidden {
		t.Error("parley proxy does not know --listen any more")
	}
}
