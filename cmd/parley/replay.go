package main

import (
	"net/url"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic/redaction"
)

func replayCommand() *cobra.Command {
	var mock mockFlags
	var to string
	cmd := &cobra.Command{
		Use: "replay DELIVERY", Short: "Send an earlier delivery of a running mock again",
		Long: `Replay sends the body of an earlier delivery again: to where its channel is now, or
with --to to another URL that the mock may call (a channel's, or one of
"parley serve --allow-target"). What the console and the journal call dl-000003 is
a delivery.`,
		Example: `  parley replay dl-000003
  parley replay dl-000003 --to http://localhost:3000/webhook`,
		Args: exactly("DELIVERY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var d outbox.Delivery
			request := mockserver.ReplayRequest{To: to, Wait: true}
			if err := mock.call(cmd.Context(), "POST", "/deliveries/"+url.PathEscape(args[0])+"/replay", request, &d); err != nil {
				return err
			}
			visible.Fprintf(cmd.OutOrStdout(), "%s %s to %s\n", d.ID, redaction.New(redaction.Options{}).Text(deliveryText(d)), d.URL)
			if d.State != outbox.Delivered {
				return exitError{code: exitFailed}
			}
			return nil
		},
	}
	mock.register(cmd)
	cmd.Flags().StringVar(&to, "to", "", "send to this `URL`; otherwise to where the channel is")
	return cmd
}
