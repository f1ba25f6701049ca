package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver/watch"
)

var listNames = []string{"vendor", "path", "where"}

// listIn reads which list a request means, and refuses what can't become one.
func (c *API) listIn(w http.ResponseWriter, r *http.Request, further ...string) (map[string]string, watch.List, bool) {
	values, ok := c.query(w, r, append(further, listNames...)...)
	if !ok {
		return nil, watch.List{}, false
	}
	l := watch.List{Path: values["path"], Where: values["where"]}
	var err error
	l.Vendor, err = c.box(r).WithState(values["vendor"])
	name, _, found := strings.Cut(l.Where, "=")
	switch {
	case err != nil:
	case !strings.HasPrefix(l.Path, "/"):
		err = fmt.Errorf("path=%s is no JSON pointer; write it as /name, of a list in the vendor's state (GET /_parley/state)", l.Path)
	case l.Where != "" && (!found || name == ""):
		err = fmt.Errorf("where=%s is none; write path.to.field=value", l.Where)
	}
	if err != nil {
		c.refuse(w, err)
		return nil, l, false
	}
	return values, l, true
}

// elements lists what a list in a vendor's state has.
func (c *API) elements(w http.ResponseWriter, r *http.Request) {
	_, l, ok := c.listIn(w, r)
	if !ok {
		return
	}
	found := c.box(r).Lists().View(l)
	if found.Err != nil {
		c.refuse(w, found.Err)
		return
	}
	c.writeShown(w, http.StatusOK, map[string]any{"elements": c.redactedElements(found)})
}

func (c *API) redactedElements(v *watch.View) []json.RawMessage {
	shown := []json.RawMessage{}
	if v == nil { // nobody looked yet
		return shown
	}
	for _, text := range v.Texts {
		shown = append(shown, json.RawMessage(c.redact.JSON([]byte(text))))
	}
	return shown
}

// waitElements answers as soon as a list has n elements.
func (c *API) waitElements(w http.ResponseWriter, r *http.Request) {
	values, l, ok := c.listIn(w, r, "n", "timeout")
	if !ok {
		return
	}
	n, timeout, err := patience(values)
	ctx, leave, ok := c.takeWait(w, r, timeout, err)
	if !ok {
		return
	}
	defer leave()
	f, stop := c.box(r).Lists().Follow(l, n)
	defer stop()
	select {
	case seen := <-f.Came():
		if seen.Err != nil {
			c.refuse(w, seen.Err)
			return
		}
		c.writeShown(w, http.StatusOK, map[string]any{"elements": c.redactedElements(seen)})
	case <-ctx.Done():
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			c.closing(w)
			return
		}
		seen := c.redactedElements(f.Seen())
		p := problem.Problem{Status: http.StatusRequestTimeout, Kind: "wait", More: map[string]any{"elements": seen}}
		p.Detail = fmt.Sprintf("%d of %d elements within %s at %s in the state of %s", len(seen), n, timeout, l.Path, l.Vendor)
		if l.Where != "" {
			p.Detail += " with " + l.Where
		}
		p.Write(w)
	}
}

// streamElements sends the elements of a list, and then each one that comes or
// changes, as server-sent events.
func (c *API) streamElements(w http.ResponseWriter, r *http.Request) {
	_, l, ok := c.listIn(w, r)
	if !ok {
		return
	}
	ctx, leave, ok := c.takePlace(&c.streams, w, r, 0)
	if !ok {
		return
	}
	defer leave()
	f, stop := c.box(r).Lists().Follow(l, 0)
	defer stop()
	var s *stream // from the first look on: before, a list that is none can be refused
	var written *watch.View
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for s == nil || s.err == nil {
		select {
		case v := <-f.Came():
			switch {
			case v.Err != nil && s == nil:
				c.refuse(w, v.Err)
				return
			case v.Err != nil:
				return
			case s == nil:
				s = newStream(c.reader, w)
				s.comment("elements as they come")
			}
			if !c.pace.turn(ctx) {
				return
			}
			select {
			case v = <-f.Came(): // a later one
			default:
			}
			s.elements(v, written)
			written = v
		case <-beat.C:
			if s != nil {
				s.comment("still here")
			}
		case <-ctx.Done():
			return
		}
	}
}

// elements writes those that were not written in this form.
func (s *stream) elements(v, written *watch.View) {
	began := time.Now()
	text := v.AddedTo(written, func(text string) []byte {
		return []byte(visible.Sprintf("event: element\ndata: %s\n\n", s.api.redact.JSON([]byte(text))))
	})
	s.api.pace.spent(len(text), time.Since(began))
	s.write(text)
}
