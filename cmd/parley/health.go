package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/visible"
)

func healthCommand() *cobra.Command {
	var mock mockFlags
	var within time.Duration
	cmd := &cobra.Command{
		Use: "health", Short: "Ask a running mock whether it is ready, for whoever watches over it",
		Long: `Health asks a running mock whether it is ready, and answers with its exit code: for
the health check of a container in which there is no other program. It needs no
control token.

Exit codes: 0 it is ready, 2 wrong usage, 4 it is not, or nothing answers in time.`,
		Example: `  parley health
  parley health --mock http://127.0.0.1:8080 --within 1s`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), within)
			defer cancel()
			if err := mock.call(ctx, "GET", "/health", nil, nil); err != nil {
				return err
			}
			visible.Fprintf(cmd.OutOrStdout(), "the mock at %s is ready\n", mock.url)
			return nil
		},
	}
	cmd.Flags().StringVar(&mock.url, "mock", "http://"+defaultAddr, "`URL` of the running mock")
	cmd.Flags().DurationVar(&within, "within", 3*time.Second, "`TIME` in which it must answer")
	return cmd
}
