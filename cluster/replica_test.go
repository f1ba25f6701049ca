package cluster

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"
	"testing"
)

func get(t *testing.T, n *node, path string) (int, string) {
	t.Helper()
	answer, err := http.Get(n.server.URL + path)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body) // a stream may be cut off
	return answer.StatusCode, string(text)
}

func wantGet(t *testing.T, n *node, path, want string) {
	t.Helper()
	if status, text := get(t, n, path); status != 200 || text != want {
		t.Errorf("%s answered %d %s, want %s", path, status, text, want)
	}
}

// TestAnyReplicaTakesAnyRequest, for a sandbox named in the path, and leads it to one owner.
func TestAnyReplicaTakesAnyRequest(t *testing.T) {
	c := newCluster(t)
	ids := []string{"a", "b", "c"}
	for _, id := range ids {
		c.join(id)
	}
	for _, owner := range ids {
		for _, id := range ids {
			wantGet(t, c.nodes[id], "/~"+of(owner, ids...)+"/x", owner)
			wantGet(t, c.nodes[id], "/_parley/sandboxes/"+of(owner, ids...), owner)
		}
	}
	for _, id := range ids {
		wantGet(t, c.nodes[id], "/_parley/metrics", id)
	}
}

// TestJoin: a replica that comes gets its share, and no request fails meanwhile.
func TestJoin(t *testing.T) {
	c := newCluster(t)
	a := c.join("a")
	for i := range 40 {
		wantGet(t, a, fmt.Sprintf("/~s%d/", i), "a")
	}
	stop, failed := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(failed)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			answer, err := http.Get(fmt.Sprintf("%s/~s%d/", a.server.URL, i%40))
			if err == nil {
				io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
			}
			if err != nil || answer.StatusCode != 200 {
				failed <- fmt.Errorf("%v, %v", answer, err)
				return
			}
		}
	}()
	c.join("b")
	c.until("each has its share", func() bool {
		for i := range 40 {
			name := fmt.Sprint("s", i)
			if c.owner(name) != choose(name, []string{"a", "b"}) {
				return false
			}
		}
		return true
	})
	close(stop)
	if err := <-failed; err != nil {
		t.Error(err)
	}
	n := 0
	for i := range 40 {
		if c.owner(fmt.Sprint("s", i)) == "b" {
			n++
		}
	}
	if n < 10 || n > 30 {
		t.Errorf("the second of two replicas has %d of 40 sandboxes", n)
	}
}

// TestLostOwner: a request waits for the next owner, and what nobody asks for finds one too.
func TestLostOwner(t *testing.T) {
	c := newCluster(t)
	a, _ := c.join("a"), c.join("b")
	asked, unasked := of("b", "a", "b"), "unasked"
	for i := 0; choose(unasked, []string{"a", "b"}) != "b"; i++ {
		unasked = fmt.Sprint("unasked", i)
	}
	wantGet(t, a, "/~"+asked+"/", "b")
	wantGet(t, a, "/~"+unasked+"/", "b")
	c.kill("b")
	got := make(chan string)
	go func() {
		status, text := get(t, a, "/~"+asked+"/")
		got <- fmt.Sprint(status, " ", text)
	}()
	c.until("the others have what it had", func() bool { return c.owner(asked) == "a" && c.owner(unasked) == "a" })
	if text := <-got; text != "200 a" {
		t.Errorf("the request that waited got %s", text)
	}
}

// TestSilentServers: a request waits while the servers do not say who has its sandbox.
func TestSilentServers(t *testing.T) {
	c := newCluster(t)
	a := c.join("a")
	cut := keyOf(leasePrefix, "x")
	c.bucket.mu.Lock()
	c.bucket.cut[cut] = true
	c.bucket.mu.Unlock()
	got := make(chan string)
	go func() {
		status, text := get(t, a, "/~x/")
		got <- fmt.Sprint(status, " ", text)
	}()
	c.until("it asked twice", func() bool {
		c.bucket.mu.Lock()
		defer c.bucket.mu.Unlock()
		return c.bucket.unanswered[cut] >= 2
	})
	c.bucket.mu.Lock()
	clear(c.bucket.cut)
	c.bucket.mu.Unlock()
	if text := <-got; text != "200 a" {
		t.Errorf("the request that waited got %s", text)
	}
}

// TestLostWhileTaking: a mock that has just taken a sandbox up is told when the lease was lost
// meanwhile, before it takes it up again.
func TestLostWhileTaking(t *testing.T) {
	c := newCluster(t)
	a := c.join("a")
	c.taking = sync.OnceFunc(func() {
		key := keyOf(leasePrefix, "x")
		c.bucket.mu.Lock()
		revision := c.bucket.values[key].revision
		c.bucket.mu.Unlock()
		if err := c.bucket.Delete(t.Context(), key, revision); err != nil {
			t.Error(err)
		}
		a.renew(t.Context())
	})
	wantGet(t, a, "/~x/", "a")
	if _, taken := a.Owned(); taken != 1 {
		t.Errorf("it took %d sandboxes", taken)
	}
}

