package cluster

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/jetstream"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

// counter is the smallest mock: each call appends its body to the log of its sandbox, and
// is answered with the sequence once that is durable.
type counter struct {
	ledger *jetstream.Ledger
	mu     sync.Mutex
	logs   map[string]ledger.Log
}

func (m *counter) mock() Mock {
	forget := func(sandbox string) ledger.Log {
		m.mu.Lock()
		defer m.mu.Unlock()
		log := m.logs[sandbox]
		delete(m.logs, sandbox)
		return log
	}
	return Mock{
		TakeUp: func(ctx context.Context, sandbox string, fence uint64, _ func() bool) error {
			log, err := m.ledger.Open(ctx, sandbox, fence)
			if err != nil {
				return err
			}
			m.mu.Lock()
			defer m.mu.Unlock()
			m.logs[sandbox] = log
			return nil
		},
		LetGo: func(ctx context.Context, sandbox string) error { return forget(sandbox).Close(ctx) },
		Lost:  func(sandbox string) { forget(sandbox) },
		Has: func(sandbox string) bool {
			m.mu.Lock()
			defer m.mu.Unlock()
			return m.logs[sandbox] != nil
		},
		Held: m.ledger.Sandboxes,
	}
}

func (m *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	_, sandbox, _ := address(r)
	m.mu.Lock()
	log := m.logs[sandbox]
	m.mu.Unlock()
	var sequence uint64
	if err == nil {
		sequence, err = log.Append(text)
	}
	if err == nil {
		err = log.Await(r.Context(), sequence)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprint(w, sequence)
}

// part is a replica on real servers.
type part struct {
	*Replica
	server *httptest.Server
	stop   func() // ends what it does by itself
}

func partOn(t *testing.T, servers *natstest.Servers, id string) *part {
	t.Helper()
	nc, err := jetstream.Connect(servers.URLs(), id)
	if err != nil {
		t.Fatal(err)
	}
	l, err := jetstream.Open(t.Context(), nc, jetstream.Options{Cluster: "c", Replicas: 3, Durability: ledger.Step})
	if err != nil {
		t.Fatal(err)
	}
	bucket := bucketOf(t, nc, "c", 3)
	m, p := &counter{ledger: l, logs: map[string]ledger.Log{}}, &part{}
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.ServeHTTP(w, r) }))
	p.Replica = New(Options{ID: id, URL: p.server.URL, Secret: []byte("hush"), Bucket: bucket, Mock: m.mock(), Next: m, Failed: func(err error) { t.Logf("%s: %v", id, err) }})
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.Run(ctx) })
	p.stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		p.Close()
		p.server.CloseClientConnections()
		p.server.Close()
		nc.Close()
	})
	t.Cleanup(p.stop)
	return p
}

// TestOnServers: on three servers a client follows sandboxes through a join, a drain
// and the loss of a replica: each call gets the next sequence, and the log
// has all that was acknowledged, in its order.
func TestOnServers(t *testing.T) {
	servers := natstest.Start(t, 3, nil)
	a, b := partOn(t, servers, "a"), partOn(t, servers, "b")
	sandboxes := []string{"default", "Team.A", "s1", "s2", "s3", "s4"}
	acknowledged := map[string]uint64{}
	calls := func(at *part, rounds int) {
		t.Helper()
		for i := 0; i < rounds*len(sandboxes); i++ {
			sandbox := sandboxes[i%len(sandboxes)]
			want := acknowledged[sandbox] + 1
			answer, err := http.Post(at.server.URL+"/~"+sandbox+"/", "text/plain", strings.NewReader(fmt.Sprint(sandbox, " ", want)))
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(answer.Body)
			answer.Body.Close()
			if string(text) != fmt.Sprint(want) {
				t.Fatalf("call %d of %s got %d %s", want, sandbox, answer.StatusCode, text)
			}
			acknowledged[sandbox] = want
		}
	}
	calls(a, 3)
	c := partOn(t, servers, "c")
	calls(c, 3)
	if err := b.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	calls(b, 3)
	b.stop()
	calls(a, 3)
	began := time.Now()
	servers.Stop(servers.Leader("KV_parley-c-leases"))
	a.stop()
	calls(c, 3)
	t.Logf("after the loss of a replica and of the server that led the leases it took %v", time.Since(began))
	for _, sandbox := range sandboxes {
		c.mu.Lock()
		box := c.boxes[sandbox]
		c.mu.Unlock()
		if err := c.leave(t.Context(), box); err != nil {
			t.Fatal(err)
		}
		held(t, servers, sandbox, box.lease.Fence+1<<32, acknowledged[sandbox])
	}
}

// held compares a log with what was acknowledged.
func held(t *testing.T, servers *natstest.Servers, sandbox string, fence, last uint64) {
	t.Helper()
	nc, err := jetstream.Connect(servers.URLs(), "reader")
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	l, err := jetstream.Open(t.Context(), nc, jetstream.Options{Cluster: "c", Replicas: 3})
	if err != nil {
		t.Fatal(err)
	}
	log, err := l.Open(t.Context(), sandbox, fence)
	if err != nil {
		t.Fatal(err)
	}
	if _, n, _ := log.Held(); n != last {
		t.Errorf("%s has %d entries, and %d were acknowledged", sandbox, n, last)
	}
	err = log.Entries(t.Context(), 1, last, func(sequence uint64, entry []byte) error {
		if string(entry) != fmt.Sprint(sandbox, " ", sequence) {
			t.Errorf("entry %d of %s is %s", sequence, sandbox, entry)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
