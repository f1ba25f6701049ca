package mockserver_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

func TestABodyOverTheLimit(t *testing.T) {
	m := acme.NewWith(t, mockserver.Options{BodyLimit: 100}, nil)
	a := m.Do("POST", "/tickets/T-1/notes", `{"text":"`+strings.Repeat("x", 1000)+`"}`)
	e := m.Exchange(a)
	if a.Status != 413 || len(e.Findings) != 1 || e.Findings[0].Code != "body.too-large" || e.Request.Body.Size != 100 || e.Operation != "operations/note" {
		t.Errorf("answered %d with %+v, kept %d bytes of %s", a.Status, e.Findings, e.Request.Body.Size, e.Operation)
	}
	if detail := acme.Detail(t, a); !strings.Contains(detail, "larger than what the mock reads, at most 100 bytes; the limit is Parley's") {
		t.Errorf("the answer says %s", detail)
	}
	if a := m.Do("POST", "/_parley/send", strings.Repeat("x", 1000)); a.Status != 413 || !strings.Contains(acme.Detail(t, a), "larger than 100 bytes") {
		t.Errorf("the control API answered %d %s", a.Status, a.Body)
	}
	if a := m.Do("POST", "/tickets/T-1/notes", `{"text":"x"}`); a.Status != 201 {
		t.Errorf("afterwards the mock answers %d", a.Status)
	}
}

func TestAHundredClientsAtOnce(t *testing.T) {
	m := acme.New(t, nil)
	const clients, each = 100, 20
	var group sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	for c := range clients {
		group.Go(func() {
			for n := range each {
				response, err := client.Post(fmt.Sprintf("%s/tickets/%d-%d/notes", m.URL, c, n), "application/json", strings.NewReader(`{"text":"x"}`))
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if response.StatusCode != 201 {
					t.Errorf("answered %s", response.Status)
				}
			}
		})
	}
	group.Wait()
	exchanges := m.Sandbox().Journal().Find(nil)
	if len(exchanges) != clients*each {
		t.Fatalf("%d exchanges, want %d", len(exchanges), clients*each)
	}
	for i, e := range exchanges {
		if e.ID != fmt.Sprintf("ex-%06d", i+1) {
			t.Fatalf("exchange %d has the ID %s", i+1, e.ID)
		}
	}
	acme.Below(t, traffic.Warn, exchanges)
}

func TestTheJournalIsBounded(t *testing.T) {
	m := acme.NewWith(t, mockserver.Options{Journal: traffic.Limits{Exchanges: 3}}, nil)
	for range 5 {
		m.Do("GET", "/tickets/T-1", "")
	}
	if stats := m.Sandbox().Journal().Stats(); stats.Kept != 3 || stats.Dropped != 2 {
		t.Errorf("the journal has %+v", stats)
	}
}

func TestADelayEndsWithItsClient(t *testing.T) {
	m := acme.New(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	leave() // before the delay begins, so that only its end can let ServeHTTP return
	request := httptest.NewRequestWithContext(ctx, "GET", "/tickets/T-1", nil)
	request.Header.Set("Prefer", "delay=60000")
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		m.Server().ServeHTTP(httptest.NewRecorder(), request)
	}()
	select {
	case <-answered:
	case <-mocktest.Soon(t).Done():
		t.Fatal("the delay goes on without its client")
	}
	if _, err := m.Sandbox().Journal().Wait(mocktest.Soon(t), 1, nil); err != nil {
		t.Errorf("the call of a client that left is not journalled: %v", err)
	}
}
