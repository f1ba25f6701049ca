package mockserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

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
		_, err = l.elements(c.box(r))
	}
	if err != nil {
		c.refuse(w, err)
		return nil, l, false
	}
	return values, l, true
}

// elements reads the list as it is now; none while the path leads nowhere. The
// error says what stands there instead of a list.
func (l listed) elements(b *Sandbox) ([]any, error) {
	data, err := encode(b.current().stageOf(l.stage).behaviour.State())
	if err != nil {
		return nil, fmt.Errorf("the state of %s can't be written as JSON: %w", l.stage, err)
	}
	value, ok := validator.Decode(data).Lookup(l.path)
	if !ok || value == nil {
		return nil, nil
	}
	all, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("path=%s leads to %.60s in the state of %s, which is no list", l.path, compact(value), l.stage)
	}
	found := []any{}
	for _, element := range all {
		if l.means(element) {
			found = append(found, element)
		}
	}
	return found, nil
}

func (l listed) means(element any) bool {
	name, text, ok := strings.Cut(l.where, "=")
	if !ok {
		return true
	}
	got, found := lookUp(element, name)
	return found && (got == text || compact(got) == text)
}

// elements lists what a list in a vendor's state has.
func (c *control) elements(w http.ResponseWriter, r *http.Request) {
	_, l, ok := c.listIn(w, r)
	if !ok {
		return
	}
	found, err := l.elements(c.box(r))
	if err != nil {
		c.refuse(w, err)
		return
	}
	c.writeShown(w, http.StatusOK, map[string]any{"elements": c.redactedElements(found)})
}

func (c *control) redactedElements(list []any) []json.RawMessage {
	shown := make([]json.RawMessage, len(list))
	for i, element := range list {
		shown[i] = json.RawMessage(c.redact.JSON([]byte(compact(element))))
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
	ctx, cancel := c.patient(r, timeout)
	defer cancel()
	var seen []any
	err = l.follow(ctx, c.box(r), func(elements []any) bool {
		seen = elements
		return len(seen) < n
	})
	switch {
	case err == nil:
		c.writeShown(w, http.StatusOK, map[string]any{"elements": c.redactedElements(seen)})
	case ctx.Err() == nil:
		c.refuse(w, err)
	case !errors.Is(ctx.Err(), context.DeadlineExceeded):
		writeProblem(w, closing)
	default:
		p := problem{Status: http.StatusRequestTimeout, Kind: "wait", More: map[string]any{"elements": c.redactedElements(seen)}}
		p.Detail = fmt.Sprintf("%d of %d elements within %s at %s in the state of %s", len(seen), n, timeout, l.path, l.stage)
		if l.where != "" {
			p.Detail += " with " + l.where
		}
		writeProblem(w, p)
	}
}

// follow shows the list as it is, and again whenever the state may have changed,
// until show has seen enough or ctx ends.
func (l listed) follow(ctx context.Context, b *Sandbox, show func([]any) (more bool)) error {
	changed, stop := b.changes.watch()
	defer stop()
	for {
		elements, err := l.elements(b)
		if err != nil {
			return err
		}
		if !show(elements) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// streamElements sends the elements of a list, and then each one that comes or
// changes, as server-sent events.
func (c *control) streamElements(w http.ResponseWriter, r *http.Request) {
	_, l, ok := c.listIn(w, r)
	if !ok {
		return
	}
	ctx, cancel := c.patient(r, 0)
	defer cancel()
	s := newStream(c, w)
	s.comment("elements as they come")
	sent := map[string]int{}
	for s.err == nil {
		waiting, stop := context.WithTimeout(ctx, heartbeat)
		err := l.follow(waiting, c.box(r), func(elements []any) bool {
			sent = s.elements(elements, sent)
			return s.err == nil
		})
		stop()
		if ctx.Err() != nil || err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return
		}
		s.comment("still here")
	}
}

// elements sends those that were not sent in this form, and returns how often
// each form is there now.
func (s *stream) elements(elements []any, sent map[string]int) map[string]int {
	now := map[string]int{}
	for _, element := range elements {
		text := compact(element)
		if now[text]++; now[text] > sent[text] {
			s.print("event: element\ndata: %s\n\n", s.control.redact.JSON([]byte(text)))
		}
	}
	return now
}
