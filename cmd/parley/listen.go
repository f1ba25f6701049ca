package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// listenPoll is how long one question for the next delivery waits.
const listenPoll = 20 * time.Second

// maxAnswer bounds a webhook's answer, in bytes.
const maxAnswer = 1 << 20

func listenCommand() *cobra.Command {
	var f listenFlags
	cmd := &cobra.Command{
		Use: "listen [VENDOR]", Short: "Forward the deliveries of a mock that runs elsewhere to a webhook on this machine",
		Long: `Listen connects a webhook on this machine to a mock that cannot reach it, such as
one in a container or on a server: it opens a channel whose deliveries it fetches
over the mock's control API, forwards each to the webhook, and brings the answer
back. To the mock it is as if it had called the webhook itself, with its retries.

While nobody listens, deliveries of the channel fail after their time; the mock
keeps them, and "parley replay" sends them again.`,
		Example: `  parley listen elma365 --forward-to http://localhost:3000/webhook --mock http://mock.example:7357`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			vendor := ""
			if len(args) > 0 {
				vendor = args[0]
			}
			return f.listen(cmd.Context(), vendor, &console{out: cmd.OutOrStdout(), redact: redaction.New(redaction.Options{})})
		},
	}
	f.mock.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.forwardTo, "forward-to", "", "`URL` of your webhook")
	channelFlag(flags, &f.channel, "; opened again if it is there (default: made up)")
	tokenFlag(flags, &f.token, "")
	return cmd
}

type listenFlags struct {
	mock      mockFlags
	forwardTo string
	channel   string
	token     string
}

// opened is what the control API answers to POST channels.
type opened struct {
	Channel    mockserver.Channel `json:"channel"`
	Deliveries []outbox.Delivery  `json:"deliveries"`
}

// listen opens the channel and forwards until ctx ends.
func (f *listenFlags) listen(ctx context.Context, vendor string, out *console) error {
	if f.forwardTo == "" {
		return usage("say with --forward-to where your webhook is, for example --forward-to http://localhost:3000/webhook")
	}
	to, err := url.Parse(f.forwardTo)
	if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return usage("--forward-to %q: write a URL, for example http://localhost:3000/webhook", f.forwardTo)
	}
	name := newToken()
	channel := map[string]any{"vendor": vendor, "id": f.channel, "url": "listen:" + name}
	if f.token != "" {
		token, err := tokenOf("--token", f.token)
		if err != nil {
			return err
		}
		out.redact.Know(token)
		channel["token"] = token
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	forwarding := make(chan error, 1)
	go func() { forwarding <- f.forward(ctx, name, out) }() // opening a channel already sends
	var o opened
	if err := f.mock.call(ctx, "POST", "/channels", channel, &o); err != nil {
		return err
	}
	out.printf("%s: channel %s%s; its deliveries go to %s\n", o.Channel.Vendor, o.Channel.ID, addressed(", which calls ", o.Channel), out.redact.Text(f.forwardTo))
	for _, d := range o.Deliveries {
		out.printf("%s: the partner answered %s\n", o.Channel.Vendor, out.redact.Text(deliveryText(d)))
	}
	return <-forwarding
}

// forward fetches attempts and carries them out side by side, as they come.
func (f *listenFlags) forward(ctx context.Context, name string, out *console) error {
	var attempts sync.WaitGroup
	defer attempts.Wait()
	for ctx.Err() == nil {
		var h outbox.Lease
		err := f.mock.call(ctx, "GET", "/listen/"+name+"?timeout="+listenPoll.String(), nil, &h)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		case h.ID == "":
			continue // none came in that time
		}
		attempts.Go(func() { f.carryOut(ctx, name, h, out) })
	}
	return nil
}

// carryOut calls the webhook, brings its answer back, and prints a line.
func (f *listenFlags) carryOut(ctx context.Context, name string, h outbox.Lease, out *console) {
	e := &traffic.Exchange{
		ID: h.Delivery, Time: time.Now(), Vendor: h.Vendor, Caller: traffic.Vendor, Channel: h.Channel, Attempt: h.Attempt, Request: h.Request,
	}
	e.Request.URL = forwarded(f.forwardTo, h.Request.URL)
	if h.Event != "" {
		e.Operation = "events/" + h.Event
	}
	timeout, err := time.ParseDuration(h.Timeout)
	if err != nil {
		timeout = listenPoll
	}
	calling, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if e.Response, err = call(calling, e.Request); err != nil {
		e.Error = err.Error()
	}
	e.Duration = time.Since(e.Time)
	handed := outbox.Answer{Response: e.Response, Error: e.Error}
	failed := f.mock.call(ctx, "POST", "/listen/"+name+"/"+h.ID, handed, nil)
	out.exchange(e)
	if failed != nil && ctx.Err() == nil {
		out.printf("         the answer did not reach the mock: %s\n", out.redact.Text(failed.Error()))
	}
}

// forwarded is the webhook's URL with the query that an event has.
func forwarded(to, sent string) string {
	_, query, _ := strings.Cut(sent, "?")
	if query == "" {
		return to
	}
	if strings.Contains(to, "?") {
		return to + "&" + query
	}
	return to + "?" + query
}

// call makes one request. A redirect is an answer like any other.
func call(ctx context.Context, r traffic.Request) (*traffic.Response, error) {
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body.Kept))
	if err != nil {
		return nil, err
	}
	request.Header = r.Header.Clone()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, cmp.Or(ctx.Err(), err)
	}
	defer response.Body.Close()
	if response.StatusCode < 100 { // which the mock would not take either
		return nil, fmt.Errorf("the webhook answered %.40s, which is no status of HTTP: they go from 100 to 599", response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("the answer has more than %d bytes", maxAnswer)
	}
	if err != nil {
		return nil, err
	}
	header := response.Header.Clone()
	for name := range header {
		if strings.EqualFold(name, "Content-Length") {
			header.Del(name)
		}
	}
	return &traffic.Response{Status: response.StatusCode, Header: header, Body: traffic.NewBody(body, maxAnswer)}, nil
}
