package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/recording"
	"github.com/parleykit/parley/traffic"
)

// serveFlags are what the command line of serve says.
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
	flags.StringVar(&f.durability, "durability", string(ledger.Interval), "what is on the disk when an answer leaves, `step|interval`: all of it, or what came before the last 100 ms")
	oneOf(flags, "durability", []string{string(ledger.Step), string(ledger.Interval)})
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
