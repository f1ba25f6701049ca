package main

import (
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/recording"
)

// maxSnapshot is the most that is read of a mock's state, in bytes: more than one
// keeps.
const maxSnapshot = 512 << 20

// mock makes a new mock, or one that goes on from --state-from.
func (f serveFlags) mock(o mockserver.Options, played []mockserver.Vendor) (*mockserver.Server, error) {
	if f.stateFrom == "" {
		mock, err := mockserver.New(o, played...)
		if err != nil {
			return nil, f.state.explain(err)
		}
		return mock, nil
	}
	if len(f.faults) > 0 || f.scenario != "" {
		return nil, usage("--state-from %s: faults and clock are as they were; leave --fault and --scenario out", f.stateFrom)
	}
	text, err := files.Read(f.stateFrom, maxSnapshot)
	if err != nil {
		return nil, usage("--state-from: %w; parley serve --state-to FILE writes one", err)
	}
	var head struct{ Seed *uint64 }
	if json.Unmarshal(text, &head) == nil && head.Seed != nil && f.seedGiven && *head.Seed != f.seed {
		return nil, usage("--state-from %s: its seed is %d; leave --seed out", f.stateFrom, *head.Seed)
	}
	mock, err := mockserver.Restore(text, o, played...) // its deliveries go on at once
	switch {
	case errors.Is(err, mockserver.ErrSnapshot):
		return nil, usage("--state-from %s: %w", f.stateFrom, err)
	case err != nil:
		return nil, f.state.explain(err)
	}
	return mock, nil
}

// keepState writes to --state-to until its end is called, after the mock's.
func (f serveFlags) keepState(mock *mockserver.Server, stderr io.Writer) (end func() error, err error) {
	if f.stateTo == "" {
		return func() error { return nil }, nil
	}
	keeper, err := recording.Keep(f.stateTo, mock.Sandbox(), func(err error) {
		visible.Fprintf(stderr, "parley: --state-to: %v; what follows is not kept until it can be\n", err)
	})
	if err != nil {
		return nil, environment("--state-to: %w", err)
	}
	return func() error {
		if err := keeper.Close(); err != nil {
			return environment("--state-to: %w", err)
		}
		return nil
	}, nil
}

func (f serveFlags) sayState(c *console) {
	if f.stateFrom != "" {
		c.printf("going on from %s\n", f.stateFrom)
	}
	if f.stateTo != "" {
		c.printf("state to %s, with tokens and messages as they are: only you may read it\n", f.stateTo)
	}
}

// strangers are the channels of --partner whose partners are not connected already:
// a mock that goes on has those of some, and a new one of all, but told nobody.
func (f serveFlags) strangers(mock *mockserver.Server, partners []mockserver.Channel) []mockserver.Channel {
	channels := mock.Sandbox().Channels()
	var list []mockserver.Channel
	for _, p := range partners {
		i := slices.IndexFunc(channels, func(c mockserver.Channel) bool {
			return c.Vendor == p.Vendor && c.URL == p.URL && c.Token == p.Token
		})
		switch {
		case i < 0:
			list = append(list, p)
		case f.stateFrom == "":
			list = append(list, channels[i])
			channels = slices.Delete(channels, i, i+1) // the same partner may be given twice
		}
	}
	return list
}
