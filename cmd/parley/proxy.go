package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/proxy"
	"github.com/parleykit/parley/validator/summary"
)

const defaultProxyAddr = "127.0.0.1:7358"

func proxyCommand() *cobra.Command {
	var f proxyFlags
	cmd := &cobra.Command{
		Use: "proxy VENDOR --to URL", Short: "Stand between partner and vendor, forward unchanged, and judge what they say",
		Long: `Proxy forwards every request to one target and its answer back, and judges both
halves against the vendor's contract. What crosses the wire is not changed and does
not wait for the judgment; each exchange is printed with its findings, and Ctrl-C
ends with a summary.

In front of the vendor, give your integration the proxy's address as the vendor's
base URL. With --reverse the target is your webhook: give the vendor the proxy's
address as the webhook's URL.

With --reverse and --secret the signature of each event is verified as it arrives.

With --strict a request with an error is not forwarded but answered with 422, and
an answer with an error is not passed on: the caller gets 502. Bodies are then
held back until they are judged; one that has to be judged and cannot be, because
it is larger than --body-limit or in a coding other than gzip, deflate, br and zstd, does not
pass either. Answers of the proxy's own, also those to failures such as a target
that is down, are problem+json and have the header Parley-Problem.

With --ui the page of parley serve shows this traffic as it passes, with what is wrong
at its place and what was touched of the contract. It is for you alone: on an address
that is not loopback it demands a token, which is printed.

Exit codes: 0 all that was judged is as documented, 1 a finding is as bad as
--fail-on or worse, 2 wrong usage, 3 incomplete: nothing was judged, or not all
could be, 4 environment: the address is taken, a file cannot be written.`,
		Example: `  parley proxy elma365 --to https://my-domain.com
  parley proxy elma365 --reverse --to http://localhost:3000/webhook
  parley proxy elma365 --reverse --to http://localhost:3000/webhook --signature github --secret @secret.txt
  parley proxy elma365 --to https://my-domain.com --record traffic.ndjson --fail-on warn
  parley proxy elma365 --to https://my-domain.com --ui 127.0.0.1:7359 --open`,
		Args: exactly("VENDOR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.register(cmd)
	f.unreadable.register(cmd)
	flags := cmd.Flags()
	f.signing.register(flags)
	ignoreHeadersFlag(flags, &f.ignored)
	flags.StringVar(&f.to, "to", "", "`URL` of the vendor, or with --reverse of your webhook")
	addrFlag(flags, &f.addr, defaultProxyAddr)
	renamed(cmd, "listen", "addr")
	flags.BoolVar(&f.reverse, "reverse", false, "stand before your webhook: the vendor calls")
	flags.StringVar(&f.strict, "strict", "", "stop what breaks the contract; --strict=documented answers requests as the contract documents for invalid ones")
	flags.Lookup("strict").NoOptDefVal = string(proxy.StrictProblem)
	flags.BoolVar(&f.keepHost, "keep-host", false, "send the caller's Host header on, not the target's")
	flags.BoolVar(&f.annotate, "annotate", false, "add Parley-Exchange and Parley-Findings (of the request) to answers")
	flags.DurationVar(&f.timeout, "timeout", proxy.DefaultTimeout, "how long the target may take to begin its answer")
	bodyLimitFlag(flags, &f.bodyLimit, "; a larger one is forwarded all the same")
	flags.StringVar(&f.ca, "ca", "", "trust the certificates in this PEM `FILE` too, for the target's TLS")
	recordFlag(flags, &f.record, "")
	journalFlags(flags, &f.journal)
	f.format.register(flags, summary.Formats(), "; but for text, lines go to standard error")
	failOnFlag(flags, &f.failOn, "error", "severity", "error", "warn", "info")
	quietFlag(flags, &f.quiet, "")
	f.viewer.register(flags, "; it ends with the proxy")
	return cmd
}

type proxyFlags struct {
	contractFlags
	viewer     viewerFlags
	signing    signingFlags
	unreadable unreadableFlag
	to, addr   string
	reverse    bool
	strict     string
	keepHost   bool
	annotate   bool
	timeout    time.Duration
	bodyLimit  int64
	ca         string
	record     string
	ignored    []string
	journal    traffic.Limits
	format     formatFlag
	failOn     string
	quiet      bool
}

func (f proxyFlags) run(ctx context.Context, id string, stdout, stderr io.Writer) error {
	target, err := f.target()
	if err != nil {
		return err
	}
	if err := f.viewer.vet(); err != nil {
		return err
	}
	if err := apart(beside("--record", f.record, files.Previous), []use{{"--ca", f.ca}}); err != nil {
		return err
	}
	failOn, err := summary.ParseSeverity(f.failOn)
	if err != nil {
		return usage("--fail-on: %w", err)
	}
	judge, secrets, err := f.judge(id)
	if err != nil {
		return err
	}
	contract := judge.Contract()
	roots, err := f.roots()
	if err != nil {
		return err
	}
	live := stdout
	if f.format.chosen != "text" {
		live = stderr // standard output is the report's alone
	}
	redact := f.unreadable.redactor(contract)
	redact.Know(secrets...)
	console := newConsole(live, redact)
	watch, err := serveFlags{quiet: f.quiet, record: f.record}.watch(baseOf(target), console, stderr)
	if err != nil {
		return err
	}
	defer watch.close()
	seen := newSeen(contract, f, failOn, secrets)
	p, err := proxy.New(judge, target, proxy.Options{
		Reverse: f.reverse, Strict: proxy.Strict(f.strict), KeepHost: f.keepHost, Annotate: f.annotate,
		BodyLimit: f.bodyLimit, Journal: f.journal, Transport: proxy.NewTransport(f.timeout, roots), Redactor: redact,
		OnExchange: func(e *traffic.Exchange) { seen.add(e); watch.exchange(e) },
	})
	if err != nil {
		return usage("--to: %w", err)
	}
	listener, err := f.listen()
	if err != nil {
		return errors.Join(err, p.Close(ctx))
	}
	page, err := f.page(judge, p, redact)
	if err != nil {
		listener.Close()
		return errors.Join(err, p.Close(ctx))
	}
	defer page.close()
	f.welcome(console, contract, listener.Addr(), page)
	end := watch.begin(ctx)
	err = serveProxy(ctx, p, listener)
	if recorded := end(); err == nil {
		err = recorded
	}
	if err != nil {
		return err
	}
	return seen.finish(stdout, p.Stats())
}

func (f proxyFlags) judge(id string) (*validator.Validator, []string, error) {
	contract, err := f.one(id)
	if err != nil {
		return nil, nil, err
	}
	judge, secrets, err := f.signing.judge(contract)
	if err == nil && len(secrets) > 0 && !f.reverse {
		return nil, nil, usage("--secret verifies events, which come to your webhook; put the proxy before it with --reverse")
	}
	if err != nil {
		return nil, nil, err
	}
	if judge, err = judge.IgnoringHeaders(f.ignored...); err != nil {
		return nil, nil, usage("--ignore-headers: %w", err)
	}
	return judge, secrets, nil
}

// page shows what the proxy sees, where that is asked for.
func (f proxyFlags) page(judge *validator.Validator, p *proxy.Proxy, redact *redaction.Redactor) (*viewer, error) {
	if f.viewer.addr == "" {
		return nil, nil
	}
	o := control.ViewerOptions{Kind: "proxy", Judges: []*validator.Validator{judge}, Journal: p.Journal(), Redactor: redact}
	if !f.reverse {
		o.Target = redact.Text(f.to)
	}
	return f.viewer.show("--ui", o)
}

// target vets the flags that need nothing else.
func (f proxyFlags) target() (*url.URL, error) {
	if f.to == "" {
		return nil, usage("say with --to where to forward, for example --to https://my-domain.com, or --reverse --to http://localhost:3000/webhook")
	}
	if err := f.format.vet(); err != nil {
		return nil, err
	}
	if f.strict != "" && f.strict != string(proxy.StrictProblem) && f.strict != string(proxy.StrictDocumented) {
		return nil, usage("--strict=%s is not known; write --strict, or --strict=documented", f.strict)
	}
	if f.bodyLimit <= 0 || f.timeout <= 0 {
		return nil, usage("--body-limit and --timeout must be greater than 0")
	}
	target, err := url.Parse(f.to)
	if err != nil {
		return nil, usage("--to: %w", err)
	}
	return target, nil
}

// baseOf is where paths that are forwarded begin: a query of the target's is no part of it.
func baseOf(target *url.URL) string {
	base := url.URL{Scheme: target.Scheme, Host: target.Host, Path: target.Path, RawPath: target.RawPath}
	return base.String()
}

func (f proxyFlags) listen() (net.Listener, error) {
	listener, err := listen(f.addr)
	if err != nil {
		return nil, err
	}
	if to, err := url.Parse(f.to); err == nil && to.Host == listener.Addr().String() {
		listener.Close()
		return nil, usage("--to %s is the proxy's own address, so that it forwards to itself; choose another with --addr", f.to)
	}
	return listener, nil
}
