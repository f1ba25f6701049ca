package control_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

const aTrace = "4bf92f3577b34da6a3ce929d0e0e4736"

func oneOf[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// anyQuery chooses exchanges by some parameters of a filter.
func anyQuery(r *rand.Rand) url.Values {
	query := url.Values{}
	for name, values := range map[string][]string{
		"vendor": {"acme"}, "operation": {"ticket", "operations/note", "events/changed"}, "caller": {"partner", "vendor"},
		"status": {"200", "5xx", "0"}, "channel": {"a", "b"}, "trace": {aTrace}, "text": {"ab"},
	} {
		if r.IntN(3) == 0 {
			query.Set(name, oneOf(r, values...))
		}
	}
	return query
}

// chosen tells from what is shown of an exchange whether a query is for it.
func chosen(query url.Values, e *traffic.Exchange) bool {
	status := fmt.Sprint(e.Status())
	is := map[string]bool{
		"vendor": e.Vendor == query.Get("vendor"), "caller": string(e.Caller) == query.Get("caller"), "channel": e.Channel == query.Get("channel"),
		"operation": e.Operation == query.Get("operation") || strings.HasSuffix(e.Operation, "/"+query.Get("operation")),
		"status":    status == query.Get("status") || status[:1]+"xx" == query.Get("status"),
		"trace":     strings.Contains(e.Request.Header.Get("Traceparent"), query.Get("trace")),
		"text":      strings.Contains(e.Request.URL, query.Get("text")),
	}
	for name := range query {
		if !is[name] {
			return false
		}
	}
	return true
}

func anyExchange(r *rand.Rand, id string) *traffic.Exchange {
	e := &traffic.Exchange{
		ID: id, Vendor: "acme", Caller: oneOf(r, traffic.Partner, traffic.Vendor), Channel: oneOf(r, "", "a", "b"),
		Operation: oneOf(r, "", "operations/ticket", "operations/note", "events/changed"),
		Request:   traffic.Request{URL: oneOf(r, "/a", "/ab")},
	}
	if r.IntN(2) == 0 {
		e.Request.Header = http.Header{"Traceparent": {"00-" + aTrace + "-00f067aa0ba902b7-01"}}
	}
	if status := oneOf(r, 0, 200, 503); status != 0 {
		e.Response = &traffic.Response{Status: status}
	}
	return e
}

// TestStreamsAndWaitsHaveWhatTheyAskFor, each what its query chooses, in order, while many
// ask for something else.
func TestStreamsAndWaitsHaveWhatTheyAskFor(t *testing.T) {
	const watchers, appended = 40, 90
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := acme.New(t, nil)
		ctx, leave := context.WithCancel(mocktest.Soon(t))
		var all []*traffic.Exchange
		for n := range appended {
			all = append(all, anyExchange(r, fmt.Sprintf("ex-%06d", n)))
		}
		var group sync.WaitGroup
		for range watchers {
			query := anyQuery(r)
			var want []string
			for _, e := range all {
				if chosen(query, e) {
					want = append(want, e.ID)
				}
			}
			differ := func(kind string, got []string) {
				if !slices.Equal(got, want) {
					t.Errorf("seed %d: a %s of %v has %v, not %v", seed, kind, query, got, want)
				}
			}
			stream := eventsFrom(open(ctx, t, m.URL+"/_parley/journal/stream?"+query.Encode()).Body)
			group.Go(func() {
				var got []string
				for len(got) < len(want) {
					kind, data, ok := stream.next()
					var e traffic.Exchange
					if !ok || kind != "exchange" || json.Unmarshal([]byte(data), &e) != nil {
						t.Errorf("a stream of %v has the event %s %s after %v", query, kind, data, got)
						return
					}
					got = append(got, e.ID)
				}
				differ("stream", got)
			})
			if len(want) == 0 {
				continue
			}
			group.Go(func() {
				var list exchanges
				a := m.Do("GET", fmt.Sprintf("/_parley/journal/wait?n=%d&timeout=1m&%s", len(want), query.Encode()), "")
				if err := json.Unmarshal([]byte(a.Body), &list); err != nil || a.Status != 200 {
					t.Errorf("a wait for %v answers %d %s", query, a.Status, a.Body)
				}
				var got []string
				for _, e := range list.Exchanges {
					got = append(got, e.ID)
				}
				differ("wait", got)
			})
		}
		for _, e := range all {
			m.Sandbox().Journal().Append(e)
		}
		group.Wait()
		leave()
	}
}
