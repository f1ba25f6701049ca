package main

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// completeWithin is how long a shell waits for what a running mock knows.
const completeWithin = 300 * time.Millisecond

// harmless is a text that a shell takes for itself, whatever a mock or its partners have
// called something: it stands on the command line as it is.
var harmless = lazy.Regexp(`^[A-Za-z0-9][A-Za-z0-9._:@/-]*$`)

// asked is what the running mock answers that a command line names, or nothing, silently:
// who types is not disturbed.
func asked(cmd *cobra.Command, path string, answer any) bool {
	mock := mockFlags{url: mockURL(cmd)}
	if mock.url == "" {
		return false
	}
	mock.token, _ = cmd.Flags().GetString("control-token")
	if path != "/sandboxes" {
		mock.sandbox, _ = cmd.Flags().GetString("sandbox")
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completeWithin)
	defer cancel()
	return mock.call(ctx, "GET", path, nil, answer) == nil
}

// mockURL is that of the mock that a command would ask: --mock, or a --from that is no file.
func mockURL(cmd *cobra.Command) string {
	if flag := cmd.Flags().Lookup("mock"); flag != nil {
		return flag.Value.String()
	}
	from, _ := cmd.Flags().GetStringArray("from")
	i := slices.IndexFunc(from, func(source string) bool { return strings.Contains(source, "://") })
	if i < 0 {
		return ""
	}
	return from[i]
}

// described are IDs, each with what a shell may show beside it.
type described []string

func (d *described) add(id, about string) {
	if harmless().MatchString(id) {
		*d = append(*d, id+"\t"+about)
	}
}

func sandboxNames(cmd *cobra.Command, _ []string, _ string) []string {
	var list struct {
		Sandboxes []struct {
			Name                string `json:"name"`
			Exchanges, Channels int
		} `json:"sandboxes"`
	}
	var all described
	if asked(cmd, "/sandboxes", &list) {
		for _, b := range list.Sandboxes {
			all.add(b.Name, strconv.Itoa(b.Exchanges)+" exchanges, "+strconv.Itoa(b.Channels)+" channels")
		}
	}
	return all
}

func channelIDs(cmd *cobra.Command, _ []string, _ string) []string {
	var list struct {
		Channels []mockserver.Channel `json:"channels"`
	}
	var all described
	if asked(cmd, "/channels", &list) {
		for _, c := range list.Channels {
			all.add(c.ID, c.Vendor+" "+c.URL)
		}
	}
	return all
}

// exchangeIDs are those of the journal's newest exchanges.
func exchangeIDs(cmd *cobra.Command, _ []string, _ string) []string {
	var list struct {
		Exchanges []traffic.Exchange `json:"exchanges"`
	}
	var all described
	if asked(cmd, "/journal", &list) {
		for _, e := range list.Exchanges {
			all.add(e.ID, e.Vendor+" "+e.Operation)
		}
	}
	return all
}

func deliveryIDs(cmd *cobra.Command, _ []string, _ string) []string {
	var list struct {
		Deliveries []outbox.Delivery `json:"deliveries"`
	}
	var all described
	if asked(cmd, "/deliveries", &list) {
		for _, d := range list.Deliveries {
			all.add(d.ID, d.Vendor+" "+d.Event+" "+string(d.State))
		}
	}
	return all
}

func faultIDs(cmd *cobra.Command, _ []string, _ string) []string {
	var list struct {
		Faults []fault.Rule `json:"faults"`
	}
	var all described
	if asked(cmd, "/faults", &list) {
		for _, f := range list.Faults {
			all.add(f.ID, faultText(f))
		}
	}
	return all
}

// playedVendors are those that the running mock plays; nil: none is asked, or answers.
func playedVendors(cmd *cobra.Command) []string {
	var list struct {
		Contracts []entry `json:"contracts"`
	}
	if !asked(cmd, "/contracts", &list) {
		return nil
	}
	var all []string
	for _, c := range list.Contracts {
		if harmless().MatchString(c.ID) {
			all = append(all, c.ID)
		}
	}
	return all
}

// playedInventories are those of a vendor, or of all, that the running mock plays; nil:
// none is asked, or answers.
func playedInventories(cmd *cobra.Command, vendor string) []inventory {
	vendors := []string{vendor}
	if vendor == "" {
		vendors = playedVendors(cmd)
	}
	var all []inventory
	for _, id := range vendors {
		var one inventory
		if !asked(cmd, "/contracts/"+url.PathEscape(id), &one) {
			return nil
		}
		all = append(all, one.harmless())
	}
	return all
}

// harmless leaves out what a shell would not take for a text.
func (i inventory) harmless() inventory {
	strange := func(e entry) bool { return !harmless().MatchString(e.ID) }
	return inventory{Operations: slices.DeleteFunc(i.Operations, strange), Events: slices.DeleteFunc(i.Events, strange)}
}
