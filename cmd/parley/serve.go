package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	ui "github.com/parleykit/parley/console"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/file"
	"github.com/parleykit/parley/mockserver/metrics"
	"github.com/parleykit/parley/mockserver/recording"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/vendors"
)

const defaultAddr = "127.0.0.1:7357"

// shutdownGrace is how long queued deliveries may still take when the mock stops.
const shutdownGrace = 5 * time.Second

func serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use: "serve [VENDOR...]", Short: "Play the vendors: serve their operations, remember, and call webhooks back",
		Long: `Serve plays the named vendors, or all that it has a contract of, on one address.
It keeps state, validates what it receives, and calls the partner's webhook with
the vendor's events. Its control API lies under /_parley/, and there at /_parley/ui/ is
a page that shows what crosses the wire and acts; --open opens it. Ctrl-C ends it.

With --data it keeps all that happens in a folder: of every sandbox the state, tokens,
channels, faults, deliveries, the clock, the journal and what decides the next IDs. A
mock that is started with the same folder goes on from there, also after kill -9.
With --durability step an answer leaves when all that it rests on is on the disk; with
interval, the default, at most the last tenth of a second is lost. What a killed mock
left half written is cut off and said. Deliveries that had not ended are sent again,
so a partner may see one twice. Play the same vendors with the same readings, and on
the same --addr, which partners know. While the folder cannot be written, calls are
answered with 503.
The folder holds tokens and messages as they are, because nothing could go on without
them: only you may read it, and unlike the file of --record it is not for others.

With --cluster it is one of several replicas that are one mock, behind one address: each
sandbox has one owner, any replica takes any request, and all that happens is kept by the
NATS servers, with the same --durability. A replica that is lost is followed by another
within seconds, one that gets SIGTERM hands over what it has. Give all replicas the same
vendors, --control-token, --seed, --base-url and --partner.

The files of a contract of your own are watched: a change is played at once, and the
vendor's memory begins anew; channels, deliveries, faults and other vendors stay. A
contract that is broken is refused with its line, and the mock goes on as before.

The file of --record is a regular one or new, the folder of --data empty, new or
Parley's, and this process alone writes them: a second one is told which does. On a
full disk a recording goes on when there is room.

Exit codes: 0 ended, 2 wrong usage or configuration (also a file of --state,
--scenario or @FILE that cannot be read, or two flags that name one file), 4
environment (the address is taken, --record, --data or --cluster cannot be used or
written, or could not be for a while).`,
		Example: `  parley serve
  parley serve --partner elma365=http://localhost:3000/webhook --token confirm
  parley serve elma365 --fault operation=message,status=500,times=3
  parley serve --open
  parley serve --data ./mock`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.seedGiven = cmd.Flags().Changed("seed")
			return serve(cmd.Context(), f, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.registerAll(cmd)
	return cmd
}

