package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/access"
)

// in lets a route work in the sandbox of its request, which is not idle until the
// answer has been written.
func (c *API) in(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := mockserver.SandboxName(r)
		if shown := cmp.Or(name, mockserver.DefaultSandbox); !tokenOf(r).Can(access.Act) && c.mock.Existing(shown) == nil {
			c.notFound(w, "sandbox", shown, "sandboxes") // who only reads makes none
			return
		}
		err := c.mock.Use(name, func(b *mockserver.Sandbox) {
			handle(w, r.WithContext(context.WithValue(mockserver.WithTrace(r.Context(), r.Header), sandboxOf{}, b)))
		})
		if err != nil {
			access.Refuse(w, err)
		}
	}
}

// sandboxOf is the key of the sandbox that a route works in.
type sandboxOf struct{}

// box returns the sandbox of a request that came through in.
func (c *API) box(r *http.Request) *mockserver.Sandbox {
	return r.Context().Value(sandboxOf{}).(*mockserver.Sandbox)
}

// sandboxView is a sandbox as the control API shows it.
type sandboxView struct {
	Name      string     `json:"name"`
	URL       string     `json:"url"` // below which it serves
	Seed      uint64     `json:"seed"`
	Idle      string     `json:"idle,omitempty"` // a duration; the default sandbox is never removed
	Used      *time.Time `json:"used,omitempty"` // last, by the mock's own clock
	Clock     clockView  `json:"clock"`
	Exchanges int        `json:"exchanges"` // in the journal
	Channels  int        `json:"channels"`
}

func viewOf(b *mockserver.Sandbox) sandboxView {
	i := b.Info()
	v := sandboxView{Name: i.Name, URL: i.URL, Seed: i.Seed, Clock: clockOf(b), Exchanges: i.Exchanges, Channels: i.Channels}
	if i.Idle > 0 {
		v.Idle, v.Used = i.Idle.String(), &i.Used
	}
	return v
}

func (c *API) sandboxes(w http.ResponseWriter, r *http.Request) {
	views := []sandboxView{}
	for _, b := range c.mock.Sandboxes() {
		if tokenOf(r).Sees(b.Name()) {
			views = append(views, viewOf(b))
		}
	}
	c.write(w, http.StatusOK, map[string]any{"sandboxes": views, "limit": c.mock.Options().Sandboxes.Number})
}

// existing returns the sandbox that a path names, or answers that there is none.
func (c *API) existing(w http.ResponseWriter, r *http.Request) *mockserver.Sandbox {
	name := mux.Vars(r)["name"]
	b := c.mock.Existing(name)
	if b == nil {
		c.notFound(w, "sandbox", name, "sandboxes")
	}
	return b
}

func (c *API) sandbox(w http.ResponseWriter, r *http.Request) {
	if b := c.existing(w, r); b != nil {
		c.write(w, http.StatusOK, viewOf(b))
	}
}

// sandboxRequest is what POST sandboxes takes.
type sandboxRequest struct {
	Name  string       `json:"name"`
	Seed  *uint64      `json:"seed"`
	Clock clockRequest `json:"clock"`
	Idle  string       `json:"idle"`
	From  *forkRequest `json:"from"` // nil: it begins anew
}

// forkRequest is which sandbox another begins from, and after which exchange of it.
type forkRequest struct {
	Sandbox  string `json:"sandbox"`  // "": the default one
	Exchange string `json:"exchange"` // ""; as it is now
}

func (c *API) addSandbox(w http.ResponseWriter, r *http.Request) {
	var request sandboxRequest
	if !c.read(w, r, &request) {
		return
	}
	if token := tokenOf(r); !token.Sees(request.Name) {
		problem.Problem{Status: http.StatusForbidden, Kind: "right", Detail: fmt.Sprintf("your token has sandboxes named %s, not %q", strings.Join(token.Sandboxes, ", "), request.Name)}.Write(w)
		return
	}
	options := mockserver.SandboxOptions{Name: request.Name, Seed: request.Seed}
	if request.Clock.Now != nil {
		options.Now = *request.Clock.Now
	}
	if request.Clock.Frozen != nil {
		options.Frozen = *request.Clock.Frozen
	}
	if request.Idle != "" {
		var err error
		if options.Idle, err = time.ParseDuration(request.Idle); err != nil || options.Idle <= 0 {
			c.refuse(w, fmt.Errorf("idle is %q; write a duration such as 10m", request.Idle))
			return
		}
	}
	b, err := c.begun(r, request, options)
	if err != nil {
		access.Refuse(w, err)
		return
	}
	c.write(w, http.StatusCreated, viewOf(b))
}

