package main

import (
	"context"
	"encoding/json"
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

// listed are the elements of a list that the running mock answers as a member of an object,
// each with what it is called.
func listed[T any](cmd *cobra.Command, path, member string, called func(T) (id, about string)) []string {
	var body map[string]json.RawMessage
	var list []T
	var all described
	if asked(cmd, path, &body) && json.Unmarshal(body[member], &list) == nil {
		for _, one := range list {
			all.add(called(one))
		}
	}
	return all
}

func sandboxNames(cmd *cobra.Command, _ []string, _ string) []string {
	type sandbox struct {
		Name                string
		Exchanges, Channels int
	}
	return listed(cmd, "/sandboxes", "sandboxes", func(b sandbox) (id, about string) {
		return b.Name, strconv.Itoa(b.Exchanges) + " exchanges, " + strconv.Itoa(b.Channels) + " channels"
	})
}

func channelIDs(cmd *cobra.Command, _ []string, _ string) []string {
	return listed(cmd, "/channels", "channels", func(c mockserver.Channel) (id, about string) { return c.ID, c.Vendor + " " + c.URL })
}

func deliveryIDs(cmd *cobra.Command, _ []string, _ string) []string {
	return listed(cmd, "/deliveries", "deliveries", func(d outbox.Delivery) (id, about string) {
		return d.ID, d.Vendor + " " + d.Event + " " + string(d.State)
	})
}

func faultIDs(cmd *cobra.Command, _ []string, _ string) []string {
	return listed(cmd, "/faults", "faults", func(f fault.Rule) (id, about string) { return f.ID, faultText(f) })
}

// exchangeIDs are those of the journal's newest exchanges.
func exchangeIDs(cmd *cobra.Command, _ []string, _ string) []string {
	return listed(cmd, "/journal", "exchanges", func(e traffic.Exchange) (id, about string) { return e.ID, e.Vendor + " " + e.Operation })
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