// registerAll registers the flags of the command; each has its usual value then.
func (f *serveFlags) registerAll(cmd *cobra.Command) {
	f.register(cmd)
	f.state.register(cmd)
	f.unreadable.register(cmd)
	flags := cmd.Flags()
	addrFlag(flags, &f.addr, defaultAddr)
	baseURLFlag(flags, &f.baseURL)
	flags.StringArrayVar(&f.partners, "partner", nil, "connect a partner's webhook, as `VENDOR=URL` (repeatable)")
	flags.StringArrayVar(&f.tokens, "token", nil, tokenText+" (repeatable, in the order of --partner)")
	flags.StringArrayVar(&f.faults, "fault", nil, "misbehave from the start, as `NAME=VALUE,...` with the flags of parley fault add: operation=message,status=500,times=3 (repeatable)")
	flags.StringVar(&f.scenario, "scenario", "", "begin with the clock, the state and the faults of this scenario `FILE`; its steps are for parley play")
	flags.StringArrayVar(&f.targets, "allow-target", nil, "let deliveries go to URLs that begin with this `URL` (repeatable; beside those of channels)")
	f.signing.register(flags)
	ignoreHeadersFlag(flags, &f.ignored)
	flags.StringArrayVar(&f.cors, "cors", nil, "let web pages of `ORIGIN` read answers, as --cors=http://localhost:3000; of all without one (repeatable); never those of the control API")
	flags.Lookup("cors").NoOptDefVal = "*"
	controlTokenFlag(flags, &f.controlToken, "; made up when the address is not loopback")
	flags.StringVar(&f.access, "access", "", "further control tokens, with the sandboxes that they see, what they may do and how much, from this `FILE`; read again when it changes")
	journalFlags(flags, &f.journal)
	bodyLimitFlag(flags, &f.bodyLimit, "; a larger request is refused")
	seedFlag(flags, &f.seed, "")
	flags.IntVar(&f.sandboxes.Number, "sandboxes", 0, "`number` of named sandboxes to keep (default 1000)")
	flags.Int64Var(&f.sandboxes.Bytes, "sandbox-bytes", 0, "how many `bytes` of exchanges all named sandboxes keep together (default 64 MiB)")
	flags.DurationVar(&f.sandboxes.Idle, "sandbox-idle", 0, "remove a named sandbox that nobody used for this `duration` (default 1h)")
	recordFlag(flags, &f.record, "; of every sandbox")
	flags.Int64Var(&f.recordLimit, "record-limit", recording.DefaultLimit, "begin a new file after so many `bytes`; the one before it is kept as FILE.1")
	flags.StringVar(&f.data, "data", "", "keep all that happens in this `DIR`, with its tokens, and go on from there")
	flags.BoolVar(&f.history, "history", false, "keep from the beginning what was, to ask for the state at an exchange; without --data in memory, and only its end")
	flags.StringVar(&f.durability, "durability", string(file.Interval), "what is on the disk when an answer leaves, `step|interval`: all of it, or what came before the last 100 ms")
	oneOf(flags, "durability", []string{string(file.Step), string(file.Interval)})
	flags.StringVar(&f.cluster, "cluster", "", "be one of several replicas that are one mock and keep all that happens on these NATS `SERVERS`: nats://a:4222,nats://b:4222, or @FILE")
	flags.StringVar(&f.clusterName, "cluster-name", "", "`NAME` of the cluster, where the servers have several (default parley)")
	flags.DurationVar(&f.clusterAge, "cluster-age", defaultClusterAge, "the servers hold what happened for this `duration`; 0 is for ever")
	flags.Int64Var(&f.clusterBytes, "cluster-bytes", 0, "and so many `bytes` of it, of all sandboxes together; then calls are refused (default no bound)")
	flags.StringVar(&f.advertise, "advertise", "", "`URL` at which the other replicas reach this one, when it is not the address")
	for _, old := range []string{"state-to", "state-from"} {
		flags.StringVar(&f.oldState, old, "", "was replaced by --data")
		flags.Lookup(old).Hidden = true
	}
	flags.BoolVar(&f.selfCheck, "self-check", false, "judge the mock's own answers too")
	flags.DurationVar(&f.drain, "drain", 0, "after SIGTERM or Ctrl-C go on for this `duration` while /_parley/ready says 503, so that traffic goes elsewhere first; a second signal ends it")
	quietFlag(flags, &f.quiet, "")
	openFlag(flags, &f.open)
}

type serveFlags struct {
	contractFlags
	signing      signingFlags
	state        stateFlag
	unreadable   unreadableFlag
	addr         string
	baseURL      string
	partners     []string
	tokens       []string
	faults       []string
	scenario     string
	targets      []string
	cors         []string
	ignored      []string
	controlToken string
	journal      traffic.Limits
	bodyLimit    int64
	seed         uint64
	sandboxes    mockserver.SandboxLimits
	record       string
	recordLimit  int64
	data         string
	durability   string
	history      bool
	oldState     string // a flag of former versions
	cluster      string
	clusterName  string
	clusterAge   time.Duration
	clusterBytes int64
	advertise    string
	seedGiven    bool
	selfCheck    bool
	quiet        bool
	open         bool
	drain        time.Duration
	access       string
	forked       ledger.Ledger // that a mock goes on from; nil: none
}

