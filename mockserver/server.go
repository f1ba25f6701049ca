// Package mockserver plays vendors: it serves their operations, calls partners'
// webhooks with their events, and remembers what was said. The mock is an
// http.Handler without sockets, flags or signals.
package mockserver

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/parleykit/parley/internal/foreign"
	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver/access"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// ControlPrefix begins the paths of the control API, which no vendor may serve.
const ControlPrefix = "/" + controlSegment + "/"

const controlSegment = "_parley"

// Server plays one or more vendors under one address, with what Options.Control
// makes below ControlPrefix.
type Server struct {
	options   Options
	played    atomic.Pointer[played]
	reloads   sync.RWMutex // closed while what is played is replaced
	control   http.Handler
	guard     *foreign.Guard
	sandbox   atomic.Pointer[Sandbox] // the default one; nil: another mock has it
	sandboxes *sandboxes              // the named ones
	baseURL   atomic.Pointer[string]
	headers   *headers
	draining  atomic.Bool
	served    context.Context // ends when waits and streams must
	end       context.CancelFunc
}

// played is what a mock plays: all of it is replaced at once.
type played struct {
	vendors []*vendor
	routes  *routes
	cors    *cors // nil: pages of other origins can't read answers
}

func newPlayed(o Options, vendors []*vendor) (*played, error) {
	p := &played{vendors: vendors}
	var err error
	if p.routes, err = newRoutes(vendors); err != nil {
		return nil, err
	}
	p.cors, err = newCORS(o.CORS, vendors)
	return p, err
}

func (s *Server) vendors() []*vendor { return s.played.Load().vendors }

// New returns a mock of the given vendors. An error names a contract that cannot
// be played, or two that serve the same path.
func New(o Options, vendors ...Vendor) (*Server, error) {
	s := &Server{options: o.withDefaults(), headers: newHeaders()}
	s.guard = s.newGuard()
	s.served, s.end = context.WithCancel(context.Background())
	made, err := newVendors(vendors, o)
	if err != nil {
		return nil, err
	}
	playing, err := newPlayed(s.options, made)
	if err != nil {
		return nil, err
	}
	s.played.Store(playing)
	for id := range s.options.State {
		if !slices.ContainsFunc(made, func(v *vendor) bool { return v.contract.ID == id }) {
			return nil, stateError(id, fmt.Errorf("this vendor is not played; played are %s", specs.JoinIDs(s.Contracts())))
		}
	}
	if s.options.Redactor == nil {
		s.options.Redactor = newRedactor(made)
	}
	s.options.Redactor.Know(s.options.ControlToken)
	if s.options.Access != nil {
		for _, secret := range s.options.Access.Secrets() {
			s.options.Redactor.Know(secret)
		}
	}
	for _, v := range made {
		for _, secret := range v.secrets {
			s.options.Redactor.Know(secret)
			s.options.Redactor.Know(strings.TrimPrefix(secret, v.contract.Signature.SecretPrefix))
		}
	}
	s.SetBaseURL(o.BaseURL)
	s.sandboxes = newSandboxes(s)
	b := newSandbox(s, SandboxOptions{}, s.options.Journal)
	b.apart = o.Shared // it shows whether the options can be given to one, and is forgotten
	b.acquire()
	if err := cmp.Or(b.refused, b.current().refused); err != nil {
		return nil, err
	}
	if !o.Shared {
		s.sandbox.Store(b)
		s.options.Seed = b.seed // the ledger's, where it has one
	}
	if err := s.sandboxes.goOn(); err != nil {
		return nil, err
	}
	s.control = http.HandlerFunc(noControl)
	if s.options.Control != nil {
		s.control = s.options.Control(s)
	}
	return s, nil
}

// ServeHTTP answers vendor paths and the control API, in the sandbox that the
// header Parley-Sandbox or the path's beginning /~name/ names. Web pages of other
// origins may call the vendors, but make no sandbox and use no control API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, r, err := sandboxAddress(r)
	if err != nil {
		problem.Of(err).Write(w)
		return
	}
	if path := r.URL.Path; strings.HasPrefix(path, ControlPrefix) || path+"/" == ControlPrefix {
		s.control.ServeHTTP(w, withSandboxName(r, name))
		return
	}
	if p := s.played.Load(); p.cors.lets(w, r) && p.cors.preflight(w, r, p.routes) {
		return
	}
	if err := s.admit(name, r); err != nil {
		access.Refuse(w, err)
		return
	}
	b, err := s.sandboxes.use(name, r)
	if err != nil {
		access.Refuse(w, err)
		return
	}
	defer b.release()
	b.serve(w, r)
}

