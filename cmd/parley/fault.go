package main

import (
	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver/fault"
)

func faultCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "fault", Short: "Make a running mock misbehave on purpose",
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(faultAddCommand(), faultListCommand(), faultRemoveCommand())
	return cmd
}

func faultAddCommand() *cobra.Command {
	var mock mockFlags
	var f faultFlags
	cmd := &cobra.Command{
		Use: "add", Short: "Put a fault in force",
		Long: `Add makes a running mock misbehave: it says whose calls or deliveries the fault is
for, when it acts, and what it does. Without --times or --for it acts until it is
removed. Every exchange on which it acted names it.`,
		Example: `  parley fault add --operation message --status 500 --times 1
  parley fault add --operation '*' --answer reset --for 30s
  parley fault add --operation message --delay lognormal:200ms:0.5 --probability 0.3
  parley fault add --event messageOutcome --set data.success=false --times 2
  parley fault add --event message --copies 1 --together`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			chosen, err := f.chosen()
			if err != nil {
				return err
			}
			var added fault.Rule
			if err := mock.call(cmd.Context(), "POST", "/faults", chosen, &added); err != nil {
				return inFlags(err, "status", "undocumented", "answer", "contentType", "drip", "delay", "lose", "set", "copies", "reorder", "operation", "event")
			}
			printFault(cmd.OutOrStdout(), added)
			return nil
		},
	}
	mock.register(cmd)
	f.register(cmd)
	return cmd
}

func faultListCommand() *cobra.Command {
	var mock mockFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List the faults and how often they acted", Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var list struct {
				Faults []fault.Rule `json:"faults"`
			}
			if err := mock.call(cmd.Context(), "GET", "/faults", nil, &list); err != nil {
				return err
			}
			for _, f := range list.Faults {
				printFault(cmd.OutOrStdout(), f)
			}
			if len(list.Faults) == 0 {
				visible.Fprintf(cmd.ErrOrStderr(), "no fault is in force\n")
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
		Use: "remove [ID]", Short: "Remove a fault, or without an ID all of them", Args: cobra.MaximumNArgs(1),
		Example: "  parley fault remove ft-000001\n  parley fault remove",
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