// TestOwnerThatCannotRenew stops before another can begin.
func TestOwnerThatCannotRenew(t *testing.T) {
	c := newCluster(t)
	a := c.join("a")
	wantGet(t, a, "/~x/", "a")
	c.bucket.mu.Lock()
	c.bucket.cut[keyOf(leasePrefix, "x")] = true
	c.bucket.mu.Unlock()
	a.tick(t.Context())
	if c.owner("x") != "a" {
		t.Error("it is lost at the first failure")
	}
	c.clock.advance(TTL - margin)
	if c.owner("x") != "" {
		t.Error("it is owned until others may have it")
	}
	c.bucket.mu.Lock()
	clear(c.bucket.cut)
	c.bucket.mu.Unlock()
	c.until("it is owned again", func() bool { return c.owner("x") == "a" })
}

// TestDrain: what a replica had is the others', requests in it have ended before, and its
// address still answers.
func TestDrain(t *testing.T) {
	c := newCluster(t)
	a, b := c.join("a"), c.join("b")
	name := of("a", "a", "b")
	inside, finish := make(chan struct{}), make(chan struct{})
	a.handle = func(w http.ResponseWriter, r *http.Request) {
		close(inside)
		<-finish
		if c.owner(name) != "a" {
			t.Error("it was let go with a request in it")
		}
		fmt.Fprint(w, "a")
	}
	first := make(chan struct{})
	go func() {
		defer close(first)
		wantGet(t, b, "/~"+name+"/", "a")
	}()
	<-inside
	drained := make(chan error)
	go func() { drained <- a.Drain(t.Context()) }()
	for goes := false; !goes; runtime.Gosched() { // until then another request would be let in
		a.mu.Lock()
		goes = a.boxes[name].state == leaving
		a.mu.Unlock()
	}
	second := make(chan struct{})
	go func() {
		defer close(second)
		wantGet(t, a, "/~"+name+"/", "b")
	}()
	close(finish)
	<-first
	if err := <-drained; err != nil {
		t.Error(err)
	}
	<-second
	wantGet(t, b, "/~"+name+"/", "b")
	a.tick(t.Context())
	if members := b.view.members(false); fmt.Sprint(members) != "[b]" {
		t.Errorf("members are %v", members)
	}
}

// TestGrace: a stream without end is ended when its sandbox moves.
func TestGrace(t *testing.T) {
	c := newCluster(t)
	a := c.join("a")
	inside := make(chan struct{})
	a.handle = func(_ http.ResponseWriter, r *http.Request) {
		close(inside)
		<-r.Context().Done()
	}
	go get(t, a, "/~x/")
	<-inside
	drained := make(chan error)
	go func() { drained <- a.Drain(t.Context()) }()
	for {
		select {
		case err := <-drained:
			if err != nil {
				t.Error(err)
			}
			return
		default:
			c.clock.advance(a.options.Grace)
			a.tick(t.Context())
		}
	}
}

// TestSameID: a second replica with the name of one that lives is refused.
func TestSameID(t *testing.T) {
	c := newCluster(t)
	c.join("a")
	other := New(Options{ID: "a", Bucket: c.bucket, Mock: c.mock("a"), Now: c.clock.now, After: c.clock.after})
	defer other.Close()
	if err := other.Start(t.Context()); err == nil {
		t.Error("it takes part")
	}
}

// TestShares: few sandboxes move when a replica goes, and only its own.
func TestShares(t *testing.T) {
	all, most := []string{"a", "b", "c"}, 0
	count := map[string]int{}
	for i := range 3000 {
		name := fmt.Sprint("s", i)
		before, after := choose(name, all), choose(name, all[:2])
		if before != "c" && before != after {
			t.Fatalf("%s moves from %s to %s when c goes", name, before, after)
		}
		count[before]++
		most = max(most, count[before])
	}
	if most > 1200 {
		t.Errorf("shares are %v", count)
	}
	if choose("x", nil) != "" {
		t.Error("nobody is somebody")
	}
}

// TestASilentWatch begins anew: who is told nothing any more would take nobody for an owner.
func TestASilentWatch(t *testing.T) {
	c := newCluster(t)
	a := c.join("a")
	c.bucket.mute()
	c.join("b")
	c.until("a knows of b", func() bool { return a.view.url("b") != "" })
	wantGet(t, a, "/~"+of("b", "a", "b")+"/", "b")
}
