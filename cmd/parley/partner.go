package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

const defaultPartnerAddr = "127.0.0.1:3000"

// defaultPartnerToken is the token of the vendors' samples.
const defaultPartnerToken = "confirm"

func partnerCommand() *cobra.Command {
	var f partnerFlags
	cmd := &cobra.Command{
		Use: "partner VENDOR", Short: "Run a reference partner, good or with chosen defects, to try Parley on",
		Long: `Partner runs a small integration that does all that the vendor asks for. With
--defect it does one thing wrong, so that you see what Parley finds.

Where a flag is missing, the environment says it, as for any partner that
"parley conform ... -- COMMAND" starts: PARLEY_TOKEN, PARLEY_CHANNEL, and
PARLEY_WEBHOOK_URL, the URL at which the vendor takes calls for that channel,
and PARLEY_MOCK_URL, where the vendor's API begins. With --signature it refuses
events that are not signed with --secret (or PARLEY_SECRET).`,
		Example: `  parley partner elma365 --token confirm
  parley partner elma365 --defect accepts-any-token --defect answers-400
  parley partner elma365 --list-defects`,
		Args:      exactly("VENDOR"),
		ValidArgs: withReference(),
		RunE: func(cmd *cobra.Command, args []string) error {
			reference, err := referenceOf(args[0])
			if err != nil {
				return err
			}
			if f.listDefects {
				return listDefects(cmd.OutOrStdout(), reference)
			}
			return runPartner(cmd.Context(), reference, f, cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	addrFlag(flags, &f.addr, defaultPartnerAddr)
	tokenFlag(flags, &f.token, " (default PARLEY_TOKEN, or the sample's: "+defaultPartnerToken+")")
	channelFlag(flags, &f.channel, "; known before the vendor connects it (default PARLEY_CHANNEL)")
	f.signing.register(flags)
	flags.StringVar(&f.webhook, "webhook", "", "`URL` of the vendor for that channel (default PARLEY_WEBHOOK_URL)")
	flags.StringVar(&f.api, "api", "", "`URL` at which the vendor's API begins (default PARLEY_MOCK_URL)")
	flags.StringArrayVar(&f.defects, "defect", nil, "do this wrong, by `NAME` (repeatable); --list-defects shows them")
	flags.BoolVar(&f.listDefects, "list-defects", false, "print the defects and exit")
	flags.DurationVar(&f.retryAfter, "retry-after", 0, "how long an outcome is waited for, and the pause before a retry (default 1s)")
	flags.IntVar(&f.attempts, "attempts", 0, "how often one message is sent at most (default 5)")
	return cmd
}

type partnerFlags struct {
	signing     signingFlags
	addr        string
	token       string
	channel     string
	webhook     string
	api         string
	defects     []string
	listDefects bool
	retryAfter  time.Duration
	attempts    int
}

// withReference lists the vendors that a reference partner speaks with.
func withReference() []string {
	var ids []string
	for _, v := range vendors.All() {
		if v.Reference != nil {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

func referenceOf(id string) (partner.Vendor, error) {
	if reference := vendors.Of(id).Reference; reference != nil {
		return reference(), nil
	}
	return partner.Vendor{}, usage("no reference partner for %q; there is one for %s", id, strings.Join(withReference(), ", "))
}

func listDefects(out io.Writer, v partner.Vendor) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, d := range v.Defects {
		visible.Fprintf(table, "%s\t%s\n", d.Name, d.About)
	}
	return table.Flush()
}

func runPartner(ctx context.Context, v partner.Vendor, f partnerFlags, stdout io.Writer) error {
	token, err := f.chosenToken()
	if err != nil {
		return err
	}
	out := &console{out: stdout}
	p, err := partner.New(v, partner.Options{
		Token: token, Defects: f.defects, RetryAfter: f.retryAfter, Attempts: f.attempts,
		Channel: cmp.Or(f.channel, os.Getenv("PARLEY_CHANNEL")),
		Webhook: cmp.Or(f.webhook, os.Getenv("PARLEY_WEBHOOK_URL")),
		API:     f.apiURL(),
		Log:     func(line string) { out.printf("%s %s\n", time.Now().Format(time.TimeOnly), line) },
		Pass: func(chat, text string, files int) {
			out.printf("%s chat %.40q shows %.60q and %s\n", time.Now().Format(time.TimeOnly), chat, text, plural.Of(files, "file"))
		},
	})
	if err != nil {
		return usage("%w", err)
	}
	defer p.Close()
	handler, err := f.verifying(v, p, out)
	if err != nil {
		return err
	}
	return servePartner(ctx, v, f, handler, out)
}

// verifying is the partner, behind what verifies signatures where the flags ask for it.
func (f partnerFlags) verifying(v partner.Vendor, p http.Handler, out *console) (http.Handler, error) {
	contract, err := specs.Embedded(v.ID)
	if err != nil {
		return nil, usage("%w", err)
	}
	contracts, err := f.signing.choose([]*specs.Contract{contract})
	if err != nil {
		return nil, err
	}
	if told, ok := os.LookupEnv("PARLEY_SECRET"); ok && len(f.signing.given) == 0 && signs(contracts[0]) {
		f.signing.given = []string{told}
	}
	secrets, err := f.signing.secrets(contracts)
	switch {
	case err != nil:
		return nil, err
	case !signs(contracts[0]):
		return p, nil
	case len(secrets[v.ID]) == 0:
		return nil, usage("--signature: say with --secret what events are signed with")
	}
	keys, err := contracts[0].Signature.Keys(secrets[v.ID]...)
	if err != nil {
		return nil, usage("--secret: %w", err)
	}
	return partner.Verifying(p, contracts[0].Signature.Scheme, keys, func(line string) { out.printf("%s %s\n", time.Now().Format(time.TimeOnly), line) }), nil
}

func (f partnerFlags) apiURL() string { return cmp.Or(f.api, os.Getenv("PARLEY_MOCK_URL")) }

func (f partnerFlags) chosenToken() (string, error) {
	if f.token != "" {
		return tokenOf("--token", f.token)
	}
	if token, ok := os.LookupEnv("PARLEY_TOKEN"); ok {
		return token, nil
	}
	return defaultPartnerToken, nil
}

func servePartner(ctx context.Context, v partner.Vendor, f partnerFlags, p http.Handler, out *console) error {
	listener, err := listen(f.addr)
	if err != nil {
		return err
	}
	server := mockserver.HTTPServer(p)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	base := baseURL("", listener.Addr())
	out.printf("A partner of %s on %s, defects: %s\n", v.ID, base, cmp.Or(strings.Join(f.defects, ", "), "none"))
	if v.NoWebhook {
		out.printf("  it calls:      %s\n", cmp.Or(f.apiURL(), "nobody; say with --api URL where the vendor is"))
	} else {
		out.printf("  its webhook:   %s/webhook\n", base)
	}
	for _, order := range v.Orders {
		out.printf("  curl -sS -X POST %s%s\n      %s\n", base, order.Path, order.About)
	}
	out.printf("\n")
	select {
	case <-ctx.Done():
	case err := <-failed:
		return environment("partner: %w", err)
	}
	stopping, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, http.ErrServerClosed) {
		return environment("shutdown: %w", err)
	}
	return nil
}
