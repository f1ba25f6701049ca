package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

const defaultAddr = "127.0.0.1:7357"

// shutdownGrace is how long queued deliveries may still take when the mock stops.
const shutdownGrace = 5 * time.Second

type serveFlags struct {
	contractFlags
	addr         string
	baseURL      string
	partners     []string
	tokens       []string
	controlToken string
	journal      traffic.Limits
	bodyLimit    int64
	seed         uint64
	selfCheck    bool
	quiet        bool
}

func serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve [VENDOR...]",
		Short: "Play the vendors: serve their operations, remember, and call webhooks back",
		Long: `Serve plays the named vendors, or all that it has a contract of, on one address. It keeps state,
validates what it receives, and calls the partner's webhook with the vendor's
events. Its control API lies under /_parley/.`,
		Example: `  parley serve
  parley serve --partner elma365=http://localhost:3000/webhook --token confirm`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return serve(cmd.Context(), f, args, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", defaultAddr, "`address` to listen on; port 0 takes a free one")
	flags.StringVar(&f.baseURL, "base-url", "", "`URL` under which partners reach the mock, when it is not the address")
	flags.StringArrayVar(&f.partners, "partner", nil, "connect a partner's webhook, as `VENDOR=URL` (repeatable)")
	flags.StringArrayVar(&f.tokens, "token", nil, "`token` of the partner named before it, or @FILE (repeatable, in the order of --partner)")
	flags.StringVar(&f.controlToken, "control-token", "", "bearer `token` that the control API demands; made up when the address is not loopback")
	flags.IntVar(&f.journal.Exchanges, "journal-exchanges", 0, "how many exchanges to keep (default 10000)")
	flags.Int64Var(&f.journal.Bytes, "journal-bytes", 0, "how many bytes of exchanges to keep (default 64 MiB)")
	flags.Int64Var(&f.bodyLimit, "body-limit", 0, "largest request body in bytes (default 1 MiB)")
	flags.Uint64Var(&f.seed, "seed", 0, "decides the IDs that the mock makes up")
	flags.BoolVar(&f.selfCheck, "self-check", false, "judge the mock's own answers too")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "print no line per exchange")
	return cmd
}

func serve(ctx context.Context, f serveFlags, ids []string, stdout, stderr io.Writer) error {
	contracts, err := f.load(ids...)
	if err != nil {
		return err
	}
	partners, err := f.partnerChannels()
	if err != nil {
		return err
	}
	listener, err := listen(f.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	made := f.controlToken == "" && !loopback(listener.Addr())
	if made {
		f.controlToken = newToken()
	}
	console := newConsole(stdout, f.quiet, contracts)
	mock, err := mockserver.New(mockserver.Options{
		Seed: f.seed, BaseURL: baseURL(f.baseURL, listener.Addr()), BodyLimit: f.bodyLimit, Journal: f.journal,
		SelfCheck: f.selfCheck, ControlToken: f.controlToken, OnExchange: console.exchange,
	}, played(contracts)...)
	if err != nil {
		return usage("%w", err)
	}
	server := mockserver.HTTPServer(mock)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	console.welcome(mock, contracts, made, f.controlToken)
	for _, channel := range partners {
		console.connect(ctx, mock, channel)
	}
	select {
	case <-ctx.Done():
	case err := <-failed:
		return environment("serve: %w", err)
	}
	return shutdown(server, mock, stderr)
}

// shutdown answers what is under way, delivers what is queued, and says what
// could not be delivered.
func shutdown(server *http.Server, mock *mockserver.Server, stderr io.Writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	err := server.Shutdown(ctx)
	left := mock.Close(ctx)
	for _, d := range left {
		fmt.Fprintf(stderr, "not delivered: %s %s events/%s to %s (%s)\n", d.ID, d.Vendor, d.Event, d.URL, d.State)
	}
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return environment("shutdown: %w", err)
	}
	return nil
}

// partnerChannels pairs each --partner with its --token.
func (f serveFlags) partnerChannels() ([]mockserver.Channel, error) {
	if len(f.tokens) > len(f.partners) {
		return nil, usage("--token: %d tokens for %d partners; each --token follows its --partner VENDOR=URL", len(f.tokens), len(f.partners))
	}
	var channels []mockserver.Channel
	for i, text := range f.partners {
		id, target, ok := strings.Cut(text, "=")
		if !ok || !strings.Contains(target, "://") {
			return nil, usage("--partner %q: write VENDOR=URL, for example --partner %s=http://localhost:3000/webhook", text, specs.IDs()[0])
		}
		channel := mockserver.Channel{Vendor: id, URL: target}
		if i < len(f.tokens) {
			token, err := tokenOf(f.tokens[i])
			if err != nil {
				return nil, err
			}
			channel.Token = token
		}
		channels = append(channels, channel)
	}
	return channels, nil
}

