package mockserver

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/traffic"
)

// The control API lies below this path, which no vendor may serve.
const (
	controlSegment = "_parley"
	controlPrefix  = "/" + controlSegment + "/"
)

// control answers the control API. It is described in control/openapi.yaml.
type control struct {
	server *Server
	router *mux.Router
	table  []controlRoute
	origin *http.CrossOriginProtection
	redact *traffic.Redactor
}

type controlRoute struct {
	method, path string
	handle       http.HandlerFunc
}

func newControl(s *Server) *control {
	c := &control{server: s, router: mux.NewRouter(), origin: http.NewCrossOriginProtection(), redact: newRedactor(s.vendors)}
	c.table = []controlRoute{ // of the whole mock
		{"GET", "health", c.health},
		{"GET", "version", c.version},

		{"GET", "sandboxes", c.sandboxes},
		{"POST", "sandboxes", c.addSandbox},
		{"GET", "sandboxes/{name}", c.sandbox},
		{"DELETE", "sandboxes/{name}", c.removeSandbox},
		{"POST", "sandboxes/{name}/reset", c.resetSandbox},
	}
	for _, r := range []controlRoute{ // of one sandbox
		{"GET", "clock", c.clock},
		{"PUT", "clock", c.setClock},
		{"POST", "clock", c.advanceClock},

		{"GET", "journal", c.journal},
		{"DELETE", "journal", c.clearJournal},
		{"GET", "journal.ndjson", c.exportJournal},
		{"GET", "journal/wait", c.waitJournal},
		{"GET", "journal/stream", c.streamJournal},
		{"GET", "journal/{id}", c.exchange},

		{"GET", "channels", c.channels},
		{"POST", "channels", c.openChannel},
		{"GET", "channels/{id}", c.channel},
		{"PATCH", "channels/{id}", c.changeChannel},
		{"DELETE", "channels/{id}", c.removeChannel},

		{"POST", "send", c.send},
		{"GET", "deliveries", c.deliveries},
		{"GET", "deliveries/{id}", c.delivery},
		{"POST", "deliveries/{id}/retry", c.retryDelivery},
		{"POST", "deliveries/{id}/cancel", c.cancelDelivery},
		{"POST", "deliveries/{id}/replay", c.replayDelivery},

		{"GET", "listen/{name}", c.listen},
		{"POST", "listen/{name}/{id}", c.hand},

		{"GET", "faults", c.faults},
		{"POST", "faults", c.addFault},
		{"DELETE", "faults", c.clearFaults},
		{"DELETE", "faults/{id}", c.removeFault},

		{"GET", "state", c.state},
		{"GET", "state/list", c.elements},
		{"GET", "state/wait", c.waitElements},
		{"GET", "state/stream", c.streamElements},
		{"POST", "state", c.addState},
		{"POST", "reset", c.reset},
	} {
		c.table = append(c.table, controlRoute{r.method, r.path, c.in(r.handle)})
	}
	for _, r := range c.table {
		c.router.HandleFunc(controlPrefix+r.path, r.handle).Methods(r.method)
	}
	c.router.NotFoundHandler = http.HandlerFunc(c.unknown)
	c.router.MethodNotAllowedHandler = http.HandlerFunc(c.wrongMethod)
	return c
}

// ServeHTTP lets a request in that comes from no foreign web page and carries the
// token, where one is set.
func (c *control) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := c.origin.Check(r); err != nil {
		writeProblem(w, problem{Status: http.StatusForbidden, Kind: "origin", Detail: "a web page of another origin may not use the control API; call it from a program, without the headers Origin and Sec-Fetch-Site"})
		return
	}
	if !c.named(r) {
		writeProblem(w, problem{Status: http.StatusForbidden, Kind: "host", Detail: fmt.Sprintf("the control API of this mock is not called %q: without a control token it answers to localhost and to its base URL only, so that no web page reaches it by a name of its own; set the base URL (parley serve --base-url), or a control token", r.Host)})
		return
	}
	if r.URL.Path != controlPrefix+"health" && !c.authorized(r) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		writeProblem(w, problem{Status: http.StatusUnauthorized, Kind: "token", Detail: "the control API of this mock demands its token; send it as \"Authorization: Bearer <token>\""})
		return
	}
	c.router.ServeHTTP(w, r)
}

// named reports whether a request was meant for this mock. A web page can give its
// own name the address of this machine, and would then be of the same origin.
func (c *control) named(r *http.Request) bool {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if local == nil || !local.IP.IsLoopback() || c.server.options.ControlToken != "" {
		return true // a handler called in a test, or one that demands a token
	}
	asked := (&url.URL{Host: r.Host}).Hostname()
	ip := net.ParseIP(asked)
	base, err := url.Parse(c.server.BaseURL())
	return ip != nil && ip.IsLoopback() || asked == "localhost" || err == nil && strings.EqualFold(asked, base.Hostname())
}

