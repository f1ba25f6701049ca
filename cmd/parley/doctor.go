package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic/redaction"
)

func doctorCommand() *cobra.Command {
	d := &doctor{now: time.Now}
	var format formatFlag
	cmd := &cobra.Command{
		Use: "doctor [TARGET...]", Short: "Look whether what the commands need is there: settings, ports, folders, targets, the clock",
		Long: `Doctor looks whether what the commands need is there, and says what to do where it is
not: the settings of parley.yaml and their variables, contracts, the address that
serve listens on, and proxy where parley.yaml has one, the folder of --data and the
files that are written, and each TARGET: its name, its port, its certificate, its
answer, and its clock.

Without a TARGET these are the URLs of parley.yaml: the target of conform and play,
what proxy forwards to, the partners of serve. Nobody else is called. A target gets
one request without a body, HEAD, and redirects are not followed.

Each line is ok, warn, fail, or "not checked" with the reason. Parley needs no other
program: browsers, Node.js and the like are not looked for.

Exit codes: 0 nothing failed, 1 something did, 2 wrong usage, 3 it was interrupted.`,
		Example: `  parley doctor
  parley doctor https://my-domain.com http://127.0.0.1:3000/webhook`,
		Args: cobra.ArbitraryArgs, Annotations: map[string]string{withoutProject: "true"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := format.vet(); err != nil {
				return err
			}
			if d.timeout <= 0 {
				return usage("--timeout must be greater than 0")
			}
			var err error
			if d.roots, err = (proxyFlags{ca: d.ca}).roots(); err != nil {
				return err
			}
			if err := vetTargets(args); err != nil {
				return err
			}
			return d.run(cmd, args, format.chosen)
		},
	}
	format.register(cmd.Flags(), []string{"text", "json"}, "")
	cmd.Flags().DurationVar(&d.timeout, "timeout", 5*time.Second, "how long a target may take to answer")
	cmd.Flags().StringVar(&d.ca, "ca", "", "trust the certificates in this PEM `FILE` too, for the target's TLS")
	return cmd
}

const (
	isOK       = "ok"
	isWarning  = "warn"
	isFailure  = "fail"
	notChecked = "not checked"
)

// diagnosis is a line of what parley doctor found.
type diagnosis struct {
	Check  string `json:"check"`
	Result string `json:"result"` // ok, warn, fail or not checked
	Found  string `json:"found"`  // in words
	Advice string `json:"advice"` // what to do; "" for nothing
}

func (d *doctor) run(cmd *cobra.Command, targets []string, format string) error {
	d.local(cmd)
	if len(targets) == 0 {
		targets = d.configured
	}
	for _, target := range targets {
		d.target(cmd.Context(), target)
	}
	if len(targets) == 0 {
		d.say("target", notChecked, "none was named, and "+projectName+" has none", "name one: parley doctor https://my-domain.com")
	}
	err := d.write(cmd.OutOrStdout(), format)
	switch {
	case err != nil:
		return environment("what was found cannot be printed: %w", err)
	case errors.Is(cmd.Context().Err(), context.Canceled):
		return exitError{exitIncomplete, errors.New("interrupted before all was looked at")}
	}
	for _, one := range d.found {
		if one.Result == isFailure {
			return exitError{code: exitFailed}
		}
	}
	return nil
}

func (d *doctor) say(check, result, found, advice string) {
	shown := redaction.New(redaction.Options{})
	d.found = append(d.found, diagnosis{check, result, shown.Values(found), shown.Values(advice)})
}

func (d *doctor) write(out io.Writer, format string) error {
	if format == "json" {
		return plainjson.Write(out, struct {
			Found []diagnosis `json:"found"`
		}{d.found})
	}
	w := &printer{out: out}
	for _, one := range d.found {
		w.printf("%-11s  %-9s  %s\n", one.Result, one.Check, visible.Line(one.Found))
		if one.Advice != "" {
			w.printf("%s%s\n", strings.Repeat(" ", 24), visible.Line(one.Advice))
		}
	}
	return w.err
}
