package expertflow

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/parleykit/parley/mockserver"
)

// Gateway is how Expertflow CX treats those who push activities. A test may set it
// while the mock runs.
type Gateway struct {
	AsksForToken bool `json:"asksForToken"` // from the start what reading EF-R-01 says
	Unanswered   int  `json:"unanswered"`   // so many of the next activities are taken and not answered
}

// gatewayGiven is what AddState may change of a Gateway.
type gatewayGiven struct {
	AsksForToken *bool `json:"asksForToken"`
	Unanswered   *int  `json:"unanswered"`
}

// longestSilence bounds how long an answer is held back.
const longestSilence = time.Minute

// gateway guards a Gateway, and lets answers go that are held back.
type gateway struct {
	mu      sync.Mutex
	now     Gateway
	release chan struct{} // closed when the gateway is set
}

func newGateway(stage *mockserver.Stage) *gateway {
	return &gateway{now: Gateway{AsksForToken: stage.Reading("EF-R-01") == "on"}, release: make(chan struct{})}
}

func (g *gateway) get() Gateway {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now
}

func (g *gateway) set(given gatewayGiven) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if given.AsksForToken != nil {
		g.now.AsksForToken = *given.AsksForToken
	}
	if given.Unanswered != nil {
		g.now.Unanswered = *given.Unanswered
	}
	close(g.release)
	g.release = make(chan struct{})
}

// answer holds an answer back when it is one that is not to come: until the caller
// has given up, the gateway is set anew, or longestSilence has passed.
func (g *gateway) answer(ctx context.Context) {
	g.mu.Lock()
	hold, release := g.now.Unanswered > 0, g.release
	if hold {
		g.now.Unanswered--
	}
	g.mu.Unlock()
	if !hold {
		return
	}
	timer := time.NewTimer(longestSilence)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-release:
	case <-timer.C:
	}
}

// authorize lets nobody through without a token where the gateway asks for one.
func (x *expertflow) authorize(c *mockserver.Call) *mockserver.Reply {
	if c.Operation == nil || c.Operation.ID != pushActivity || !x.gateway.get().AsksForToken {
		return nil
	}
	given, ok := bearer(c.Request.Header.Get("Authorization"))
	if !ok {
		return refused(http.StatusUnauthorized, "there is no bearer token; the gateway asks for one (reading EF-R-01)")
	}
	t, ok := x.valid(given, false)
	switch {
	case !ok:
		return refused(http.StatusUnauthorized, "the token was not given out by the token endpoint, or has expired")
	case !t.Permits:
		return refused(http.StatusForbidden, "the user of the token may not push activities")
	}
	return nil
}
