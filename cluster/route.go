package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/problem"
)

// ServeHTTP serves a request for a sandbox of this replica's, and leads others to the
// replica that has theirs.
func (r *Replica) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	forwarded := r.forwarded(q)
	what, sandbox, makes := address(q)
	switch {
	case what == here, what == all && forwarded:
		r.options.Next.ServeHTTP(w, q)
	case what == all:
		r.list(w, q)
	default:
		r.lead(w, q, sandbox, makes, forwarded)
	}
}

// lead serves a request where its sandbox is, which may take some tries.
func (r *Replica) lead(w http.ResponseWriter, q *http.Request, sandbox, makes string, forwarded bool) {
	ctx, cancel := context.WithTimeout(q.Context(), r.options.Patience)
	defer cancel()
	for {
		at, err := r.find(ctx, sandbox, forwarded)
		switch {
		case err == errMisdirected:
			w.Header().Set(headerMisdirected, "1")
			problem.Problem{Status: http.StatusMisdirectedRequest, Kind: "cluster", Detail: err.Error()}.Write(w)
			return
		case err != nil:
			r.unserved(w, err)
			return
		case at.replica == "" && makes != "":
			r.serveMaking(ctx, w, q, at, makes)
			return
		case at.replica == "":
			r.serve(w, q, at)
			return
		}
		again, err := r.forward(w, q, sandbox, at)
		switch {
		case err == nil || q.Context().Err() != nil:
			return
		case !again:
			problem.Problem{Status: http.StatusBadGateway, Kind: "cluster", Detail: fmt.Sprintf("replica %s, which has sandbox %s, was lost while it answered, so that the call may have been done or not: %v", at.replica, sandbox, err)}.Write(w)
			return
		case ctx.Err() != nil:
			r.unserved(w, fmt.Errorf("%w: sandbox %s: %w", errNobody, sandbox, err))
			return
		}
		if err != errMisdirected {
			r.view.forget(keyOf(memberPrefix, at.replica))
			r.view.forget(keyOf(leasePrefix, sandbox))
		}
		r.pause(ctx, nil)
	}
}

// serve serves a request here, and ends it when its sandbox moves.
func (r *Replica) serve(w http.ResponseWriter, q *http.Request, at place) {
	defer at.release()
	ctx, cancel := context.WithCancel(q.Context())
	defer cancel()
	defer context.AfterFunc(at.over, cancel)()
	r.options.Next.ServeHTTP(w, q.WithContext(ctx))
}

// serveMaking serves a request that makes a sandbox of another one, which must be here,
// too; a fair share goes elsewhere later.
func (r *Replica) serveMaking(ctx context.Context, w http.ResponseWriter, q *http.Request, at place, makes string) {
	beside, err := r.find(ctx, makes, true)
	switch {
	case err == errMisdirected:
		at.release()
		problem.Problem{Status: http.StatusConflict, Kind: "sandbox", Detail: fmt.Sprintf("the sandbox exists already: %s; remove it first, or reset it", makes)}.Write(w)
	case err != nil:
		at.release()
		r.unserved(w, err)
	default:
		defer beside.release()
		r.serve(w, q, at)
	}
}

func (r *Replica) unserved(w http.ResponseWriter, err error) {
	problem.Problem{Status: http.StatusServiceUnavailable, Kind: "cluster", Detail: err.Error()}.Write(w)
}

// listed is the list of sandboxes as the control API has it.
type listed struct {
	Sandboxes []json.RawMessage `json:"sandboxes"`
	Limit     json.RawMessage   `json:"limit,omitempty"`
}

// list puts the lists of all replicas together. Of two that name the same sandbox, the one
// that has it is right.
func (r *Replica) list(w http.ResponseWriter, q *http.Request) {
	ctx, cancel := context.WithTimeout(q.Context(), r.options.Patience)
	defer cancel()
	found, limit := map[string]json.RawMessage{}, json.RawMessage(nil)
	for _, replica := range r.view.members(false) {
		status, text, err := r.ask(ctx, q, replica)
		if err != nil {
			r.unserved(w, fmt.Errorf("replica %s does not say which sandboxes it has: %w", replica, err))
			return
		}
		var l listed
		if status != http.StatusOK || json.Unmarshal(text, &l) != nil { // one refuses as all do
			w.Header().Set("Content-Type", "application/json")
			if status != http.StatusOK {
				w.Header().Set("Content-Type", problem.ContentType)
			}
			w.WriteHeader(status)
			w.Write(text)
			return
		}
		limit = l.Limit
		for _, one := range l.Sandboxes {
			var view struct{ Name string }
			if json.Unmarshal(one, &view) != nil {
				continue
			}
			if found[view.Name] == nil || r.view.owner(view.Name) == replica {
				found[view.Name] = one
			}
		}
	}
	merged := listed{[]json.RawMessage{}, limit}
	var names []string
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		merged.Sandboxes = append(merged.Sandboxes, found[name])
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(merged)
}

// ask asks a replica, also this one, what a request asks.
func (r *Replica) ask(ctx context.Context, q *http.Request, replica string) (int, []byte, error) {
	out, err := http.NewRequestWithContext(ctx, q.Method, strings.TrimSuffix(r.view.url(replica), "/")+q.URL.RequestURI(), nil)
	if err != nil {
		return 0, nil, err
	}
	out.Header = q.Header.Clone()
	out.Header.Del("Accept-Encoding")
	out.Host = q.Host
	out.Header.Set(headerHop, r.sign(q))
	answer, err := r.client.RoundTrip(out)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 16<<20))
	return answer.StatusCode, text, err
}
