package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver/fault"
)

// faultFlags describe a fault: as flags of fault add, and as name=value pairs of
// serve --fault.
type faultFlags struct {
	fault fault.Rule
	set   []string
	where []string
}

func (f *faultFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.fault.Vendor, "vendor", "", "only this `VENDOR`'s")
	flags.StringVar(&f.fault.Operation, "operation", "", "act on calls of this operation; * for all")
	flags.StringVar(&f.fault.Event, "event", "", "act on deliveries of this event; * for all")
	channelFlag(flags, &f.fault.Channel, "; without it of all")
	flags.StringArrayVar(&f.where, "where", nil, "only when the body has this, as `path.to.field=value` (repeatable)")

	flags.IntVar(&f.fault.Times, "times", 0, "act so often; 0: until it is removed")
	flags.IntVar(&f.fault.Nth, "nth", 0, "act on the `n`-th match only, counted from 1")
	flags.IntVar(&f.fault.From, "from", 0, "act from the `n`-th match on")
	flags.Float64Var(&f.fault.Probability, "probability", 0, "act on a match with this probability, by the mock's seed")
	flags.StringVar(&f.fault.For, "for", "", "be in force for this `time`, as 30s")

	flags.IntVar(&f.fault.Status, "status", 0, "answer the operation with this status")
	flags.BoolVar(&f.fault.Undocumented, "undocumented", false, "let --status be one that the vendor does not document")
	kinds := fault.Answers()
	flags.StringVar((*string)(&f.fault.Answer), "answer", "", "spoil the answer in one of these `ways`: "+plural.List(kinds, "or"))
	oneOf(flags, "answer", answerKinds())
	flags.StringVar(&f.fault.ContentType, "content-type", "", "answer with this content `type`")
	flags.StringVar(&f.fault.Drip, "drip", "", "let the answer's body take this `time`, as 2s")
	flags.BoolVar(&f.fault.Taken, "taken", false, "with --status, or the answers reset and empty: let the vendor do what was asked all the same")
	flags.StringVar(&f.fault.Delay, "delay", "", "be late by this `time`: 200ms, uniform:100ms:500ms, normal:200ms:50ms, lognormal:200ms:0.5")

	flags.BoolVar(&f.fault.Lose, "lose", false, "never send the event")
	setFlag(flags, &f.set)
	flags.IntVar(&f.fault.Copies, "copies", 0, "send the event so many times more")
	flags.BoolVar(&f.fault.Together, "together", false, "send the --copies at the same time as the event")
	flags.IntVar(&f.fault.Reorder, "reorder", 0, "hold `n` events of a channel and send them last first")
	flags.StringVar(&f.fault.Window, "window", "", "hold events to be reordered for this `time` at most (default 5s)")
}

func answerKinds() []string {
	var all []string
	for _, kind := range fault.Answers() {
		all = append(all, string(kind))
	}
	return all
}

// chosen is the fault that the flags describe.
func (f *faultFlags) chosen() (fault.Rule, error) {
	var err error
	if f.fault.Set, err = settings("--set", f.set); err != nil {
		return f.fault, err
	}
	f.fault.Where, err = settings("--where", f.where)
	return f.fault, err
}

// faultOf reads "operation=message,status=500,times=3": names are those of the
// flags of fault add, and a value goes up to the next comma.
func faultOf(text string) (fault.Rule, error) {
	var f faultFlags
	cmd := &cobra.Command{}
	f.register(cmd)
	for pair := range strings.SplitSeq(text, ",") {
		name, value, given := strings.Cut(pair, "=")
		flag := cmd.Flags().Lookup(strings.TrimSpace(name))
		switch {
		case flag == nil:
			return f.fault, usage("--fault %q: nothing is called %q; write operation=message,status=500,times=3, with the names that parley fault add --help shows", text, name)
		case !given && flag.NoOptDefVal != "":
			value = flag.NoOptDefVal
		case !given:
			return f.fault, usage("--fault %q: %s has no value; write %s=VALUE", text, name, name)
		}
		if err := cmd.Flags().Set(flag.Name, value); err != nil {
			return f.fault, usage("--fault %q: %s=%s: %w", text, name, value, err)
		}
	}
	return f.chosen()
}

func printFault(out io.Writer, f fault.Rule) {
	visible.Fprintf(out, "%s %s; acted %s\n", f.ID, faultText(f), actedText(f))
}

// actedText says how often a fault acted, and on how many matches.
func actedText(f fault.Rule) string {
	if f.Matched == 0 {
		return "0 times, nothing matched yet"
	}
	often := fmt.Sprintf("%d times", f.Acted)
	if f.Acted == 1 {
		often = "once"
	}
	return often + " on " + plural.Of(f.Matched, "match", "matches")
}

// faultText says what a fault is for, when it acts and what it does.
func faultText(f fault.Rule) string {
	var parts []string
	for _, part := range []struct {
		name  string
		value any
	}{
		{"vendor", f.Vendor}, {"operation", f.Operation}, {"event", f.Event}, {"channel", f.Channel}, {"where", pairs(f.Where)},
		{"nth", f.Nth}, {"from", f.From}, {"times", f.Times}, {"probability", f.Probability}, {"for", f.For},
		{"answers", f.Status}, {"answer", string(f.Answer)}, {"content type", f.ContentType}, {"drip", f.Drip}, {"taken", f.Taken}, {"delay", f.Delay},
		{"lost", f.Lose}, {"set", pairs(f.Set)}, {"copies", f.Copies}, {"together", f.Together}, {"reorder", f.Reorder}, {"window", f.Window},
	} {
		switch part.value {
		case "", 0, 0.0, false:
		case true:
			parts = append(parts, part.name)
		default:
			parts = append(parts, fmt.Sprint(part.name, " ", part.value))
		}
	}
	return strings.Join(parts, ", ")
}

func pairs(values map[string]any) string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		list = append(list, fmt.Sprintf("%s=%v", key, values[key]))
	}
	return strings.Join(list, " ")
}
