package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mcp"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator/summary"
	"github.com/parleykit/parley/vendors"
)

func mcpCommand() *cobra.Command {
	var f mcpFlags
	cmd := &cobra.Command{
		Use: "mcp", Short: "Let a coding assistant read contracts, play vendors and judge an integration (Model Context Protocol)",
		Long: `Mcp answers a coding assistant on standard input and output, by the Model Context
Protocol: the assistant starts it, and it ends when that closes standard input.
Its ten tools are what the commands do: contract_read, body_check, capture_judge,
mock_start, mock_reset, event_send, fault_set, clock_set, traffic_wait, conform_run.

Mocks that it starts listen on this machine alone. Webhooks are called on this
machine alone, but for what --allow-target allows. Files are read below the folder
in which it is started. It runs no programs. Answers have no secrets, and are short:
what is longer goes on with a cursor.

A mock that runs answers assistants, too: parley serve has the same tools at
/_parley/mcp, and in the sandbox NAME at /~NAME/_parley/mcp.

Exit codes: 0 the assistant has gone, 2 wrong usage or configuration.`,
		Example: `  parley mcp
  parley mcp --contract my-vendor --allow-target https://staging.example/webhook`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.serve(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	f.contracts.register(cmd)
	addrFlag(cmd.Flags(), &f.addr, "127.0.0.1:0")
	cmd.Flags().StringArrayVar(&f.targets, "allow-target", nil, "let deliveries go to URLs that begin with this `URL` (repeatable; beside those of this machine)")
	return cmd
}

type mcpFlags struct {
	contracts contractFlags
	addr      string
	targets   []string

	mu      sync.Mutex
	playing []*played
}

// played is a mock with what serves it.
type played struct {
	mock   *mockserver.Server
	server *http.Server
}

func (f *mcpFlags) serve(ctx context.Context, in io.Reader, out io.Writer) error {
	targets, err := allowedTargets(f.targets)
	if err != nil {
		return err
	}
	if _, err := f.contracts.load(); err != nil { // what is wrong with a flag is told now
		return err
	}
	defer f.stop()
	o := assistantOptions(redaction.New(redaction.Options{}))
	o.Contracts = func() ([]*specs.Contract, error) { return f.contracts.load() }
	o.Contract = f.contracts.one
	o.Play = func(c *specs.Contract) (*mockserver.Server, error) { return f.play(c, o.Redactor) }
	o.AllowTarget = targets
	err = mcp.Serve(ctx, o, in, out)
	if err == nil || errors.Is(err, io.EOF) || ctx.Err() != nil {
		return nil
	}
	return environment("mcp: %w", err)
}

// assistantOptions are what the commands do, for the tools of assistants.
func assistantOptions(redact *redaction.Redactor) mcp.Options {
	return mcp.Options{
		Version: versionText(), Dir: ".", Redactor: redact, Show: showContract, Judge: judgeFile, Fault: faultOf,
		Suites: func(c *specs.Contract, name string) ([]conformance.Suite, error) {
			all, err := suitesOf(c)
			if err != nil {
				return nil, err
			}
			return chooseSuites(all, path.Join(c.ID, name))
		},
	}
}

// showContract prints what parley specs show does.
func showContract(out io.Writer, c *specs.Contract, name string) error {
	p := &page{out: out, width: pageWidth, c: c}
	if name == "" {
		p.overview()
	} else if !p.show(name) {
		return usage("%s has no %q; without a name its overview lists what there is%s", c.ID, name, nearest(name, names(c)))
	}
	return p.err
}

// judgeFile finds what parley validate does.
func judgeFile(ctx context.Context, c *specs.Contract, file mcp.File) (*summary.Report, error) {
	f := validateFlags{scopeFlags: scopeFlags{base: file.Base, webhooks: file.Webhooks}}
	v, err := f.validation(c, file.Payload, traffic.Error)
	if err != nil {
		return nil, err
	}
	if err := v.file(ctx, file.Path, nil); err != nil {
		return nil, err
	}
	return v.found.Report(), nil
}

// play serves a mock of the contract on this machine. It judges itself too, as that of a
// partner who is judged.
func (f *mcpFlags) play(c *specs.Contract, redact *redaction.Redactor) (*mockserver.Server, error) {
	listener, err := listen(f.addr)
	if err != nil {
		return nil, err
	}
	if !loopback(listener.Addr()) {
		listener.Close()
		return nil, usage("--addr %s is not on this machine alone; write 127.0.0.1:PORT, or let assistants use parley serve", f.addr)
	}
	o := mockserver.Options{Control: withConsole, BaseURL: baseURL("", listener.Addr()), SelfCheck: true, Redactor: redact}
	mock, err := mockserver.New(o, vendors.Played(c)...)
	if err != nil {
		listener.Close()
		return nil, usage("%w", err)
	}
	one := &played{mock, mockserver.HTTPServer(leadToConsole(mock, []*specs.Contract{c}))}
	go one.server.Serve(listener)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.playing = append(f.playing, one)
	return mock, nil
}

// stop ends all mocks.
func (f *mcpFlags) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, one := range f.playing {
		one.server.Shutdown(ctx)
		one.mock.Close(ctx)
	}
}