func (c *control) authorized(r *http.Request) bool {
	expected := c.server.options.ControlToken
	if expected == "" {
		return true
	}
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return false
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(expected))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

func (c *control) unknown(w http.ResponseWriter, r *http.Request) {
	var served []string
	for _, route := range c.table {
		served = append(served, route.method+" "+controlPrefix+route.path)
	}
	writeProblem(w, problem{
		Status: http.StatusNotFound, Kind: "path", More: map[string]any{"served": served},
		Detail: fmt.Sprintf("the control API has no %s; served are %s", r.URL.Path, strings.Join(served, ", ")),
	})
}

func (c *control) wrongMethod(w http.ResponseWriter, r *http.Request) {
	var methods []string
	for _, route := range c.table {
		var match mux.RouteMatch
		probe := &http.Request{Method: route.method, URL: r.URL}
		if c.router.Match(probe, &match) && match.MatchErr == nil && !slices.Contains(methods, route.method) {
			methods = append(methods, route.method)
		}
	}
	slices.Sort(methods)
	w.Header().Set("Allow", strings.Join(methods, ", "))
	writeProblem(w, problem{
		Status: http.StatusMethodNotAllowed, Kind: "method",
		Detail: fmt.Sprintf("%s knows %s, not %s", r.URL.Path, strings.Join(methods, ", "), r.Method),
	})
}

// read decodes the JSON object of a request strictly: an unknown member is more
// likely a mistake than meant. It answers what is wrong itself.
func (c *control) read(w http.ResponseWriter, r *http.Request, into any) bool {
	limit := c.server.options.BodyLimit
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		writeProblem(w, problem{Status: http.StatusRequestEntityTooLarge, Kind: "size", Detail: fmt.Sprintf("the body is larger than %d bytes; send less, or start the mock with a larger limit", limit)})
		return false
	case err != nil:
		w.Header().Set("Connection", "close")
		writeProblem(w, problem{Status: http.StatusRequestTimeout, Kind: "incomplete", Detail: fmt.Sprintf("the body did not arrive whole: %v", err)})
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	if err = decoder.Decode(into); err == nil && decoder.More() {
		err = errors.New("something stands after the JSON object")
	}
	if err != nil {
		c.refuse(w, fmt.Errorf("the body is not what %s %s takes: %s; it takes a JSON object with %s", r.Method, r.URL.Path,
			strings.TrimPrefix(err.Error(), "json: "), strings.Join(members(into), ", ")))
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

// refuse answers 400, or 404 where a channel or delivery does not exist, or 409
// where a channel has no URL or a delivery is in a state that does not allow it.
func (c *control) refuse(w http.ResponseWriter, err error) {
	p := problem{Status: http.StatusBadRequest, Kind: "request", Detail: err.Error()}
	switch {
	case errors.Is(err, ErrNoChannel):
		p.Status, p.Kind = http.StatusNotFound, "channel"
	case errors.Is(err, ErrNoURL):
		p.Status, p.Kind = http.StatusConflict, "no-url"
	case errors.Is(err, ErrNoDelivery):
		p.Status, p.Kind = http.StatusNotFound, "delivery"
	case errors.Is(err, ErrNotNow):
		p.Status, p.Kind = http.StatusConflict, "state"
	}
	p.Detail = c.redact.Text(p.Detail)
	writeProblem(w, p)
}

func (c *control) notFound(w http.ResponseWriter, what, id, list string) {
	writeProblem(w, problem{
		Status: http.StatusNotFound, Kind: what,
		Detail: fmt.Sprintf("there is no %s %q; GET %s%s lists them", what, id, controlPrefix, list),
	})
}

// write answers with JSON, without secrets.
func (c *control) write(w http.ResponseWriter, status int, value any) {
	data, err := encode(value)
	if err == nil {
		data = []byte(c.redact.Text(string(data)))
	}
	writeJSON(w, status, data, err)
}

// writeShown answers with JSON whose secrets are left out already, or were asked
// for.
func (c *control) writeShown(w http.ResponseWriter, status int, value any) {
	data, err := encode(value)
	writeJSON(w, status, data, err)
}

func writeJSON(w http.ResponseWriter, status int, data []byte, err error) {
	if err != nil {
		writeProblem(w, problem{Status: http.StatusInternalServerError, Kind: "defect", Detail: "the answer can't be written as JSON: " + err.Error()})
		return
	}
	data = append(data, '\n')
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	w.Write(data) // a client that has gone is no matter of ours
}

// query reads the parameters of a request and refuses those that are not known.
func (c *control) query(w http.ResponseWriter, r *http.Request, known ...string) (map[string]string, bool) {
	values := map[string]string{}
	for name, given := range r.URL.Query() {
		if !slices.Contains(known, name) {
			c.refuse(w, fmt.Errorf("%s knows no parameter %q; it knows %s", r.URL.Path, name, strings.Join(known, ", ")))
			return nil, false
		}
		values[name] = given[len(given)-1]
	}
	return values, true
}
