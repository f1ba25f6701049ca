package main

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/vendors"
)

func sendCommand() *cobra.Command {
	var f sendFlags
	cmd := &cobra.Command{
		Use: "send VENDOR EVENT", Short: "Act on the vendor's side: send an event to a partner's webhook",
		Long: `Send makes a running mock deliver an event, as if somebody on the vendor's side
had acted: the documented sample, changed by --set. With --to it needs no running
mock: it sends the event to that URL itself. A partner that knows its channel by
its ID refuses another one: name the one that it knows with --channel.`,
		Example: `  parley send elma365 message --set data.text=Hello
  parley send elma365 message --to http://localhost:3000/webhook --token confirm
  parley send elma365 message --to http://localhost:3000/webhook --token confirm --channel my-channel`,
		Args: exactly("VENDOR", "EVENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.send(cmd.Context(), args[0], strings.TrimPrefix(args[1], "events/"), cmd.OutOrStdout())
		},
	}
	f.register(cmd)
	f.mock.register(cmd)
	flags := cmd.Flags()
	setFlag(flags, &f.set)
	channelFlag(flags, &f.channel, "; may be left out when there is one with a URL; with --to made up unless given")
	flags.StringVar(&f.sample, "sample", "", "start from the sample of this `name` instead of the documented one")
	flags.StringVar(&f.body, "body", "", "send this JSON body, or @FILE, instead of a sample")
	flags.StringVar(&f.to, "to", "", "send to this `URL`; needs no running mock")
	tokenFlag(flags, &f.token, "; with --to")
	f.signing.register(flags)
	flags.BoolVar(&f.broken, "broken", false, "send it even if it breaks the contract")
	return cmd
}

type sendFlags struct {
	contractFlags
	signing signingFlags
	mock    mockFlags
	set     []string
	channel string
	sample  string
	body    string
	to      string
	token   string
	broken  bool
}

func (f *sendFlags) send(ctx context.Context, vendor, event string, out io.Writer) error {
	request := mockserver.SendRequest{Vendor: vendor, Event: event, Channel: f.channel, Sample: f.sample, Broken: f.broken, Wait: true}
	var err error
	if isDocument(vendor) {
		c, err := f.one(vendor)
		if err != nil {
			return err
		}
		request.Vendor = c.ID
		f.folders = append(f.folders, vendor)
	}
	if request.Set, err = settings("--set", f.set); err != nil {
		return err
	}
	if request.Body, err = bodyOf(f.body); err != nil {
		return err
	}
	redact := redaction.New(redaction.Options{})
	var delivery outbox.Delivery
	if f.to == "" {
		if len(f.signing.schemes)+len(f.signing.given) > 0 {
			return usage("--signature and --secret are for --to; a mock that runs signs with what parley serve was given")
		}
		err = f.mock.call(ctx, "POST", "/send", request, &delivery)
	} else {
		delivery, err = f.direct(ctx, request, redact)
	}
	if err != nil {
		return inFlags(err, "broken")
	}
	if f.token != "" {
		if token, err := tokenOf("--token", f.token); err == nil { // it was read before
			redact.Know(token)
		}
	}
	visible.Fprintf(out, "%s %s to %s\n", delivery.ID, redact.Text(deliveryText(delivery)), redact.Text(delivery.URL))
	if delivery.State != outbox.Delivered {
		return exitError{code: exitFailed}
	}
	return nil
}

// direct plays the vendor in this process for one event.
func (f *sendFlags) direct(ctx context.Context, request mockserver.SendRequest, redact *redaction.Redactor) (outbox.Delivery, error) {
	var none outbox.Delivery
	target, err := url.Parse(f.to)
	if err != nil || target.Host == "" {
		return none, usage("--to %q: write a URL, for example http://localhost:3000/webhook", f.to)
	}
	contract, err := f.one(request.Vendor)
	if err != nil {
		return none, err
	}
	contracts, err := f.signing.choose([]*specs.Contract{contract})
	if err != nil {
		return none, err
	}
	secrets, err := f.signing.secrets(contracts)
	if err != nil {
		return none, err
	}
	know(redact, secrets)
	token, err := tokenOf("--token", f.token)
	if err != nil {
		return none, err
	}
	mock, err := mockserver.New(mockserver.Options{BaseURL: "http://" + defaultAddr, Secrets: secrets}, vendors.Played(contracts...)...)
	if err != nil {
		return none, usage("%w", err)
	}
	defer mock.Close(ctx)
	channel, err := mock.Sandbox().PutChannel(mockserver.Channel{Vendor: request.Vendor, ID: request.Channel, URL: f.to, Token: token})
	if err != nil {
		return none, usage("%w", err)
	}
	request.Channel = channel.ID
	delivery, err := mock.Sandbox().Send(ctx, request)
	if err != nil {
		return none, usage("%w", err)
	}
	return delivery, nil
}

// settings reads "data.text=Hello", given with a flag. A value that is JSON is taken as JSON.
func settings(flag string, texts []string) (map[string]any, error) {
	values := map[string]any{}
	for _, text := range texts {
		path, value, ok := strings.Cut(text, "=")
		if !ok || path == "" {
			return nil, usage("%s %q: write path.to.field=value", flag, text)
		}
		var parsed any
		if json.Unmarshal([]byte(value), &parsed) != nil {
			parsed = value
		}
		values[path] = parsed
	}
	return values, nil
}

func bodyOf(text string) (map[string]any, error) {
	if text == "" {
		return nil, nil
	}
	data := []byte(text)
	if file, ok := strings.CutPrefix(text, "@"); ok {
		var err error
		if data, err = readFile("--body", file); err != nil {
			return nil, err
		}
	}
	var body map[string]any
	if err := json.Unmarshal(data, &body); err != nil {
		return nil, usage("--body: not a JSON object: %w", err)
	}
	return body, nil
}
