package main

import (
	"context"
	"net"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator/proxy"
)

// serveProxy forwards until ctx ends, and then what is under way.
func serveProxy(ctx context.Context, p *proxy.Proxy, listener net.Listener) error {
	server := proxy.HTTPServer(p)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(proxy.Listener(listener)) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		err = environment("proxy: %w", err)
	}
	stopping, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if server.Shutdown(stopping) != nil {
		server.Close() // what streams on is cut off
	}
	judging, enough := context.WithTimeout(context.Background(), shutdownGrace)
	defer enough()
	if left := p.Close(judging); left != nil && err == nil {
		err = exitError{exitIncomplete, left}
	}
	return err
}

func (f proxyFlags) welcome(c *console, contract *specs.Contract, addr net.Addr, page *viewer) {
	base, to := baseURL("", addr), c.redact.Text(f.to)
	what := "what is wrong is printed, nothing is changed or stopped"
	if f.strict != "" {
		what = "what breaks the contract is stopped"
	}
	if f.reverse {
		c.printf("Parley stands before the webhook %s and judges what %s sends it\n", to, contract.Name)
		c.printf("  give %s/ to the vendor as the webhook's URL\n", base)
	} else {
		c.printf("Parley stands before %s at %s\n", contract.Name, to)
		c.printf("  give %s to your integration as the vendor's base URL\n", base)
	}
	c.printf("  %s; Ctrl-C ends with a summary\n", what)
	f.viewer.say(c, page)
	sayNotJudged(c.out, contract)
	if !loopback(addr) {
		c.printf("  warning: %s is not loopback; whoever reaches it reaches %s through it\n", addr, to)
	}
	c.printf("\n")
}
