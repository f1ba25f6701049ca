package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// TestASlowBodyDripsAndArrivesWhole: on a frozen clock the partner has the header
// and not the body; with time, all of it.
func TestASlowBodyDripsAndArrivesWhole(t *testing.T) {
	const body = `{"ticket":"a rather long one, so that it takes several parts"}`
	m := newMock(t, mockserver.Options{}, nil)
	header, length := make(chan struct{}), make(chan int64, 1)
	p := newPartner(t, nil)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		length <- r.ContentLength
		close(header)
		p.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	c := openChannel(t, m, mockserver.Channel{URL: front.URL})
	clock := m.Sandbox().Clock()
	clock.Freeze()
	ended := make(chan *traffic.Exchange, 1)
	go func() {
		ended <- m.Sandbox().SendRaw(soon(t), mockserver.Raw{Channel: c.ID, Event: "changed", Body: []byte(body), SlowWrite: 10 * time.Second})
	}()
	for done := false; !done; {
		select {
		case e := <-ended:
			if e.Status() != 200 || e.Request.Body.String() != body {
				t.Errorf("it ended as %+v", e)
			}
			done = true
		default:
			if err := clock.Advance(soon(t), 100*time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
	}
	<-header
	if got := p.received(); len(got) != 1 || got[0] != body || <-length != int64(len(body)) {
		t.Errorf("the partner got %q", got)
	}
	if e := m.Sandbox().Journal().Find(nil)[0]; e.Duration < 10*time.Second {
		t.Errorf("it took %s of the sandbox's time, want 10s", e.Duration)
	}
}
