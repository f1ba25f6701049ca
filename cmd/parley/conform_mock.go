package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/vendors"
)

// conformMock is the vendor that a partner is judged with: a mock that judges
// itself too, with the channel of the run.
type conformMock struct {
	mock    *mockserver.Server
	server  *http.Server
	sandbox *mockserver.Sandbox
	channel mockserver.Channel
	target  string
	secrets []string
}

// startMock serves the vendor, and makes the channel so that its address is known
// before the partner is.
func (c *conforming) startMock() (*conformMock, error) {
	state, err := c.state.read()
	if err != nil {
		return nil, err
	}
	listener, err := listen(c.addr)
	if err != nil {
		return nil, err
	}
	o := mockserver.Options{Control: control.New, Seed: c.seed, State: state, BaseURL: baseURL(c.baseURL, listener.Addr()), SelfCheck: true, Secrets: c.secrets, Redactor: c.redactor()}
	if !loopback(listener.Addr()) {
		o.ControlToken = newToken() // nobody is told: the control API is not for a partner
	}
	mock, err := mockserver.New(o, vendors.Played(c.contract)...)
	if err != nil {
		listener.Close()
		return nil, c.state.explain(err)
	}
	m := &conformMock{mock: mock, server: mockserver.HTTPServer(mock), sandbox: mock.Sandbox(), target: c.target, secrets: c.secrets[c.contract.ID]}
	go m.server.Serve(listener)
	if len(c.contract.Events) == 0 { // nothing is sent, so there is no channel
		m.channel = mockserver.Channel{Token: c.token}
		return m, nil
	}
	m.channel, _, err = m.sandbox.OpenChannel(context.Background(), mockserver.Channel{ID: c.channel, Vendor: c.contract.ID, Token: c.token})
	if err != nil {
		m.stop()
		return nil, usage("--channel: %w", err)
	}
	return m, nil
}

func (m *conformMock) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	m.server.Shutdown(ctx)
	m.mock.Close(ctx)
}

// environ is what a program and a stimulus are told.
func (m *conformMock) environ(more ...string) []string {
	told := []string{
		"PARLEY_MOCK_URL=" + m.mock.BaseURL(),
		"PARLEY_WEBHOOK_URL=" + m.channel.Address,
		"PARLEY_CHANNEL=" + m.channel.ID,
		"PARLEY_TOKEN=" + m.channel.Token,
		"PARLEY_TARGET=" + m.target,
	}
	if len(m.secrets) > 0 {
		told = append(told, "PARLEY_SECRET="+m.secrets[0])
	}
	return append(append(os.Environ(), told...), more...)
}

// String names the vendor's side for people.
func (m *conformMock) String() string {
	if m.channel.Address == "" {
		return m.mock.BaseURL()
	}
	return fmt.Sprintf("%s (channel %s)", m.channel.Address, m.channel.ID)
}
