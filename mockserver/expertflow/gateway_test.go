package expertflow_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/mockserver/mocktest"
)

func (m *mock) set(gateway string) {
	m.t.Helper()
	if err := m.Sandbox().AddState("expertflow", fmt.Appendf(nil, `{"gateway":%s}`, gateway)); err != nil {
		m.t.Fatal(err)
	}
}

// TestGatewayIsSwitched: tokens are asked for as long as a test wants, whatever
// the reading.
func TestGatewayIsSwitched(t *testing.T) {
	m := newMock(t, "")
	push := func(status int) {
		t.Helper()
		if a := m.push(activity("a1", ofActive)); a.Status != status {
			t.Errorf("answered %d, want %d", a.Status, status)
		}
	}
	push(200)
	m.set(`{"asksForToken":true}`)
	push(401)
	m.set(`{"unanswered":0}`)
	push(401)
	if g := m.state().Gateway; !g.AsksForToken {
		t.Errorf("the gateway is %+v", g)
	}
	if a := m.pushAs("Bearer "+expertflow.SampleToken, activity("a2", ofActive)); a.Status != 200 {
		t.Errorf("answered %d with a token", a.Status)
	}
	m.set(`{"asksForToken":false}`)
	push(200)
	if on := newMock(t, "EF-R-01=on"); !on.state().Gateway.AsksForToken {
		t.Error("with EF-R-01=on the gateway asks for no token")
	}
}

// TestUnanswered: an activity is taken, the caller waits in vain, and the next is
// answered.
func TestUnanswered(t *testing.T) {
	m := newMock(t, "")
	m.set(`{"unanswered":1}`)
	ctx, giveUp := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL+activities, strings.NewReader(activity("a1", ofActive)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", jsonType)
	ended := make(chan error, 1)
	go func() {
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			response.Body.Close()
		}
		ended <- err
	}()
	m.await("a1")
	giveUp()
	if err := <-ended; err == nil {
		t.Error("there was an answer")
	}
	if a := m.push(activity("a2", ofActive)); a.Status != 200 || len(m.state().Activities) != 2 {
		t.Errorf("answered %d, kept %d", a.Status, len(m.state().Activities))
	}
}

// TestSilenceIsLifted: setting the gateway lets an answer go that is held back.
func TestSilenceIsLifted(t *testing.T) {
	m := newMock(t, "")
	m.set(`{"unanswered":5}`)
	answered := make(chan int, 1)
	go func() { answered <- m.push(activity("a1", ofActive)).Status }()
	m.await("a1")
	m.set(`{"unanswered":0}`)
	if status := <-answered; status != 200 {
		t.Errorf("answered %d", status)
	}
}

// await returns when an activity is kept.
func (m *mock) await(id string) {
	m.t.Helper()
	mocktest.Until(m.t, func() bool {
		return slices.ContainsFunc(m.state().Activities, func(a expertflow.Activity) bool { return a.ID == id })
	})
}

// TestActivitiesAreBoundedInBytes: large ones make room for each other long before
// there are many. A named sandbox keeps a tenth, which is filled sooner.
func TestActivitiesAreBoundedInBytes(t *testing.T) {
	m := newMock(t, "")
	large := strings.Replace(activity("a1", ofActive), `"type":"NOTE"`, `"type":"NOTE","more":"`+strings.Repeat("x", 1_000_000)+`"`, 1)
	for range 9 {
		if a := m.Do("POST", activities, large, "Content-Type", jsonType, mockserver.HeaderSandbox, "small"); a.Status != 200 {
			t.Fatalf("answered %d", a.Status)
		}
	}
	var s expertflow.State
	err := m.Server().Use("small", func(b *mockserver.Sandbox) { s = b.State()["expertflow"].(expertflow.State) })
	if err != nil || len(s.Activities) < 6 || len(s.Activities) > 7 || s.Forgotten != uint64(9-len(s.Activities)) {
		t.Errorf("kept %d and forgot %d of 9 activities of 1 MB, %v", len(s.Activities), s.Forgotten, err)
	}
}