// SetBaseURL says how partners reach the mock, once that is known.
func (s *Server) SetBaseURL(url string) {
	url = strings.TrimRight(url, "/")
	s.baseURL.Store(&url)
}

// BaseURL returns how partners reach the mock; "" while it is not known.
func (s *Server) BaseURL() string { return *s.baseURL.Load() }

// Redactor takes out of exchanges and texts what is secret in this mock, by the
// contracts and by value. Whatever leaves the process goes through it.
func (s *Server) Redactor() *redaction.Redactor { return s.options.Redactor }

func newRedactor(vendors []*vendor) *redaction.Redactor {
	return validator.Redactor(contractsOf(vendors)...)
}

// Contracts returns those of the vendors that are played.
func (s *Server) Contracts() []*specs.Contract { return contractsOf(s.vendors()) }

// Judges are what judges calls and events, one per contract, in the contracts' order.
func (s *Server) Judges() []*validator.Validator {
	var list []*validator.Validator
	for _, v := range s.vendors() {
		list = append(list, v.judge)
	}
	return list
}

// Options are what the mock was made with, with the defaults of what was left out.
func (s *Server) Options() Options { return s.options }

// Use lets a function use the sandbox of that name, "" for the default one, which is
// made on its first use and not removed meanwhile. The error says why there is none.
func (s *Server) Use(name string, use func(*Sandbox)) error {
	b, err := s.sandboxes.use(name, nil)
	if err != nil {
		return err
	}
	defer b.release()
	use(b)
	return nil
}

// Existing returns the sandbox of that name, or nil when there is none.
func (s *Server) Existing(name string) *Sandbox {
	if name == DefaultSandbox {
		return s.Sandbox()
	}
	if b := s.sandboxes.find(name); b != nil && b.current() != nil { // else somebody is just making it
		return b
	}
	return nil
}

// Resumed reports whether the default sandbox goes on from Options.Ledger.
func (s *Server) Resumed() bool { b := s.Sandbox(); return b != nil && b.resumed }

// Sandbox returns the default sandbox; nil: another mock has it (Options.Shared).
func (s *Server) Sandbox() *Sandbox {
	if b := s.sandbox.Load(); b != nil && b.current() != nil { // else it is just being taken up
		return b
	}
	return nil
}

// NamedSandbox returns the sandbox of that name, which is made on its first use.
func (s *Server) NamedSandbox(name string) (*Sandbox, error) {
	b, err := s.sandboxes.use(name, nil)
	if err == nil {
		b.release()
	}
	return b, err
}

// NewSandbox makes a sandbox. The error wraps ErrSandboxName, ErrSandboxTaken or
// ErrSandboxes.
func (s *Server) NewSandbox(o SandboxOptions) (*Sandbox, error) {
	b, err := s.sandboxes.add(o)
	if err != nil {
		return nil, err
	}
	b.acquire()
	b.release()
	return b, b.refused
}

// Sandboxes returns the default sandbox and the named ones by name.
func (s *Server) Sandboxes() []*Sandbox {
	all := s.sandboxes.list()
	if b := s.Sandbox(); b != nil {
		all = append([]*Sandbox{b}, all...)
	}
	return slices.DeleteFunc(all, func(b *Sandbox) bool { return b.current() == nil })
}

// RemoveSandbox ends a named sandbox: its deliveries under way are broken off, its
// waits and streams end. It reports whether there was one. The error says why Options.Ledger
// still has it: it comes back, and may be removed again; or it is ErrNotOwned.
func (s *Server) RemoveSandbox(name string) (there bool, err error) {
	return s.sandboxes.remove(name)
}

// Close takes no more deliveries, lets those that are queued finish until ctx
// ends, and returns the ones that did not reach their end. Waits and streams of
// the control API end at once.
func (s *Server) Close(ctx context.Context) (undelivered []outbox.Delivery) {
	s.Drain()
	s.endStreams()
	return s.sandboxes.close(ctx, "the mock was closed")
}

func (s *Server) endStreams() { s.end() }

// noControl answers where a mock has no control API.
func noControl(w http.ResponseWriter, r *http.Request) {
	problem.Problem{
		Status: http.StatusNotFound, Kind: "path", Detail: "this mock has no control API; give mockserver.Options.Control, such as control.New",
	}.Write(w)
}