// begun makes a sandbox, anew or from another one.
func (c *API) begun(r *http.Request, request sandboxRequest, o mockserver.SandboxOptions) (*mockserver.Sandbox, error) {
	if request.From == nil {
		return c.mock.NewSandbox(o)
	}
	if request.Seed != nil || request.Clock != (clockRequest{}) {
		return nil, errors.New(`a sandbox that is made "from" another has its seed and its clock; leave out "seed" and "clock"`)
	}
	name := cmp.Or(request.From.Sandbox, mockserver.DefaultSandbox)
	from := c.mock.Existing(name)
	if from == nil || !tokenOf(r).Sees(name) { // what one may not see is not there
		return nil, &problem.Reason{Status: http.StatusNotFound, Kind: "sandbox", Text: fmt.Sprintf("there is no sandbox %q; GET /_parley/sandboxes lists them", name)}
	}
	return c.mock.Fork(r.Context(), from, request.From.Exchange, o)
}

func (c *API) removeSandbox(w http.ResponseWriter, r *http.Request) {
	b := c.existing(w, r)
	switch {
	case b == nil:
	case b.Name() == mockserver.DefaultSandbox:
		problem.Problem{Status: http.StatusConflict, Kind: "sandbox", Detail: "the default sandbox can't be removed; reset it with POST /_parley/sandboxes/default/reset"}.Write(w)
	default:
		switch there, err := c.mock.RemoveSandbox(b.Name()); {
		case err != nil:
			problem.Of(err).Write(w)
		case !there: // somebody was faster
			c.notFound(w, "sandbox", b.Name(), "sandboxes")
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}
}

func (c *API) resetSandbox(w http.ResponseWriter, r *http.Request) {
	b := c.existing(w, r)
	if b == nil {
		return
	}
	b.Reset()
	durableIn(b, w, r).WriteHeader(http.StatusNoContent)
}

// clockView is a clock as the control API shows it.
type clockView struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
}

func clockOf(b *mockserver.Sandbox) clockView {
	clock := b.Clock()
	return clockView{Now: clock.Now().Round(0), Frozen: clock.Frozen()}
}

func (c *API) clock(w http.ResponseWriter, r *http.Request) {
	c.write(w, http.StatusOK, clockOf(c.box(r)))
}

// clockRequest is what PUT clock takes. What is left out stays as it is.
type clockRequest struct {
	Now    *time.Time `json:"now"`
	Frozen *bool      `json:"frozen"`
}

func (c *API) setClock(w http.ResponseWriter, r *http.Request) {
	var request clockRequest
	if !c.read(w, r, &request) {
		return
	}
	if request.Now == nil && request.Frozen == nil {
		c.refuse(w, errors.New(`nothing is said of the clock; give "now", "frozen" or both`))
		return
	}
	clock := c.box(r).Clock()
	if request.Frozen != nil && *request.Frozen {
		clock.Freeze() // first, so that it shows exactly the time that is set
	}
	if request.Now != nil {
		clock.Set(*request.Now)
	}
	if request.Frozen != nil && !*request.Frozen {
		clock.Run()
	}
	c.write(w, http.StatusOK, clockOf(c.box(r)))
}

// advanceRequest is what POST clock takes.
type advanceRequest struct {
	Advance string `json:"advance"`
}

// advanceClock answers when everything that came due has come to rest.
func (c *API) advanceClock(w http.ResponseWriter, r *http.Request) {
	var request advanceRequest
	if !c.read(w, r, &request) {
		return
	}
	by, err := time.ParseDuration(request.Advance)
	if err != nil || by <= 0 {
		c.refuse(w, fmt.Errorf("advance is %q; write a duration such as 90s or 1h", request.Advance))
		return
	}
	ctx, cancel := c.patient(r, maxWait)
	defer cancel()
	if err := c.box(r).Clock().Advance(ctx, by); err != nil {
		problem.Problem{Status: http.StatusRequestTimeout, Kind: "wait", Detail: err.Error()}.Write(w)
		return
	}
	c.write(w, http.StatusOK, clockOf(c.box(r)))
}
