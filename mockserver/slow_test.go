package mockserver_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

// TestASlowBodyDripsAndArrivesWhole: on a frozen clock the partner has the header
// and not the body; with time, all of it.
func TestASlowBodyDripsAndArrivesWhole(t *testing.T) {
	const body = `{"ticket":"a rather long one, so that it takes several parts"}`
	m := acme.New(t, nil)
	length := make(chan int64, 1)
	p := mocktest.NewPartner(t, func(_ http.ResponseWriter, r *http.Request) { length <- r.ContentLength })
	c := m.Connect(mockserver.Channel{URL: p.URL})
	clock := m.Sandbox().Clock()
	clock.Freeze()
	ended := make(chan *traffic.Exchange, 1)
	go func() {
		ended <- m.Sandbox().SendRaw(mocktest.Soon(t), mockserver.Raw{Channel: c.ID, Event: "changed", Body: []byte(body), SlowWrite: 10 * time.Second})
	}()
	for done := false; !done; {
		select {
		case e := <-ended:
			if e.Status() != 200 || e.Request.Body.String() != body {
				t.Errorf("it ended as %+v", e)
			}
			done = true
		default:
			m.Advance(100 * time.Millisecond)
		}
	}
	if got := p.Received(); len(got) != 1 || got[0] != body || <-length != int64(len(body)) {
		t.Errorf("the partner got %q", got)
	}
	if e := m.Sandbox().Journal().Find(nil)[0]; e.Duration < 10*time.Second {
		t.Errorf("it took %s of the sandbox's time, want 10s", e.Duration)
	}
}
