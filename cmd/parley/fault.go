package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/mockserver"
)

func faultCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fault",
		Short: "Make a running mock misbehave on purpose",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(faultAddCommand(), faultListCommand(), faultRemoveCommand())
	return cmd
}

func faultAddCommand() *cobra.Command {
	var mock mockFlags
	var fault mockserver.Fault
	var set, where []string
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Put a fault in force",
		Example: `  parley fault add --operation message --status 500 --times 1
  parley fault add --event messageOutcome --set data.success=false --times 2
  parley fault add --event messageOutcome --lose`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if fault.Set, err = settings(set); err != nil {
				return err
			}
			if fault.Where, err = settings(where); err != nil {
				return err
			}
			var added mockserver.Fault
			if err := mock.call(cmd.Context(), "POST", "/faults", fault, &added); err != nil {
				return err
			}
			printFault(cmd.OutOrStdout(), added)
			return nil
		},
	}
	mock.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&fault.Vendor, "vendor", "", "only this vendor's")
	flags.StringVar(&fault.Operation, "operation", "", "act on calls of this operation")
	flags.StringVar(&fault.Event, "event", "", "act on deliveries of this event")
	flags.StringVar(&fault.Channel, "channel", "", "only of this channel (`ID`)")
	flags.StringArrayVar(&where, "where", nil, "only when the body has this, as `path.to.field=value` (repeatable)")
	flags.IntVar(&fault.Times, "times", 0, "act so often; 0: until it is removed")
	flags.IntVar(&fault.Status, "status", 0, "answer the operation with this status")
	flags.BoolVar(&fault.Undocumented, "undocumented", false, "let --status be one that the vendor does not document")
	flags.BoolVar(&fault.Lose, "lose", false, "never send the event")
	flags.StringArrayVar(&set, "set", nil, "change the event's body, as `path.to.field=value` (repeatable)")
	return cmd
}

func faultListCommand() *cobra.Command {
	var mock mockFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List the faults and how often they acted", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var list struct {
				Faults []mockserver.Fault `json:"faults"`
			}
			if err := mock.call(cmd.Context(), "GET", "/faults", nil, &list); err != nil {
				return err
			}
			for _, f := range list.Faults {
				printFault(cmd.OutOrStdout(), f)
			}
			return nil
		},
	}
	mock.register(cmd)
	return cmd
}

func faultRemoveCommand() *cobra.Command {
	var mock mockFlags
	cmd := &cobra.Command{
		Use: "remove [ID]", Short: "Remove a fault, or all of them", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := "/faults"
			if len(args) == 1 {
				path += "/" + args[0]
			}
			return mock.call(cmd.Context(), "DELETE", path, nil, nil)
		},
	}
	mock.register(cmd)
	return cmd
}

func printFault(out io.Writer, f mockserver.Fault) {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+" "+value)
		}
	}
	add("vendor", f.Vendor)
	add("operation", f.Operation)
	add("event", f.Event)
	add("channel", f.Channel)
	add("where", pairs(f.Where))
	add("set", pairs(f.Set))
	if f.Status != 0 {
		add("answers", fmt.Sprint(f.Status))
	}
	if f.Lose {
		parts = append(parts, "lost")
	}
	if f.Times > 0 {
		add("times", fmt.Sprint(f.Times))
	}
	fmt.Fprintf(out, "%s %s; acted %d times\n", f.ID, strings.Join(parts, ", "), f.Acted)
}

func pairs(values map[string]any) string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		list = append(list, fmt.Sprintf("%s=%v", key, values[key]))
	}
	return strings.Join(list, " ")
}
