package mockserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/internal/problem"
)

// in lets a route work in the sandbox of its request, which is not idle until the
// answer has been written.
func (c *control) in(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name, _ := r.Context().Value(sandboxName{}).(string)
		b, err := c.server.named.use(name, nil)
		if err != nil {
			problem.Of(err).Write(w)
			return
		}
		defer b.leave()
		handle(w, r.WithContext(context.WithValue(r.Context(), sandboxOf{}, b)))
	}
}

// sandboxOf is the key of the sandbox that a route works in.
type sandboxOf struct{}

// box returns the sandbox of a request that came through in.
func (c *control) box(r *http.Request) *Sandbox { return r.Context().Value(sandboxOf{}).(*Sandbox) }

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

func viewOf(b *Sandbox) sandboxView {
	v := sandboxView{Name: b.Name(), URL: b.BaseURL(), Seed: b.seed, Clock: clockOf(b), Exchanges: b.journal.Stats().Kept, Channels: len(b.Channels())}
	if b.name != "" {
		used := time.Unix(0, b.used.Load()).UTC()
		v.Idle, v.Used = b.begins.Idle.String(), &used
	}
	return v
}

func (c *control) sandboxes(w http.ResponseWriter, _ *http.Request) {
	views := []sandboxView{}
	for _, b := range c.server.Sandboxes() {
		if b.current() != nil { // else somebody is just making it
			views = append(views, viewOf(b))
		}
	}
	c.write(w, http.StatusOK, map[string]any{"sandboxes": views, "limit": c.server.named.limits.Number})
}

// existing returns the sandbox that a path names, or answers that there is none.
func (c *control) existing(w http.ResponseWriter, r *http.Request) *Sandbox {
	name := mux.Vars(r)["name"]
	if name == DefaultSandbox {
		return c.server.sandbox
	}
	b := c.server.named.find(name)
	if b == nil || b.current() == nil {
		c.notFound(w, "sandbox", name, "sandboxes")
		return nil
	}
	return b
}

func (c *control) sandbox(w http.ResponseWriter, r *http.Request) {
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
}

func (c *control) addSandbox(w http.ResponseWriter, r *http.Request) {
	var request sandboxRequest
	if !c.read(w, r, &request) {
		return
	}
	options := SandboxOptions{Name: request.Name, Seed: request.Seed}
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
	b, err := c.server.NewSandbox(options)
	if err != nil {
		problem.Of(err).Write(w)
		return
	}
	c.write(w, http.StatusCreated, viewOf(b))
}

func (c *control) removeSandbox(w http.ResponseWriter, r *http.Request) {
	b := c.existing(w, r)
	switch {
	case b == nil:
	case b.name == "":
		problem.Problem{Status: http.StatusConflict, Kind: "sandbox", Detail: "the default sandbox can't be removed; reset it with POST /_parley/sandboxes/default/reset"}.Write(w)
	default:
		c.server.RemoveSandbox(b.name)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (c *control) resetSandbox(w http.ResponseWriter, r *http.Request) {
	b := c.existing(w, r)
	if b == nil {
		return
	}
	b.Reset()
	w.WriteHeader(http.StatusNoContent)
}

// clockView is a clock as the control API shows it.
type clockView struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
}

func clockOf(b *Sandbox) clockView {
	clock := b.Clock()
	return clockView{Now: clock.Now().Round(0), Frozen: clock.Frozen()}
}

func (c *control) clock(w http.ResponseWriter, r *http.Request) {
	c.write(w, http.StatusOK, clockOf(c.box(r)))
}

// clockRequest is what PUT clock takes. What is left out stays as it is.
type clockRequest struct {
	Now    *time.Time `json:"now"`
	Frozen *bool      `json:"frozen"`
}

func (c *control) setClock(w http.ResponseWriter, r *http.Request) {
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
func (c *control) advanceClock(w http.ResponseWriter, r *http.Request) {
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
