package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/file"
)

// openData opens the ledger of --data, or returns nil.
func (f serveFlags) openData(stderr io.Writer) (*file.Ledger, error) {
	if f.data == "" {
		return nil, nil
	}
	l, err := file.Open(f.data, file.Options{
		Durability: ledger.Durability(f.durability),
		Cut: func(c file.Cut) {
			aside := "they were the beginning of one step"
			if c.Aside != "" {
				aside = "they are in " + c.Aside
			}
			visible.Fprintf(stderr, "parley: --data: the end of %s was not written whole; %d bytes are cut off, %s\n", c.File, c.Bytes, aside)
		},
		Failed: func(sandbox string, err error) {
			if err != nil {
				visible.Fprintf(stderr, "parley: --data: sandbox %s: %v; calls are refused until it can be\n", sandbox, err)
				return
			}
			visible.Fprintf(stderr, "parley: --data: sandbox %s is written again, and goes on\n", sandbox)
		},
	})
	if err != nil {
		return nil, environment("--data: %w", err)
	}
	return l, nil
}

// mock makes a new mock, or one that goes on with what --data has.
func (f serveFlags) mock(o mockserver.Options, data *file.Ledger, played []mockserver.Vendor) (*mockserver.Server, error) {
	if data != nil {
		o.Ledger = data
	}
	if f.forked != nil {
		o.Ledger = f.forked
	}
	mock, err := mockserver.New(o, played...)
	switch {
	case f.forked != nil && err != nil:
		return nil, usage("the report does not fit what is played: %w", err)
	case errors.Is(err, mockserver.ErrSnapshot), errors.Is(err, mockserver.ErrLedger):
		return nil, environment("--data %s: %w", f.data, err)
	case err != nil:
		return nil, f.state.explain(err)
	case mock.Resumed() && (len(f.faults) > 0 || f.scenario != ""):
		err = usage("--data %s: faults and clock are as they were; leave --fault and --scenario out, or name another folder", f.data)
	case mock.Resumed() && f.seedGiven && mock.Sandbox().Seed() != f.seed:
		err = usage("--data %s: its seed is %d; leave --seed out, or name another folder", f.data, mock.Sandbox().Seed())
	}
	if err != nil {
		mock.Close(context.Background())
		return nil, err
	}
	return mock, nil
}

// closeData writes what is left. What could not be written is an error.
func closeData(data *file.Ledger) error {
	if data == nil {
		return nil
	}
	if err := data.Close(context.Background()); err != nil {
		return environment("--data: %w", err)
	}
	return nil
}

func (f serveFlags) sayData(c *console, mock *mockserver.Server) {
	if mock.Resumed() && f.forked == nil {
		c.printf("going on from %s\n", f.data)
	}
	if f.data != "" {
		c.printf("data in %s, with tokens and messages as they are: only you may read it\n", f.data)
	}
}

// connect opens channels to the partners of --partner that have none, and tells them.
func connect(ctx context.Context, c *console, mock *mockserver.Server, partners []mockserver.Channel) {
	sandbox := mock.Sandbox()
	if sandbox == nil {
		return // another replica has it by now, and connects them
	}
	for _, channel := range strangers(sandbox, mock.Resumed(), partners) {
		c.connect(ctx, sandbox, channel)
	}
}

// strangers are the channels of --partner whose partners are not connected already:
// a mock that goes on has those of some, and a new one of all, but told nobody.
func strangers(sandbox *mockserver.Sandbox, resumed bool, partners []mockserver.Channel) []mockserver.Channel {
	channels := sandbox.Channels()
	var list []mockserver.Channel
	for _, p := range partners {
		i := slices.IndexFunc(channels, func(c mockserver.Channel) bool {
			return c.Vendor == p.Vendor && c.URL == p.URL && c.Token == p.Token
		})
		switch {
		case i < 0:
			list = append(list, p)
		case !resumed:
			list = append(list, channels[i])
			channels = slices.Delete(channels, i, i+1) // the same partner may be given twice
		}
	}
	return list
}