func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, environment("cannot listen on %s: %w; choose another address with --addr, for example --addr 127.0.0.1:0", addr, err)
	}
	return listener, nil
}

func loopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// baseURL is how partners on this machine reach the listener. A listener on all
// addresses is named by the loopback one; --base-url says better.
func baseURL(chosen string, addr net.Addr) string {
	if chosen != "" {
		return strings.TrimRight(chosen, "/")
	}
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", tcp.Port)
	}
	return "http://" + addr.String()
}

func newToken() string {
	data := make([]byte, 16)
	rand.Read(data) // never fails
	return hex.EncodeToString(data)
}

// console prints one line per exchange, whole lines only.
type console struct {
	mu     sync.Mutex
	out    io.Writer
	quiet  bool
	redact *traffic.Redactor
}

func newConsole(out io.Writer, quiet bool, contracts []*specs.Contract) *console {
	return &console{out: out, quiet: quiet, redact: traffic.NewRedactor(validator.Secrets(contracts...)...)}
}

func (c *console) printf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(c.out, format, args...)
}

// exchange prints the line of an exchange, and below it what is wrong with it.
func (c *console) exchange(e *traffic.Exchange) {
	if c.quiet {
		return
	}
	text := traffic.Line(e, time.Local) + "\n"
	for _, f := range e.Findings {
		if f.Severity.AtLeast(traffic.Warn) {
			text += fmt.Sprintf("         %s %s\n", f.Part, f)
		}
	}
	c.printf("%s", c.redact.Text(text))
}

func (c *console) welcome(mock *mockserver.Server, contracts []*specs.Contract, made bool, controlToken string) {
	base := mock.BaseURL()
	c.printf("Parley plays %s on %s\n", nameList(contracts), base)
	for _, channel := range mock.Sandbox().Channels() {
		c.printf("  %-9s channel %s: %s\n", channel.Vendor, channel.ID, channel.Address)
	}
	c.printf("  control   %s/_parley/ (health, journal, channels, send, deliveries, faults, state, reset)\n", base)
	if made {
		c.printf("  this address is not loopback: the control API demands Authorization: Bearer %s\n", controlToken)
	}
	for _, contract := range contracts {
		if line := curlLine(base, contract); line != "" {
			c.printf("\nTry it:\n  %s\n", line)
			break
		}
	}
	c.printf("\n")
}

func nameList(contracts []*specs.Contract) string {
	var names []string
	for _, c := range contracts {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// curlLine is a call that works as printed.
func curlLine(base string, c *specs.Contract) string {
	try := vendorOf(c.ID).try
	o := c.Operation("operations/" + try.operation)
	if o == nil {
		return ""
	}
	sample, ok := c.Payloads[o.Payload].Sample(try.sample)
	if !ok {
		return ""
	}
	target := o.Path
	for name, value := range try.params {
		target = strings.ReplaceAll(target, "{"+name+"}", value)
	}
	return fmt.Sprintf("curl -sS -i -X %s %s%s -H 'Content-Type: application/json' -d '%s'", o.Method, base, target, compact(sample.Body))
}

// connect opens a channel to a partner and says how the partner took it.
func (c *console) connect(ctx context.Context, mock *mockserver.Server, channel mockserver.Channel) {
	opened, deliveries, err := mock.Sandbox().OpenChannel(ctx, channel)
	if err != nil {
		c.printf("%s: no channel to %s: %v\n", channel.Vendor, channel.URL, err)
		return
	}
	c.printf("%s: channel %s to %s, which calls %s\n", opened.Vendor, opened.ID, opened.URL, opened.Address)
	for _, d := range deliveries {
		c.printf("%s: the partner answered %s\n", opened.Vendor, deliveryText(d))
	}
}

// deliveryText says how a delivery ended.
func deliveryText(d mockserver.Delivery) string {
	text := fmt.Sprintf("events/%s: %s", d.Event, d.State)
	if d.Status != 0 {
		text += fmt.Sprintf(", status %d", d.Status)
	}
	if d.Error != "" {
		text += " (" + d.Error + ")"
	}
	return text
}
