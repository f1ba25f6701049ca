package mockserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/validator"
)

// listed is a list in a vendor's state, and which of its elements are meant.
type listed struct {
	stage string // vendor
	path  string // JSON pointer
	where string // "dotted.path=value", or "" for all
}

var listNames = []string{"vendor", "path", "where"}

// listIn reads which list a request means, and refuses what can't become one.
func (c *control) listIn(w http.ResponseWriter, r *http.Request, further ...string) (map[string]string, listed, bool) {
	values, ok := c.query(w, r, append(further, listNames...)...)
	if !ok {
		return nil, listed{}, false
	}
	l := listed{values["vendor"], values["path"], values["where"]}
	stage, err := c.box(r).current().chosenStage(l.stage)
	name, _, found := strings.Cut(l.where, "=")
	switch {
	case err != nil:
	case stage.behaviour.State == nil:
		err = fmt.Errorf("%s remembers nothing", stage.vendor.contract.Name)
	case !strings.HasPrefix(l.path, "/"):
		err = fmt.Errorf("path=%s is no JSON pointer; write it as /name, of a list in the vendor's state (GET /_parley/state)", l.path)
	case l.where != "" && (!found || name == ""):
		err = fmt.Errorf("where=%s is none; write path.to.field=value", l.where)
	default:
		l.stage = stage.vendor.contract.ID
	}
	if err != nil {
		c.refuse(w, err)
		return nil, l, false
	}
	return values, l, true
}

// viewLists looks at lists as they are now, each state once.
func (b *Sandbox) viewLists(lists map[listed]*listView) map[listed]*listView {
	states := map[string]*shownState{}
	for l := range lists {
		state := states[l.stage]
		if state == nil {
			state = b.showState(l.stage)
			states[l.stage] = state
		}
		lists[l] = state.view(l)
	}
	return lists
}

// shownState is a vendor's state at one time, whose lists many may ask for.
type shownState struct {
	document *validator.Document
	err      error
	lists    map[string][]shownElement // by path
}

type shownElement struct {
	value any
	text  string // JSON
}

// showState writes a state down. A vendor that panics has none to show.
func (b *Sandbox) showState(vendor string) (s *shownState) {
	s = &shownState{lists: map[string][]shownElement{}}
	defer func() {
		if fault := recover(); fault != nil {
			s.err = fmt.Errorf("the state of %s can't be shown: %v", vendor, fault)
		}
	}()
	data, err := encode(b.current().stageOf(vendor).behaviour.State())
	if err != nil {
		s.err = fmt.Errorf("the state of %s can't be written as JSON: %w", vendor, err)
		return s
	}
	s.document = validator.Decode(data)
	return s
}

// view is a list in the state; an empty one while the path leads nowhere. Its error
// says what stands there instead of a list.
func (s *shownState) view(l listed) *listView {
	if s.err != nil {
		return &listView{err: s.err}
	}
	all, ok := s.lists[l.path]
	if !ok {
		value, _ := s.document.Lookup(l.path)
		elements, isList := value.([]any)
		if value != nil && !isList {
			return &listView{err: fmt.Errorf("path=%s leads to %.60s in the state of %s, which is no list", l.path, valuepath.JSON(value), l.stage)}
		}
		for _, element := range elements {
			all = append(all, shownElement{element, valuepath.JSON(element)})
		}
		s.lists[l.path] = all
	}
	v := &listView{}
	for _, element := range all {
		if l.means(element.value) {
			v.texts = append(v.texts, element.text)
		}
	}
	return v
}

func (l listed) means(element any) bool {
	name, text, ok := strings.Cut(l.where, "=")
	if !ok {
		return true
	}
	got, found := valuepath.Dotted(element, name)
	return found && (got == text || valuepath.JSON(got) == text)
}

// elements lists what a list in a vendor's state has.
func (c *control) elements(w http.ResponseWriter, r *http.Request) {
	_, l, ok := c.listIn(w, r)
	if !ok {
		return
	}
	found := c.box(r).viewLists(map[listed]*listView{l: nil})[l]
	if found.err != nil {
		c.refuse(w, found.err)
		return
	}
	c.writeShown(w, http.StatusOK, map[string]any{"elements": c.redactedElements(found)})
}

func (c *control) redactedElements(v *listView) []json.RawMessage {
	shown := []json.RawMessage{}
	if v == nil { // nobody looked yet
		return shown
	}
	for _, text := range v.texts {
		shown = append(shown, json.RawMessage(c.redact.JSON([]byte(text))))
	}
	return shown
}

// waitElements answers as soon as a list has n elements.
func (c *control) waitElements(w http.ResponseWriter, r *http.Request) {
	values, l, ok := c.listIn(w, r, "n", "timeout")
	if !ok {
		return
	}
	n, timeout, err := patience(values)
	if err != nil {
		c.refuse(w, err)
		return
	}
	leave, ok := c.server.waits.enter(w)
	if !ok {
		return
	}
	defer leave()
	ctx, cancel := c.patient(r, timeout)
	defer cancel()
	f, stop := c.box(r).follow(l, n)
	defer stop()
	select {
	case seen := <-f.came:
		if seen.err != nil {
			c.refuse(w, seen.err)
			return
		}
		c.writeShown(w, http.StatusOK, map[string]any{"elements": c.redactedElements(seen)})
	case <-ctx.Done():
		if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			closing.Write(w)
			return
		}
		seen := c.redactedElements(c.box(r).lastSeen(f))
		p := problem.Problem{Status: http.StatusRequestTimeout, Kind: "wait", More: map[string]any{"elements": seen}}
		p.Detail = fmt.Sprintf("%d of %d elements within %s at %s in the state of %s", len(seen), n, timeout, l.path, l.stage)
		if l.where != "" {
			p.Detail += " with " + l.where
		}
		p.Write(w)
	}
}

// streamElements sends the elements of a list, and then each one that comes or
// changes, as server-sent events.
func (c *control) streamElements(w http.ResponseWriter, r *http.Request) {
	_, l, ok := c.listIn(w, r)
	if !ok {
		return
	}
	leave, ok := c.server.streams.enter(w)
	if !ok {
		return
	}
	defer leave()
	ctx, cancel := c.patient(r, 0)
	defer cancel()
	f, stop := c.box(r).follow(l, 0)
	defer stop()
	var s *stream // from the first look on: before, a list that is none can be refused
	var written *listView
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for s == nil || s.err == nil {
		select {
		case v := <-f.came:
			switch {
			case v.err != nil && s == nil:
				c.refuse(w, v.err)
				return
			case v.err != nil:
				return
			case s == nil:
				s = newStream(c, w)
				s.comment("elements as they come")
			}
			if !c.server.pace.turn(ctx) {
				return
			}
			select {
			case v = <-f.came: // a later one
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
func (s *stream) elements(v, written *listView) {
	began := time.Now()
	text := v.addedTo(written, func(text string) []byte {
		return []byte(visible.Sprintf("event: element\ndata: %s\n\n", s.control.redact.JSON([]byte(text))))
	})
	s.control.server.pace.spent(len(text), time.Since(began))
	s.write(text)
}
