// Command parley plays vendors, validates traffic and judges partners.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	_ "github.com/parleykit/parley/internal/startup" // before all libraries begin
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic/redaction"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	catchLog(os.Stderr)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// exitError carries an exit code. With no Err the command has already said all.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return exitError{exitUsage, fmt.Errorf(format, args...)}
}

func environment(format string, args ...any) error {
	return exitError{exitEnvironment, fmt.Errorf(format, args...)}
}

// run executes one command line and returns its exit code. Whatever a command prints
// goes through visible.Writer.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	stdout, stderr = visible.NewWriter(stdout), visible.NewWriter(stderr)
	root := rootCommand()
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	line, settings, project, err := lineWithProject(args)
	if err == nil {
		root.SetArgs(line)
		if len(line) > 0 && line[0] == cobra.ShellCompRequestCmd {
			unquoteUsages(root)
		}
		err = project.explained(root.ExecuteContext(ctx), settings)
	}
	if err == nil {
		return exitOK
	}
	var exit exitError
	if !errors.As(err, &exit) {
		exit = exitError{exitUsage, err} // what cobra refuses is wrong usage
	}
	if exit.err != nil {
		visible.Fprintf(stderr, "parley: %s\n", below(redaction.New(redaction.Options{}).Values(exit.err.Error()))) // URLs may have passwords
	}
	return exit.code
}

// below is text whose further lines say that they belong to the first: an error holds
// what others wrote.
func below(text string) visible.Shown {
	return visible.Shown(strings.ReplaceAll(string(visible.Lines(strings.TrimRight(text, "\n"))), "\n", "\n  | "))
}

// more are the commands that a build with tags adds.
var more []func() *cobra.Command

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use: "parley", Short: "Contract tests and mock servers for integrations in which both sides call each other",
		Long: `Parley plays a vendor that serves an API and calls your webhook, validates what
crosses the wire, and judges your integration with evidence.
` + exitHelp,
		Example: `  parley serve
  parley conform elma365/webhook --target http://127.0.0.1:3000/webhook --token confirm
  parley validate elma365 capture.har`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	configFlag(root.PersistentFlags())
	screenFlags(root.PersistentFlags())
	root.PersistentPreRunE = vetScreen
	root.AddCommand(serveCommand(), sendCommand(), replayCommand(), listenCommand(), faultCommand(), stateCommand(), partnerCommand(), conformCommand(), playCommand(), reportCommand(), forkCommand(), validateCommand(), coverageCommand(), driftCommand(), proxyCommand(), specsCommand(), mcpCommand(), healthCommand(), configCommand(), doctorCommand(), versionCommand())
	for _, command := range more {
		root.AddCommand(command())
	}
	complete(root)
	helpFits(root)
	return root
}
