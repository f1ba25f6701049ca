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
	"github.com/parleykit/parley/mockserver/metrics"
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

func serve(ctx context.Context, f serveFlags, ids []string, stdout, stderr io.Writer) error {
	chosen, err := f.settings(ids)
	if err != nil {
		return err
	}
	listener, err := listen(f.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	made := chosen.token == "" && chosen.tokens == nil && !loopback(listener.Addr())
	if made {
		chosen.token = newToken()
	}
	f.controlToken = chosen.token
	redact := chosen.redactor(f.unreadable)
	console := newConsole(stdout, redact)
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
	options := f.options(chosen)
	options.BaseURL, options.Redactor, options.Recorded = baseURL(f.baseURL, listener.Addr()), redact, seen.exchange
	replicas.shares(&options)
	count := metrics.New(&options)
	replicas.counted(count)
	if data != nil {
		ledgerLag(count, data.Waiting)
	}
	mock, err := f.mock(options, data, vendors.Played(chosen.contracts...))
	if err != nil {
		return err
	}
	if err := cmp.Or(f.addFaults(mock), f.beginWith(mock)); err != nil {
		return err
	}
	server := serverWithConsole(mock, chosen.contracts)
	server.Handler = replicas.over(mock, server.Handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	if err := replicas.begin(ctx, console, f.nameOfCluster()); err != nil {
		return cmp.Or(err, replicas.close())
	}
	console.welcome(mock, chosen.contracts, made, f.controlToken)
	if f.open {
		openPage(console, mock.BaseURL()+ui.Path)
	}
	f.sayData(console, mock)
	end := seen.begin(ctx)
	defer f.reload(ids, mock, console, stderr)()
	defer chosen.tokens.follow(redact, console, stderr)()
	if replicas == nil {
		connect(ctx, console, mock, chosen.partners)
	}
	for ctx.Err() == nil {
		select {
		case <-replicas.took():
			connect(ctx, console, mock, chosen.partners)
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