func serve(ctx context.Context, f serveFlags, ids []string, stdout, stderr io.Writer) error {
	contracts, err := f.load(ids...)
	if err != nil {
		return err
	}
	if contracts, err = f.signing.choose(contracts); err != nil {
		return err
	}
	secrets, err := f.signing.secrets(contracts)
	if err != nil {
		return err
	}
	if err := cmp.Or(f.vetData(), f.apart(), f.vetCluster()); err != nil {
		return err
	}
	partners, err := f.partnerChannels(contracts)
	if err != nil {
		return err
	}
	targets, err := allowedTargets(f.targets)
	if err != nil {
		return err
	}
	state, err := f.state.read()
	if err != nil {
		return err
	}
	listener, err := listen(f.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	if f.controlToken, err = tokenOf("--control-token", f.controlToken); err != nil {
		return err
	}
	tokens, err := f.openAccess()
	if err != nil {
		return err
	}
	made := f.controlToken == "" && tokens == nil && !loopback(listener.Addr())
	if made {
		f.controlToken = newToken()
	}
	redact := f.unreadable.redactor(contracts...)
	console := newConsole(stdout, redact)
	for _, partner := range partners {
		redact.Know(partner.Token)
	}
	know(redact, secrets)
	seen, err := f.watch(baseURL(f.baseURL, listener.Addr()), console, stderr)
	if err != nil {
		return err
	}
	defer seen.close()
	data, err := f.openData(stderr)
	if err != nil {
		return err
	}
	defer closeData(data)
	replicas, err := f.join(ctx, listener.Addr(), redact, stderr)
	if err != nil {
		return err
	}
	options := mockserver.Options{
		Control: withAssistants(targets),
		Seed:    f.seed, BaseURL: baseURL(f.baseURL, listener.Addr()), BodyLimit: f.bodyLimit, Journal: f.journal,
		Sandboxes: f.sandboxes, Recorded: seen.exchange, State: state, Channels: partners, Secrets: secrets, IgnoreHeaders: f.ignored,
		History: f.history, SelfCheck: f.selfCheck, ControlToken: f.controlToken, Access: tokens.inForce(), AllowTargets: targets, CORS: f.cors, Redactor: redact,
	}
	replicas.shares(&options)
	count := metrics.New(&options)
	replicas.counted(count)
	if data != nil {
		ledgerLag(count, data.Waiting)
	}
	mock, err := f.mock(options, data, vendors.Played(contracts...))
	if err != nil {
		return err
	}
	if err := f.addFaults(mock); err != nil {
		return err
	}
	if err := f.beginWith(mock); err != nil {
		return err
	}
	server := serverWithConsole(mock, contracts)
	server.Handler = replicas.over(mock, server.Handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	if err := replicas.begin(ctx, console, f.nameOfCluster()); err != nil {
		return cmp.Or(err, replicas.close())
	}
	console.welcome(mock, contracts, made, f.controlToken)
	if f.open {
		openPage(console, mock.BaseURL()+ui.Path)
	}
	f.sayData(console, mock)
	end := seen.begin(ctx)
	defer f.reload(ids, mock, console, stderr)()
	defer tokens.follow(redact, console, stderr)()
	if replicas == nil {
		connect(ctx, console, mock, partners)
	}
	for ctx.Err() == nil {
		select {
		case <-replicas.took():
			connect(ctx, console, mock, partners)
		case <-ctx.Done():
		case err := <-failed:
			return cmp.Or(environment("serve: %w", err), closeData(data), end())
		}
	}
	f.drainFor(mock, console, failed)
	replicas.leave()
	err = shutdown(server, mock, stderr)
	return cmp.Or(err, closeData(data), replicas.close(), end())
}

// beginWith puts what a scenario begins with into the mock.
func (f serveFlags) beginWith(mock *mockserver.Server) error {
	if f.scenario == "" {
		return nil
	}
	story, err := readStory(f.scenario)
	if err != nil {
		return err
	}
	if err := story.Prepare(mock.Sandbox()); err != nil {
		return usage("%s: %w", f.scenario, err)
	}
	return nil
}

// shutdown answers what is under way, delivers what is queued, and says what
// could not be delivered.
func shutdown(server *http.Server, mock *mockserver.Server, stderr io.Writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	err := server.Shutdown(ctx)
	left := mock.Close(ctx)
	for _, d := range left {
		visible.Fprintf(stderr, "not delivered: %s %s events/%s to %s (%s)\n", d.ID, d.Vendor, d.Event, mock.Redactor().Text(d.URL), d.State)
	}
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return environment("shutdown: %w", err)
	}
	return nil
}

func newToken() string {
	data := make([]byte, 16)
	rand.Read(data) // never fails
	return hex.EncodeToString(data)
}
