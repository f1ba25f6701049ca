package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/internal/visible"
)

// screenFlags are how a person wants to read, with any command.
func screenFlags(flags *pflag.FlagSet) {
	flags.String("color", "auto", "when to paint: "+plural.List(terminal.Choices, "or")+"; auto is on terminals, unless $NO_COLOR or $CLICOLOR_FORCE says otherwise")
	oneOf(flags, "color", terminal.Choices)
	flags.Bool("no-pager", false, "write long texts as they are, not through $PAGER")
}

func vetScreen(cmd *cobra.Command, _ []string) error {
	if chosen := colorOf(cmd); !slices.Contains(terminal.Choices, chosen) {
		return usage("--color %q is not known; write %s%s", chosen, plural.List(terminal.Choices, "or"), near.Aside(chosen, terminal.Choices))
	}
	return nil
}

func colorOf(cmd *cobra.Command) string { return cmd.Flags().Lookup("color").Value.String() }

// paged lets a person who sits at a terminal page through what is written: with $PAGER, or
// less where there is one. Elsewhere, and with an empty PAGER or cat, it is just written.
func paged(cmd *cobra.Command, write func(out io.Writer) error) error {
	out := cmd.OutOrStdout()
	pager := pagerOf(cmd, out)
	if pager == nil {
		return write(out)
	}
	pipe, err := pager.StdinPipe()
	if err != nil || pager.Start() != nil {
		return write(out)
	}
	err = write(visible.NewWriter(pipe))
	pipe.Close()
	pager.Wait() // who pages ends it as they like
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed) {
		return nil // before they had read all
	}
	return err
}

// pagerOf is the program that pages; nil: none.
func pagerOf(cmd *cobra.Command, out io.Writer) *exec.Cmd {
	if cmd.Flags().Lookup("no-pager").Value.String() == "true" || !terminal.Is(out) {
		return nil
	}
	command, chosen := os.LookupEnv("PAGER")
	if !chosen {
		if _, err := exec.LookPath("less"); err == nil {
			command = "less"
		}
	}
	if command = strings.TrimSpace(command); command == "" || command == "cat" {
		return nil
	}
	pager := exec.Command("sh", "-c", command)
	pager.Stdout, pager.Stderr = visible.Unguarded(out), cmd.ErrOrStderr()
	pager.Env = os.Environ()
	if _, set := os.LookupEnv("LESS"); !set {
		pager.Env = append(pager.Env, "LESS=FRX") // ends by itself where all fits on the screen
	}
	return pager
}
