package main

import (
	"math/rand/v2"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
)

type conformFlags struct {
	contractFlags
	signing                signingFlags
	state                  stateFlag
	unreadable             unreadableFlag
	target, token, channel string
	only                   []string
	labelFilter            string
	list, asks             bool
	failOn                 string
	deadline               time.Duration
	world                  worldFlags
	knownFailing           string
	report                 string
	format                 formatFlag
	timing                 conformance.Timing
	stimulus, stimulusURL  string
	seed                   uint64
	addr, baseURL          string
	startTimeout           time.Duration
	programDir             string
	viewer                 viewerFlags
	verbose                bool

	program []string // what stands behind --
}

func (f *conformFlags) register(cmd *cobra.Command) {
	f.contractFlags.register(cmd)
	f.state.register(cmd)
	f.unreadable.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.target, "target", "", "`URL` of your webhook")
	tokenFlag(flags, &f.token, "")
	f.signing.register(flags)
	channelFlag(flags, &f.channel, " (default: made up)")
	flags.StringSliceVar(&f.only, "run", nil, "only these checks, by ID or `pattern` (comma-separated, * stands for any text)")
	flags.StringVar(&f.labelFilter, "label-filter", "", "only checks with these labels, an `expression` such as 'MUST && !assumed && events'; --list shows level and evidence, requirements are labels too")
	flags.BoolVar(&f.list, "list", false, "print the checks and exit")
	flags.BoolVar(&f.asks, "asks", false, "print what a stimulus may be asked for and exit")
	failOnFlag(flags, &f.failOn, string(conformance.VerdictFail), "verdict", "fail", "warn", "undetermined")
	flags.DurationVar(&f.deadline, "deadline", conformance.DefaultDeadline, "how long the whole run may take; what is not judged by then could not run")
	f.world.register(flags)
	flags.StringVar(&f.knownFailing, "known-failing", "", "YAML `FILE` of checks that may fail: a list of {id, reason, expires}")
	flags.StringVar(&f.report, "report", "", "write "+strings.Join(conformance.ReportFiles(), ", ")+" and what the PROGRAM prints, partner.log, into `DIR`")
	f.format.register(flags, []string{"text", "markdown", "github", "sarif"}, "; but for text, lines go to standard error")
	flags.DurationVar(&f.timing.Answer, "timeout", 10*time.Second, "how long one call may take, in either direction")
	flags.DurationVar(&f.timing.Retry, "retry-wait", 30*time.Second, "how long a repetition is waited for: the longest pause of your retries")
	flags.DurationVar(&f.timing.Quiet, "quiet-wait", 2*time.Second, "how long nothing may come until \"nothing comes\" is believed")
	flags.StringVar(&f.stimulus, "stimulus", "", "`command` that makes your integration call the vendor")
	flags.StringVar(&f.stimulusURL, "stimulus-url", "", "`URL` that makes it do so when it gets a POST")
	flags.DurationVar(&f.timing.Stimulus, "stimulus-deadline", 0, "how long the call may take to come after that (default --timeout, by hand 2m)")
	seedFlag(flags, &f.seed, " (default: others in each run)")
	addrFlag(flags, &f.addr, "127.0.0.1:0")
	baseURLFlag(flags, &f.baseURL)
	flags.DurationVar(&f.startTimeout, "start-timeout", 30*time.Second, "how long the PROGRAM may take until --target answers")
	flags.StringVar(&f.programDir, "program-dir", "", "run the PROGRAM and --stimulus in this `DIR`")
	f.viewer.register(flags, "; --ui alone takes a free one")
	flags.Lookup("ui").NoOptDefVal = usualViewer
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "print what the PROGRAM prints, on the standard error")
}

// one returns the contract of that ID, with events signed as the flags say.
func (f *conformFlags) one(id string) (*specs.Contract, error) {
	contract, err := f.contractFlags.one(id)
	if err != nil {
		return nil, err
	}
	contracts, err := f.signing.choose([]*specs.Contract{contract})
	if err != nil {
		return nil, err
	}
	return contracts[0], nil
}

func splitAtDash(cmd *cobra.Command, args []string) (before, behind []string) {
	if n := cmd.ArgsLenAtDash(); n >= 0 {
		return args[:n], args[n:]
	}
	return args, nil
}

// oneAndProgram demands one argument, such as "scenario file", and a program where there
// is a --; example is an argument that can be.
func oneAndProgram(cmd *cobra.Command, args []string, wanted, example string) error {
	before, behind := splitAtDash(cmd, args)
	if err := strayAddress(cmd, before); err != nil {
		return err
	}
	if len(before) != 1 || (cmd.ArgsLenAtDash() >= 0 && len(behind) == 0) {
		return usage("%s takes one %s, and a program behind --; for example: %s %s --list", cmd.Name(), wanted, cmd.CommandPath(), example)
	}
	return nil
}

// conforming is a run with these flags, and what is judged by its name.
func (f conformFlags) conforming(cmd *cobra.Command, args []string) (c *conforming, name string) {
	before, program := splitAtDash(cmd, args)
	f.program = program
	if !cmd.Flags().Changed("seed") {
		f.seed = uint64(rand.Uint32())
	}
	return &conforming{conformFlags: f, out: cmd.OutOrStdout(), err: cmd.ErrOrStderr(), set: cmd.Flags().Changed, color: colorOf(cmd)}, before[0]
}
