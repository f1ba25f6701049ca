package mockserver

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/outbox"
)

// maxChannels bounds how many channels a sandbox keeps.
const maxChannels = 10_000

// Channel is one connection of a partner's to a vendor: where the vendor sends
// its events, and the token that both know.
type Channel struct {
	ID     string        `json:"id"`
	Vendor string        `json:"vendor"`
	Name   string        `json:"name,omitempty"`
	Token  string        `json:"-"` // the control API shows it only when asked
	URL    string        `json:"url,omitempty"`
	State  ChannelState  `json:"state"`
	Policy outbox.Policy `json:"policy,omitzero"` // of its deliveries, where it is not the contract's

	// Address is where the partner calls the vendor for this channel. The mock
	// fills it in when it is asked for a channel.
	Address string `json:"address,omitempty"`
}

// ChannelState is whether a partner is connected.
type ChannelState string

// The states of a channel.
const (
	ChannelActive       ChannelState = "active"
	ChannelDisconnected ChannelState = "disconnected"
	ChannelError        ChannelState = "error" // the partner did not accept the connection
)

// ChannelStates are all of them.
func ChannelStates() []ChannelState {
	return []ChannelState{ChannelActive, ChannelDisconnected, ChannelError}
}

// ErrNoChannel says that there is no channel of that ID.
var ErrNoChannel error = &problem.Reason{Status: http.StatusNotFound, Kind: "channel", Text: "no such channel"}

// newChannel completes a channel and checks it.
func (in *instance) newChannel(v *vendor, c Channel) (Channel, error) {
	if c.ID == "" {
		c.ID = in.ids.uuid()
	}
	c.Vendor, c.Address = v.contract.ID, ""
	if c.State == "" {
		c.State = ChannelActive
	}
	in.sandbox.Redactor().Met(c.Token)
	return c, c.check(v)
}

// check says what is wrong with what a channel was given.
func (c Channel) check(v *vendor) error {
	if c.URL != "" {
		if _, err := target(c.URL); err != nil {
			return err
		}
	}
	if _, err := v.plan.With(c.Policy); err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	return nil
}

func (c Channel) copy() Channel {
	c.Policy = c.Policy.Clone()
	return c
}

// addChannel stores a channel whose ID must be free.
func (in *instance) addChannel(v *vendor, c Channel) (Channel, error) {
	c, err := in.newChannel(v, c)
	if err != nil {
		return c, err
	}
	return in.channels.Upsert(c.ID, func(stored *Channel) error {
		if stored.ID != "" {
			return fmt.Errorf("channel %s exists already", c.ID)
		}
		*stored = c
		return nil
	})
}

// openChannel stores a channel, or puts it in the place of the one with its ID.
func (in *instance) openChannel(v *vendor, c Channel) (Channel, error) {
	c, err := in.newChannel(v, c)
	if err != nil {
		return c, err
	}
	c.State = ChannelActive
	return in.channels.Upsert(c.ID, func(stored *Channel) error {
		if stored.ID != "" && stored.Vendor != c.Vendor {
			return fmt.Errorf("channel %s belongs to %s; choose another ID", c.ID, stored.Vendor)
		}
		*stored = c
		return nil
	})
}

func (in *instance) channel(id string) (Channel, bool) {
	c, err := in.channels.Get(id)
	return c, err == nil
}

// channelsOf lists the channels of a vendor, or all with "".
func (in *instance) channelsOf(vendor string) []Channel {
	all, err := in.channels.List()
	if err != nil {
		return nil
	}
	list := []Channel{}
	for _, c := range all {
		if vendor == "" || c.Vendor == vendor {
			list = append(list, c)
		}
	}
	return list
}

// withAddress fills in where the partner calls the vendor.
func (in *instance) withAddress(c Channel) Channel {
	if stage := in.stageOf(c.Vendor); stage != nil && stage.behaviour.Address != nil {
		c.Address = stage.BaseURL() + stage.behaviour.Address(c)
	}
	return c
}

// chosenChannel finds the channel that a request of the vendor's side means: the
// named one, the only one with a URL, or the first.
func (in *instance) chosenChannel(v *vendor, id string) (Channel, error) {
	if id != "" {
		c, ok := in.channel(id)
		if !ok || c.Vendor != v.contract.ID {
			return c, fmt.Errorf("%w: %s has no channel %q; GET /_parley/channels lists them", ErrNoChannel, v.contract.Name, id)
		}
		return c, nil
	}
	list := in.channelsOf(v.contract.ID)
	if len(list) == 0 {
		return Channel{}, fmt.Errorf("%w: %s has none yet; open one with POST /_parley/channels", ErrNoChannel, v.contract.Name)
	}
	var reachable []Channel
	for _, c := range list {
		if c.URL != "" {
			reachable = append(reachable, c)
		}
	}
	switch len(reachable) {
	case 0:
		return list[0], nil
	case 1:
		return reachable[0], nil
	}
	return Channel{}, fmt.Errorf("%s has %d channels with a URL; say which is meant with \"channel\", for instance %q", v.contract.Name, len(reachable), reachable[0].ID)
}

// target checks a URL that requests are sent to.
func target(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("URL %q: %w", text, errors.Unwrap(err))
	case u.Scheme == outbox.ListenScheme:
		return u, checkListenName(u.Opaque)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("URL %q: give an absolute one that begins with http:// or https://", text)
	case u.Host == "" || u.Hostname() == "":
		return nil, fmt.Errorf("URL %q has no host", text)
	case u.User != nil:
		return nil, fmt.Errorf("URL of host %s carries a user name or password; leave them out, they would stand in every record", u.Host)
	}
	return u, nil
}

// allowed reports whether requests may be sent to a URL: it is a channel's, or the
// options allow it.
func (in *instance) allowed(u *url.URL) bool {
	text := u.String()
	for _, c := range in.channelsOf("") {
		if configured, err := url.Parse(c.URL); err == nil && c.URL != "" && configured.String() == text {
			return true
		}
	}
	allow := in.sandbox.server.options.AllowTargets
	return allow != nil && allow(u)
}

// checkListenName says what is wrong with the name in a channel's URL.
func checkListenName(name string) error {
	if checkSandboxName(name) != nil {
		return fmt.Errorf("URL %q: a listener's name has 1 to %d letters, digits, \"-\", \"_\" or \".\", as listen:mine", outbox.ListenScheme+":"+strings.ToValidUTF8(name, "?"), maxSandboxName)
	}
	return nil
}
