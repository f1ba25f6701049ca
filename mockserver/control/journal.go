package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/internal/version"
	"github.com/parleykit/parley/traffic"
)

// Bounds of questions to the journal.
const (
	defaultLimit = 100
	maxLimit     = 10_000
	defaultWait  = 5 * time.Second
	maxWait      = 5 * time.Minute
)

// count reads a number with a default and an upper bound.
func count(values map[string]string, name string, standard, most int) (int, error) {
	text := values[name]
	if text == "" {
		return standard, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("%s=%s is none; write a number from 1 to %d", name, text, most)
	}
	return n, nil
}

// page bounds a list to the first of what came since something, or else to the newest;
// more tells that there are others.
func page[T any](list []T, limit int, since string) (bounded []T, more bool) {
	switch {
	case len(list) <= limit:
		return list, false
	case since != "":
		return list[:limit], true
	}
	return list[len(list)-limit:], true
}

// journal lists exchanges, oldest first: the first ones after "since", or else the
// newest.
func (c *reader) journal(w http.ResponseWriter, r *http.Request) {
	values, q, ok := c.chosen(w, r, "limit")
	if !ok {
		return
	}
	limit, err := count(values, "limit", defaultLimit, maxLimit)
	if err != nil {
		c.refuse(w, err)
		return
	}
	journal := c.source(r).Journal()
	found := journal.Only(q.traits).Find(q.match)
	found, more := page(found, limit, values["since"])
	c.writeShown(w, http.StatusOK, map[string]any{"exchanges": c.redacted(found), "more": more, "stats": journal.Stats()})
}

func (c *reader) redacted(list []*traffic.Exchange) []*traffic.Exchange {
	shown := make([]*traffic.Exchange, len(list))
	for i, e := range list {
		shown[i] = c.withoutSecrets(e)
	}
	return shown
}

func (c *reader) exchange(w http.ResponseWriter, r *http.Request) {
	id := mux.Vars(r)["id"]
	e, ok := c.source(r).Journal().Get(id)
	if !ok {
		c.notFound(w, "exchange", id, "journal")
		return
	}
	c.writeShown(w, http.StatusOK, c.withoutSecrets(e))
}

func (c *API) clearJournal(w http.ResponseWriter, r *http.Request) {
	c.box(r).ClearJournal()
	w.WriteHeader(http.StatusNoContent)
}

// exportJournal writes one exchange per line.
func (c *reader) exportJournal(w http.ResponseWriter, r *http.Request) {
	_, q, ok := c.chosen(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := bufio.NewWriter(w)
	defer out.Flush()
	for _, e := range c.source(r).Journal().Only(q.traits).Find(q.match) {
		if traffic.Write(out, c.withoutSecrets(e)) != nil {
			return // the reader is gone
		}
	}
}

// archiveJournal writes exchanges as an HTTP Archive.
func (c *reader) archiveJournal(w http.ResponseWriter, r *http.Request) {
	_, q, ok := c.chosen(w, r)
	if !ok {
		return
	}
	found := c.source(r).Journal().Only(q.traits).Find(q.match)
	w.Header().Set("Content-Type", "application/json")
	// An error means that the reader is gone.
	_ = traffic.WriteHAR(w, func(yield func(*traffic.Exchange) bool) {
		for _, e := range found {
			if !yield(c.withoutSecrets(e)) {
				return
			}
		}
	}, traffic.HAROptions{Version: version.Module(), Base: c.source(r).BaseURL()})
}

// waitJournal answers as soon as n exchanges match.
func (c *reader) waitJournal(w http.ResponseWriter, r *http.Request) {
	values, q, ok := c.chosen(w, r, "n", "timeout")
	if !ok {
		return
	}
	n, timeout, err := patience(values)
	ctx, leave, ok := c.takeWait(w, r, timeout, err)
	if !ok {
		return
	}
	defer leave()
	seen, err := c.source(r).Journal().Only(q.traits).Wait(ctx, n, q.match)
	if err == nil {
		c.writeShown(w, http.StatusOK, map[string]any{"exchanges": c.redacted(seen)})
		return
	}
	if r.Context().Err() == nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		c.closing(w)
		return
	}
	detail := fmt.Sprintf("%d of %d matching exchanges within %s", len(seen), n, timeout)
	if total := c.source(r).Journal().Stats().Kept; len(seen) < total {
		detail += fmt.Sprintf("; the journal has %d that do not match %s", total-len(seen), filterText(values))
	}
	problem.Problem{Status: http.StatusRequestTimeout, Kind: "wait", Detail: c.redact.Values(detail), More: map[string]any{"exchanges": c.redacted(seen)}}.Write(w)
}

// closing is the answer to a wait that can't go on.
func (c *reader) closing(w http.ResponseWriter) {
	problem.Problem{Status: http.StatusServiceUnavailable, Kind: "closing", Detail: c.ends}.Write(w)
}
