package expertflow

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/traffic"
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

// theGateway is the ID of the one Gateway.
const theGateway = "gateway"

// gateway holds a Gateway, and lets answers go that are held back.
type gateway struct {
	kept store.Collection[Gateway] // one, by theGateway

	mu      sync.Mutex
	release chan struct{} // closed when the gateway is set
}

func newGateway(stage *mockserver.Stage) *gateway {
	g := &gateway{kept: mockserver.Persist(stage, "gateway", store.NewMemory[Gateway](1, nil)), release: make(chan struct{})}
	add(g.kept, theGateway, Gateway{AsksForToken: stage.Reading("EF-R-01") == "on"})
	return g
}

// get returns the Gateway. It is there from the start, and memory does not fail.
func (g *gateway) get() Gateway {
	now, _ := g.kept.Get(theGateway)
	return now
}

func (g *gateway) set(given gatewayGiven) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, err := g.kept.Update(theGateway, func(now *Gateway) error {
		if given.AsksForToken != nil {
			now.AsksForToken = *given.AsksForToken
		}
		if given.Unanswered != nil {
			now.Unanswered = *given.Unanswered
		}
		return nil
	})
	close(g.release)
	g.release = make(chan struct{})
	return err
}

// silent takes one off the activities that get no answer, and returns what ends the
// silence; nil when there is none left.
func (g *gateway) silent() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.get().Unanswered == 0 { // as nearly always: nothing is changed, nor noted
		return nil
	}
	silent := false
	_, err := g.kept.Update(theGateway, func(now *Gateway) error {
		if silent = now.Unanswered > 0; silent {
			now.Unanswered--
		}
		return nil
	})
	if err != nil || !silent {
		return nil
	}
	return g.release
}

// answer holds an answer back when it is one that is not to come: until the caller
// has given up, the gateway is set anew, or longestSilence has passed.
func (g *gateway) answer(c *mockserver.Call) {
	release := g.silent()
	if release == nil {
		return
	}
	timer := time.NewTimer(longestSilence)
	defer timer.Stop()
	c.Pause(func() {
		select {
		case <-c.Request.Context().Done():
		case <-release:
		case <-timer.C:
		}
	})
}

// admit is what stands before the reading of an activity: the gateway, and then the
// framework, which asks for a content type where EF-R-47 says so.
func (x *expertflow) admit(c *mockserver.Call) *mockserver.Reply {
	if c.Operation == nil || c.Operation.ID != pushActivity {
		return nil
	}
	if x.gateway.get().AsksForToken {
		if reply := x.authorize(c); reply != nil {
			return reply
		}
	}
	isOther := func(f traffic.Finding) bool {
		return f.Code == "content-type.unexpected" || f.Code == "content-type.missing"
	}
	if x.stage.Reading("EF-R-47") == "refused" && slices.ContainsFunc(c.Findings, isOther) {
		return refused(http.StatusUnsupportedMediaType, "the content type is not application/json (reading EF-R-47)")
	}
	return nil
}

// authorize lets nobody through without a token.
func (x *expertflow) authorize(c *mockserver.Call) *mockserver.Reply {
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
