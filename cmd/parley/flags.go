package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"errors"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
	"strings"
)

// The flags of several commands: each has one name, one text and one place. A note is
// what a command adds to the text.

// defaultBodyLimit is how much of a body is read, in bytes.
const defaultBodyLimit = 1 << 20

func addrFlag(flags *pflag.FlagSet, to *string, usual string) {
	flags.StringVar(to, "addr", usual, "`address` to listen on; port 0 takes a free one")
}

func baseURLFlag(flags *pflag.FlagSet, to *string) {
	flags.StringVar(to, "base-url", "", "`URL` under which partners reach Parley, when it is not the address")
}

const tokenText = "`token` that the vendor sends and expects, or @FILE; user:password where it is sent by scheme basic"

func tokenFlag(flags *pflag.FlagSet, to *string, note string) {
	flags.StringVar(to, "token", "", tokenText+note)
}

func channelFlag(flags *pflag.FlagSet, to *string, note string) {
	flags.StringVar(to, "channel", "", "`ID` of the channel"+note)
}

func controlTokenFlag(flags *pflag.FlagSet, to *string, note string) {
	flags.StringVar(to, "control-token", "", "`token` of the control API, or @FILE"+note)
}

func seedFlag(flags *pflag.FlagSet, to *uint64, note string) {
	flags.Uint64Var(to, "seed", 0, "decides the IDs that Parley makes up"+note)
}

func setFlag(flags *pflag.FlagSet, to *[]string) {
	flags.StringArrayVar(to, "set", nil, "change the event's body, as `path.to.field=value`; a value that is JSON is taken as such (repeatable)")
}

func ignoreHeadersFlag(flags *pflag.FlagSet, to *[]string) {
	flags.StringSliceVar(to, "ignore-headers", nil, "report no undocumented header that fits one of these `patterns`, such as x-* (repeatable)")
}

func quietFlag(flags *pflag.FlagSet, to *bool, note string) {
	flags.BoolVarP(to, "quiet", "q", false, "print no line per exchange"+note)
}

func recordFlag(flags *pflag.FlagSet, to *string, note string) {
	flags.StringVar(to, "record", "", "append every exchange to this `FILE`, without secrets: as an HTTP Archive when it ends in .har, else as NDJSON"+note)
}

func bodyLimitFlag(flags *pflag.FlagSet, to *int64, note string) {
	flags.Int64Var(to, "body-limit", defaultBodyLimit, "how many `bytes` of a body are read"+note)
}

func journalFlags(flags *pflag.FlagSet, to *traffic.Limits) {
	flags.IntVar(&to.Exchanges, "journal-exchanges", 0, "`number` of exchanges to keep (default 5000)")
	flags.Int64Var(&to.Bytes, "journal-bytes", 0, "how many `bytes` of exchanges to keep (default 64 MiB)")
}

// failOnFlag lets the user choose from where on an outcome is a failure.
func failOnFlag(flags *pflag.FlagSet, to *string, usual, kind string, all ...string) {
	flags.StringVar(to, "fail-on", usual, "the mildest `"+kind+"` that fails: "+plural.List(all, "or"))
	oneOf(flags, "fail-on", all)
}

// formatFlag chooses how a command writes its outcome.
type formatFlag struct {
	chosen string
	all    []string // the usual one first
}

func (f *formatFlag) register(flags *pflag.FlagSet, all []string, note string) {
	f.all = all
	flags.StringVar(&f.chosen, "format", all[0], "`format` of the outcome: "+plural.List(all, "or")+note)
	oneOf(flags, "format", all)
}

// vet refuses what is none of them.
func (f formatFlag) vet() error {
	if !slices.Contains(f.all, f.chosen) {
		return usage("--format %q is not known; write %s%s", f.chosen, plural.List(f.all, "or"), near.Aside(f.chosen, f.all))
	}
	return nil
}

// renamed keeps the name that a flag had before. It is not shown, and says on the
// standard error what it is called now: cobra would say it among the results.
func renamed(cmd *cobra.Command, before, now string) {
	flag := *cmd.Flags().Lookup(now)
	flag.Name, flag.Hidden = before, true
	cmd.Flags().AddFlag(&flag)
	cmd.PreRun = func(cmd *cobra.Command, _ []string) {
		if cmd.Flags().Changed(before) {
			visible.Fprintf(cmd.ErrOrStderr(), "parley: --%s is called --%s now, and will go\n", before, now)
		}
	}
}

// inFlags lets an error that tells which members of JSON to give, in quotes, name
// the flags of a command instead.
func inFlags(err error, members ...string) error {
	var exit exitError
	if !errors.As(err, &exit) || exit.err == nil {
		return err
	}
	text := exit.err.Error()
	for _, name := range members {
		flag := strings.ReplaceAll(name, "contentType", "content-type")
		text = strings.ReplaceAll(text, `"`+name+`"`, "--"+flag)
	}
	return exitError{exit.code, errors.New(text)}
}
