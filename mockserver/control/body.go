package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/drain"
	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
)

// read decodes the JSON object of a request strictly: an unknown member is more
// likely a mistake than meant. It answers what is wrong itself.
func (c *reader) read(w http.ResponseWriter, r *http.Request, into any) bool {
	limit := c.bodyLimit
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	switch {
	case err == nil && int64(len(body)) > limit:
		w.Header().Set("Connection", "close")
		drain.Before(w)
		defer drain.Rest(w, r.Body)
		problem.Problem{Status: http.StatusRequestEntityTooLarge, Kind: "size", Detail: fmt.Sprintf("the body is larger than %d bytes; send less, or start the %s with a larger limit", limit, c.kind)}.Write(w)
		return false
	case err != nil:
		w.Header().Set("Connection", "close")
		problem.Problem{Status: http.StatusRequestTimeout, Kind: "incomplete", Detail: fmt.Sprintf("the body did not arrive whole: %v", err)}.Write(w)
		return false
	}
	takes := "a JSON object with " + strings.Join(members(into), ", ")
	if len(bytes.TrimSpace(body)) == 0 {
		c.refuse(w, fmt.Errorf("the body is empty; send what %s %s takes: %s", r.Method, r.URL.Path, takes))
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err = decoder.Decode(into); err == nil && decoder.More() {
		err = errors.New("something stands after the JSON object")
	}
	if err != nil {
		c.refuse(w, fmt.Errorf("the body is not what %s %s takes: %s; it takes %s", r.Method, r.URL.Path, decodingText(err), takes))
		return false
	}
	return true
}

// members lists the JSON names of a struct that into points to.
func members(into any) []string {
	var list []string
	for _, field := range reflect.VisibleFields(reflect.TypeOf(into).Elem()) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			list = append(list, name)
		}
	}
	return list
}

// refuse answers with what an error is: 400 unless it says otherwise.
func (c *reader) refuse(w http.ResponseWriter, err error) {
	p := problem.Of(err)
	p.Detail = c.redact.Text(p.Detail)
	p.Write(w)
}

func (c *reader) notFound(w http.ResponseWriter, what, id, list string) {
	id = c.redact.Values(id)
	problem.Problem{
		Status: http.StatusNotFound, Kind: what,
		Detail: fmt.Sprintf("there is no %s %q; GET %s%s lists them", what, id, mockserver.ControlPrefix, list),
	}.Write(w)
}

// write answers with JSON, without secrets.
func (c *reader) write(w http.ResponseWriter, status int, value any) {
	data, err := plainjson.Marshal(value)
	if err == nil {
		data = c.redact.JSON(data)
	}
	writeJSON(w, status, data, err)
}

// writeShown answers with JSON whose secrets are left out already, or were asked
// for.
func (c *reader) writeShown(w http.ResponseWriter, status int, value any) {
	data, err := plainjson.Marshal(value)
	writeJSON(w, status, data, err)
}

func writeJSON(w http.ResponseWriter, status int, data []byte, err error) {
	if err != nil {
		problem.Problem{Status: http.StatusInternalServerError, Kind: "defect", Detail: "the answer can't be written as JSON: " + err.Error()}.Write(w)
		return
	}
	data = append([]byte(visible.Text(string(data))), '\n')
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	w.Write(data) // a client that has gone is no matter of ours
}

// query reads the parameters of a request and refuses those that are not known.
func (c *reader) query(w http.ResponseWriter, r *http.Request, known ...string) (map[string]string, bool) {
	values := map[string]string{}
	for name, given := range pairs.InQuery(r.URL) {
		if !slices.Contains(known, name) {
			takes := "it knows " + strings.Join(known, ", ")
			if len(known) == 0 {
				takes = "it takes none"
			}
			c.refuse(w, fmt.Errorf("%s %s knows no parameter %q; %s", r.Method, r.URL.Path, name, takes))
			return nil, false
		}
		values[name] = given[len(given)-1]
	}
	return values, true
}

// plain is a route without parameters: one that is given is more likely a mistake
// than meant.
func (c *reader) plain(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, ok := c.query(w, r); ok {
			handle(w, r)
		}
	}
}
