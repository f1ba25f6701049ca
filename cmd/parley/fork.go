package main

import (
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/traffic"
)

func forkCommand() *cobra.Command {
	var f forkFlags
	cmd := &cobra.Command{
		Use: "fork REPORT_DIR", Short: "Walk through a check of a written report: a mock that goes on from where it ended",
		Long: `Fork reads the folder that "parley conform --report" or "parley play --report" has
written, and serves a mock that is what the mock of that run was when a check was
decided: what the vendor remembered, channels, faults, deliveries, the clock and the
IDs that come next, with the journal until then. Call it, send events, and ask it with
"parley state --at" what was known after each exchange. What had not been delivered is
cancelled: a retry sends it.

--check may be left out when one check alone failed, and its suite where no other has
a check of that name. The report has no secrets. What cannot go on without them is said:
give the channel's token with --token. --target lets events go to a webhook elsewhere
than in that run.
A report of a contract of your own needs --contract.

Exit codes: 0 ended, 2 wrong usage (also a folder without a report or its ledger, or a
check that the report does not have), 4 environment (the address is taken).`,
		Example: `  parley fork parley-report --check elma365/webhook/wrong-token --token confirm
  parley fork parley-report --token @token.txt --target http://127.0.0.1:3000/webhook --open`,
		Args: exactly("REPORT_DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.contractFlags.register(cmd)
	f.unreadable.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.check, "check", "", "`ID` of the check")
	tokenFlag(flags, &f.token, "; the report has none")
	flags.StringVar(&f.target, "target", "", "`URL` of your webhook")
	f.signing.register(flags)
	addrFlag(flags, &f.addr, defaultAddr)
	baseURLFlag(flags, &f.baseURL)
	controlTokenFlag(flags, &f.controlToken, "; made up when the address is not loopback")
	quietFlag(flags, &f.quiet, "")
	openFlag(flags, &f.open)
	return cmd
}

type forkFlags struct {
	contractFlags
	unreadable                  unreadableFlag
	signing                     signingFlags
	check, token, target        string
	addr, baseURL, controlToken string
	quiet, open                 bool
}

func (f forkFlags) run(ctx context.Context, dir string, stdout, stderr io.Writer) error {
	report, err := conformance.ReadFiles(dir)
	if err != nil {
		return usage("%w", err)
	}
	result, err := f.chosen(report)
	if err != nil {
		return err
	}
	excerpt, step, err := endOf(dir, result.ID)
	if err != nil {
		return err
	}
	token, err := tokenOf("--token", f.token)
	if err != nil {
		return err
	}
	exchanges := map[string]*traffic.Exchange{}
	for _, e := range report.Exchanges {
		exchanges[e.ID] = e
	}
	kept := ledger.NewMemory()
	lacks, err := excerpt.Into(ctx, kept, mockserver.Regained{Through: step, Exchanges: exchanges, Token: token, URL: f.target, Now: time.Now()})
	if err != nil {
		return usage("%s: check %s cannot be gone on from: %w", dir, result.ID, err)
	}
	if err := report.WriteCheck(stdout, conformance.Style{Width: terminal.Width(stdout, reportWidth)}, result.ID); err != nil {
		return environment("the check cannot be printed: %w", err)
	}
	sayLacking(stdout, lacks)
	f.sayWhere(stdout, result)
	f.contractFlags.agree(report)
	var mock serveFlags
	mock.registerAll(&cobra.Command{}) // what is not said here is as usual
	mock.contractFlags, mock.unreadable, mock.signing, mock.addr, mock.baseURL = f.contractFlags, f.unreadable, f.signing, f.addr, f.baseURL
	mock.controlToken, mock.quiet, mock.open, mock.seed, mock.forked = f.controlToken, f.quiet, f.open, report.Seed, kept
	return serve(ctx, mock, []string{report.Contract.ID}, stdout, stderr)
}

// chosen is the result of the check that is meant.
func (f forkFlags) chosen(report *conformance.Report) (conformance.Result, error) {
	var all, failed []string
	for _, r := range report.Results {
		all = append(all, r.ID)
		if r.Verdict == conformance.VerdictFail {
			failed = append(failed, r.ID)
		}
	}
	id := f.check
	switch {
	case id != "":
	case len(failed) == 1:
		id = failed[0]
	case len(failed) == 0:
		return conformance.Result{}, usage("no check of the report failed; say with --check which one is meant, for example %s", plural.List(all[:min(len(all), 3)], "or"))
	default:
		return conformance.Result{}, usage("%d checks of the report failed; say with --check which one is meant: %s", len(failed), plural.List(failed, "or"))
	}
	var meant []conformance.Result
	for _, r := range report.Results {
		if r.ID == id || strings.HasSuffix(r.ID, "/"+id) {
			meant = append(meant, r)
		}
		all = append(all, path.Base(r.ID))
	}
	switch len(meant) {
	case 0:
		return conformance.Result{}, usage("--check %q: the report has no check of that name%s", id, near.Aside(id, all))
	case 1:
	default:
		return conformance.Result{}, usage("--check %q: %s and %s have that name; write it whole", id, meant[0].ID, meant[1].ID)
	}
	return meant[0], nil
}

// endOf is what happened until a check was decided.
func endOf(dir, check string) (*mockserver.Excerpt, uint64, error) {
	l, err := conformance.ReadLedger(dir)
	switch {
	case errors.Is(err, conformance.ErrNoLedger):
		return nil, 0, usage("the report in %s cannot be gone on from: %w; an older version of Parley wrote it: judge again with parley conform --report", dir, err)
	case err != nil:
		return nil, 0, usage("%w", err)
	case l.Lost != "":
		return nil, 0, usage("the report in %s cannot be gone on from: what happened was not kept: %s", dir, l.Lost)
	}
	step, ok := l.End(check)
	if !ok && slices.ContainsFunc(l.Ends, func(e conformance.CheckEnd) bool { return e.Check == check }) {
		return nil, 0, usage("what happened in %s is not in the report any more, because much happened later; judge it alone with parley conform --run", check)
	}
	if !ok {
		return nil, 0, usage("%s was not begun in that run, so that there is nothing to go on from", check)
	}
	return l.Excerpt, step, nil
}

// sayLacking tells what cannot go on without what a report leaves out.
func sayLacking(out io.Writer, lacks mockserver.Lacking) {
	line := func(format string, args ...any) { visible.Fprintf(out, "  left out  "+format+"\n", args...) }
	if len(lacks.Channels) > 0 {
		line("the token of %s: calls that carry it are refused and events have none, until you give it with --token", plural.List(lacks.Channels, "and"))
	}
	if lacks.Deliveries > 0 {
		line("secrets in %s: a retry sends %s in their place, parley send a new event", plural.Of(lacks.Deliveries, "delivery", "deliveries"), traffic.Redacted)
	}
	if lacks.Values > 0 {
		line("secrets in %s that the vendor remembers: %s stands there", plural.Of(lacks.Values, "value"), traffic.Redacted)
	}
}

// sayWhere tells how to look at what an exchange of the check changed.
func (f forkFlags) sayWhere(out io.Writer, result conformance.Result) {
	if len(result.Exchanges) == 0 {
		return
	}
	mock := ""
	if f.addr != defaultAddr {
		mock = " --mock http://" + f.addr
	}
	visible.Fprintf(out, "  look      parley state%s --diff %s\n\n", mock, result.Exchanges[0])
}
