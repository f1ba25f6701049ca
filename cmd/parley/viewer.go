package main

import (
	"context"
	"net"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	ui "github.com/parleykit/parley/console"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
)

// viewerFlags are of commands that show the page over what they see.
type viewerFlags struct {
	addr         string // "": no page
	controlToken string
	open         bool
}

// usualViewer, a free port of this machine, is where the page is when nobody says where.
const usualViewer = "127.0.0.1:0"

func (f *viewerFlags) register(flags *pflag.FlagSet, note string) {
	flags.StringVar(&f.addr, "ui", "", "show all of it on a page at this `address`"+note)
	controlTokenFlag(flags, &f.controlToken, "; made up when the address of the page is not loopback")
	openFlag(flags, &f.open)
}

// strayAddress tells how to write an address that stands beside --ui, where that needs
// none: it looks like an argument.
func strayAddress(cmd *cobra.Command, args []string) error {
	flag := cmd.Flags().Lookup("ui")
	if !flag.Changed || flag.Value.String() != flag.NoOptDefVal {
		return nil
	}
	for _, arg := range args {
		if _, _, err := net.SplitHostPort(arg); err == nil {
			return usage("--ui takes its address behind =: write --ui=%s", arg)
		}
	}
	return nil
}

// vet refuses flags of a page that is not asked for.
func (f *viewerFlags) vet() error {
	switch {
	case f.addr != "":
		return nil
	case f.open:
		return usage("--open opens the page of --ui: give that too")
	case f.controlToken != "":
		return usage("--control-token is for the page of --ui: give that too")
	}
	return nil
}

// viewer is the page on an address of its own.
type viewer struct {
	url   string // of the page
	token string // that was made up; "" where none was
	stop  func()
}

// close ends the page; there may be none.
func (v *viewer) close() {
	if v != nil {
		v.stop()
	}
}

// show serves the page over what a viewer shows, until it is closed. Flag is the one
// that names the address.
func (f viewerFlags) show(flag string, o control.ViewerOptions) (*viewer, error) {
	listener, err := listenAs(flag, f.addr)
	if err != nil {
		return nil, err
	}
	v := &viewer{}
	if o.ControlToken, err = tokenOf("--control-token", f.controlToken); err != nil {
		listener.Close()
		return nil, err
	}
	if o.ControlToken == "" && !loopback(listener.Addr()) {
		v.token = newToken()
		o.ControlToken = v.token
	}
	o.BaseURL = baseURL("", listener.Addr())
	v.url = o.BaseURL + ui.Path
	served, end := context.WithCancel(context.Background())
	o.Served = served
	server := mockserver.HTTPServer(ui.Lead(ui.Beside(control.NewViewer(o))))
	go server.Serve(listener)
	v.stop = func() {
		end()
		stopping, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		defer cancel()
		if server.Shutdown(stopping) != nil {
			server.Close()
		}
	}
	return v, nil
}

// say tells where the page is, and opens it where that was asked for; there may be none.
func (f viewerFlags) say(c *console, v *viewer) {
	if v == nil {
		return
	}
	c.printf("  console     %s\n", v.url)
	if v.token != "" {
		c.printf("  this address is not loopback: the page demands the control token %s\n", v.token)
	}
	if f.open {
		openPage(c, v.url)
	}
}
