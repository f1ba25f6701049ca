package cluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// manual is a clock that a test moves.
type manual struct {
	mu    sync.Mutex
	at    time.Time
	timed map[int]timer
	next  int
}

type timer struct {
	at time.Time
	f  func()
}

func (m *manual) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

func (m *manual) after(d time.Duration, f func()) func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next++
	number := m.next
	m.timed[number] = timer{m.at.Add(d), f}
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.timed, number)
	}
}

func (m *manual) advance(d time.Duration) {
	m.mu.Lock()
	m.at = m.at.Add(d)
	var due []func()
	maps.DeleteFunc(m.timed, func(_ int, t timer) bool {
		if t.at.After(m.at) {
			return false
		}
		due = append(due, t.f)
		return true
	})
	m.mu.Unlock()
	for _, f := range due {
		f()
	}
}

// memory is a bucket that several replicas of a test share.
type memory struct {
	clock      *manual
	mu         sync.Mutex
	revision   uint64
	values     map[string]kept
	watchers   map[int]func(string, []byte, bool)
	cut        map[string]bool // keys whose writes get no answer
	unanswered map[string]int  // how many did not, by key
	writes     int             // that were taken
	told       int             // to watchers
}

type kept struct {
	revision uint64
	value    []byte
	at       time.Time
}

func (b *memory) put(key string, value []byte, revision uint64) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cut[key] {
		b.unanswered[key]++
		return 0, errors.New("no answer")
	}
	old, ok := b.values[key]
	ok = ok && b.clock.now().Sub(old.at) < TTL
	if ok != (revision > 0) || ok && old.revision != revision {
		return 0, ErrTaken
	}
	b.revision++
	if value == nil {
		delete(b.values, key)
	} else {
		b.values[key] = kept{b.revision, value, b.clock.now()}
	}
	b.writes++
	b.told += len(b.watchers)
	for _, told := range b.watchers {
		told(key, value, value == nil)
	}
	return b.revision, nil
}

func (b *memory) Create(_ context.Context, key string, value []byte) (uint64, error) {
	return b.put(key, value, 0)
}
func (b *memory) Update(_ context.Context, key string, value []byte, revision uint64) (uint64, error) {
	return b.put(key, value, revision)
}
func (b *memory) Delete(_ context.Context, key string, revision uint64) error {
	_, err := b.put(key, nil, revision)
	return err
}
func (b *memory) Watch(ctx context.Context, told func(string, []byte, bool), ready func()) error {
	b.mu.Lock()
	for key, k := range b.values {
		told(key, k.value, false)
	}
	number := len(b.watchers)
	b.watchers[number] = told
	b.mu.Unlock()
	ready()
	<-ctx.Done()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watchers[number] = func(string, []byte, bool) {}
	return ctx.Err()
}

// mute ends all watches without a word, as the loss of a server does.
func (b *memory) mute() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for number := range b.watchers {
		b.watchers[number] = func(string, []byte, bool) {}
	}
}

// cluster is replicas with mocks that answer who they are.
type cluster struct {
	t      *testing.T
	clock  *manual
	bucket *memory
	mu     sync.Mutex
	held   map[string]bool   // sandboxes of the ledger
	active map[string]string // who has a sandbox, by what the mocks were told
	fences map[string]uint64
	wrong  []string // what must not happen
	taking func()   // called while a mock takes a sandbox up; may be nil
	nodes  map[string]*node
}

type node struct {
	*Replica
	server *httptest.Server
	handle func(w http.ResponseWriter, r *http.Request) // nil: answers with its ID
}

func newCluster(t *testing.T) *cluster {
	clock := &manual{at: time.Unix(1, 0), timed: map[int]timer{}}
	return &cluster{t: t, clock: clock, held: map[string]bool{}, active: map[string]string{}, fences: map[string]uint64{}, nodes: map[string]*node{},
		bucket: &memory{clock: clock, values: map[string]kept{}, watchers: map[int]func(string, []byte, bool){}, cut: map[string]bool{}, unanswered: map[string]int{}}}
}

func (c *cluster) note(format string, a ...any) { c.wrong = append(c.wrong, fmt.Sprintf(format, a...)) }

// mock is what a replica is told to do, with what must hold.
func (c *cluster) mock(id string) Mock {
	return Mock{
		TakeUp: func(_ context.Context, sandbox string, fence uint64, valid func() bool) error {
			if c.taking != nil {
				c.taking()
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			if by := c.active[sandbox]; by != "" && c.nodes[by] != nil {
				c.note("%s takes up %s, which %s has", id, sandbox, by)
			}
			if fence <= c.fences[sandbox] || !valid() {
				c.note("%s takes up %s with fence %d after %d", id, sandbox, fence, c.fences[sandbox])
			}
			c.active[sandbox], c.fences[sandbox], c.held[sandbox] = id, fence, true
			return nil
		},
		LetGo: func(_ context.Context, sandbox string) error { c.ended(id, sandbox); return nil },
		Lost:  func(sandbox string) { c.ended(id, sandbox) },
		Has:   func(sandbox string) bool { return c.owner(sandbox) == id },
		Held: func(context.Context) ([]string, error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			return slices.Sorted(maps.Keys(c.held)), nil
		},
	}
}

func (c *cluster) ended(id, sandbox string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.active[sandbox] == id {
		delete(c.active, sandbox)
	}
}

func (c *cluster) owner(sandbox string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.active[sandbox]
}

// join starts a replica.
func (c *cluster) join(id string) *node {
	c.t.Helper()
	n := &node{}
	n.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.ServeHTTP(w, r) }))
	n.Replica = New(Options{ID: id, URL: n.server.URL, Secret: []byte("hush"), Bucket: c.bucket, Mock: c.mock(id), Now: c.clock.now, After: c.clock.after,
		Patience: time.Minute, // of real time, which no test spends
		Failed:   func(err error) { c.t.Logf("%s: %v", id, err) },
		Next: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n.handle != nil {
				n.handle(w, r)
				return
			}
			fmt.Fprint(w, id)
		})})
	c.mu.Lock()
	c.nodes[id] = n
	c.mu.Unlock()
	if err := n.Start(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		n.Close()
		n.server.CloseClientConnections()
		n.server.Close()
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, text := range c.wrong {
			c.t.Error(text)
		}
		c.wrong = nil
	})
	return n
}

// kill ends a replica without a word.
func (c *cluster) kill(id string) {
	c.mu.Lock()
	n := c.nodes[id]
	delete(c.nodes, id)
	c.mu.Unlock()
	n.Close()
	n.server.CloseClientConnections()
	n.server.Close()
}

// tick does what a replica does each second.
func (n *node) tick(ctx context.Context) {
	n.renew(ctx)
	n.share(ctx)
}

// tick lets all replicas do what they do each second, and time go on.
func (c *cluster) tick() {
	c.mu.Lock()
	nodes := slices.Collect(maps.Values(c.nodes))
	c.mu.Unlock()
	for _, n := range nodes {
		n.tick(c.t.Context())
	}
	c.clock.advance(renewEvery)
}

// until ticks until something holds.
func (c *cluster) until(what string, holds func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); c.tick() {
		if time.Now().After(deadline) {
			c.t.Fatalf("it does not come to pass that %s", what)
		}
	}
}

// of is the name of a sandbox that is a replica's share.
func of(id string, replicas ...string) string {
	for i := 0; ; i++ {
		if name := fmt.Sprint("s", i); choose(name, replicas) == id {
			return name
		}
	}
}
