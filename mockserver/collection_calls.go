package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// decoded reads JSON with its numbers as they are written.
func decoded(text []byte) (value any, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return value, decoder.Decode(&value) == nil
}

// create stores a new element.
func (k *keeper) create(c *Call, in *kept) Reply {
	members, ok := c.Document.Value().(map[string]any)
	if !ok {
		return c.without(http.StatusBadRequest, "the body is no object, which an element of "+c.Operation.Collection.Name+" must be")
	}
	members = k.completed(c, maps.Clone(members), in)
	stored, err := k.put(in, members, false)
	if err != nil {
		return c.without(http.StatusInternalServerError, err.Error())
	}
	id, _ := idText(members[in.id])
	if !stored {
		return c.without(http.StatusConflict, fmt.Sprintf("there is an element %s in %s already", id, c.Operation.Collection.Name))
	}
	reply := k.answered(c, c.Operation.Usual(), members)
	return reply.with("Location", c.BaseURL()+strings.TrimRight(c.Request.URL.EscapedPath(), "/")+"/"+url.PathEscape(id))
}

// completed gives an element what its schema demands and nobody has given.
func (k *keeper) completed(c *Call, members map[string]any, in *kept) map[string]any {
	documented, _ := c.Operation.Response(c.Operation.Usual())
	kind, _ := negotiated(documented.ContentTypes, nil)
	payload := documented.Body(kind)
	if payload == "" || k.stage.fits(payload, members) {
		return members
	}
	made := c.madeFor(c.Operation, c.Operation.Usual())
	made.Given, made.Required = members, true
	body, err := c.vendor.maker.Body(payload, made)
	if err != nil {
		return members
	}
	more, _ := body.(map[string]any)
	for name, value := range more {
		if _, given := members[name]; !given && name != in.id {
			members[name] = value
		}
	}
	return members
}

// fits reports whether a value breaks nothing of a payload.
func (s *Stage) fits(payload string, value any) bool {
	found, err := s.Judge(payload, value)
	return err == nil && !slices.ContainsFunc(found, func(f traffic.Finding) bool { return f.Severity.AtLeast(traffic.Error) })
}

func (k *keeper) read(c *Call, in *kept) Reply {
	text, err := in.Get(c.element())
	if err != nil {
		return c.none()
	}
	members, _ := decoded(text)
	return k.answered(c, c.Operation.Usual(), members)
}

// replace puts a body in the place of an element; one that is not there is made where
// the document has a 201 for that.
func (k *keeper) replace(c *Call, in *kept) Reply {
	members, ok := c.Document.Value().(map[string]any)
	if !ok {
		return c.without(http.StatusBadRequest, "the body is no object, which an element of "+c.Operation.Collection.Name+" must be")
	}
	members = k.completed(c, maps.Clone(members), in)
	status := c.Operation.Usual()
	before, err := in.Get(c.element())
	_, creates := c.Operation.Responses[http.StatusCreated]
	switch {
	case err == nil && status == http.StatusCreated && c.Operation.Documents(http.StatusOK):
		status = http.StatusOK
	case err != nil && creates:
		status = http.StatusCreated
	case err != nil:
		return c.none()
	}
	members[in.id] = in.idOf(c.element(), before)
	if _, err := k.put(in, members, true); err != nil {
		return c.without(http.StatusInternalServerError, err.Error())
	}
	return k.answered(c, status, members)
}

// idOf is the ID of an element as it was written, or as its path has it.
func (in *kept) idOf(text string, before json.RawMessage) any {
	if members, ok := decoded(before); ok {
		if known, ok := members.(map[string]any)[in.id]; ok {
			return known
		}
	}
	if _, err := strconv.ParseInt(text, 10, 64); err == nil && in.numeric {
		return json.Number(text)
	}
	return text
}

// patch merges a body into an element (RFC 7396). Its ID stays.
func (k *keeper) patch(c *Call, in *kept) Reply {
	changes, ok := c.Document.Value().(map[string]any)
	if !ok {
		return c.without(http.StatusBadRequest, "the body is no object, which a change of an element must be")
	}
	var members map[string]any
	_, err := in.Update(c.element(), func(stored *json.RawMessage) error {
		value, _ := decoded(*stored)
		before, _ := value.(map[string]any)
		id := before[in.id]
		members = merged(before, changes)
		members[in.id] = id
		text, err := plainjson.Marshal(members)
		*stored = text
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return c.none()
	case err != nil:
		return c.without(http.StatusInternalServerError, err.Error())
	}
	return k.answered(c, c.Operation.Usual(), members)
}

func merged(before, changes map[string]any) map[string]any {
	next := maps.Clone(before)
	if next == nil {
		next = map[string]any{}
	}
	for name, value := range changes {
		inner, isObject := value.(map[string]any)
		switch {
		case value == nil:
			delete(next, name)
		case isObject:
			inside, _ := next[name].(map[string]any)
			next[name] = merged(inside, inner)
		default:
			next[name] = value
		}
	}
	return next
}

func (k *keeper) remove(c *Call, in *kept) Reply {
	text, err := in.Get(c.element())
	if err == nil {
		err = in.Delete(c.element())
	}
	if err != nil {
		return c.none()
	}
	members, _ := decoded(text)
	return k.answered(c, c.Operation.Usual(), members)
}

// answered is the documented answer with an element as its body, where the document has
// that of the answer.
func (k *keeper) answered(c *Call, status int, element any) Reply {
	documented, _ := c.Operation.Response(status)
	kind, _ := negotiated(documented.ContentTypes, c.Request.Header["Accept"])
	payload := documented.Body(kind)
	if kind == "" || specs.MediaOf(kind) != specs.JSON || payload != "" && !k.stage.fits(payload, element) {
		return orProblem(c.documented(c.vendor, c.Operation, status, wish{}))
	}
	reply := c.described(c.vendor, c.Operation, status)
	reply.Body = element
	return reply.with("Content-Type", concrete(kind, c.Request.Header["Accept"]))
}

// bodyOf is the body of a reply as a value, where it is JSON.
func bodyOf(r Reply) (any, bool) {
	text, ok := r.Body.([]byte)
	switch {
	case r.Body == nil || r.Status >= http.StatusBadRequest:
		return nil, false
	case ok && specs.MediaOf(r.Header.Get("Content-Type")) != specs.JSON:
		return nil, false
	case ok:
		return decoded(text)
	}
	return r.Body, true
}

// element is the ID of the element that a path names: its last segment.
func (c *Call) element() string {
	path := c.Request.URL.EscapedPath()
	id, err := url.PathUnescape(path[strings.LastIndexByte(path, '/')+1:])
	if err != nil {
		return "" // no path that came over the wire
	}
	return id
}

// none answers that there is no such element.
func (c *Call) none() Reply {
	return c.without(http.StatusNotFound, fmt.Sprintf("there is no element %s in %s", c.element(), c.Operation.Collection.Name))
}

// without answers a call that can't be carried out with a status where the document has
// it, and else with what is wrong.
func (c *Call) without(status int, why string) Reply {
	reply := *replyOf(problem.Problem{Status: status, Kind: "collection", Detail: why})
	if c.Operation.Documents(status) {
		reply = orProblem(c.documented(c.vendor, c.Operation, status, wish{}))
	}
	reply.Why = why
	return reply
}
