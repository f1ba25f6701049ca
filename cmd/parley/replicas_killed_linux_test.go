package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestReplicas kills 51 replicas: those of three clusters side by side, which wait more than
// they work. With -short, as under the race detector, which sees nothing of other programs, it
// kills few of one. Where PARLEY_REPLICA_TIME gives it a time, as make soak does, it kills for
// as long, soakKills in each cluster at most.
const (
	clusters     = 3
	replicaKills = 17
	shortKills   = 2
	soakKills    = 1_000
)

// Of atOnce kills the last is followed by a look at all that was answered; before, one
// follows the other as soon as somebody was answered. Of betweenNodes the second is that of
// a NATS server, too, which comes back after half of them.
const (
	atOnce       = 6
	betweenNodes = 20
)

// kills tells for the kill of each number whether there is to be one.
func kills(t *testing.T) func(n int) bool {
	text := os.Getenv("PARLEY_REPLICA_TIME")
	if text == "" {
		most := replicaKills
		if testing.Short() {
			most = shortKills
		}
		return func(n int) bool { return n < most }
	}
	limit, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	return func(n int) bool { return n < soakKills && time.Since(began) < limit }
}

// TestReplicas: clients follow sandboxes through replicas that are killed under load, that
// stand still for longer than their leases, that are drained and that join, and through the
// loss of a NATS server, which is killed. Nothing that was answered is lost or done twice, no
// delivery is lost, none is out of order, and none comes from an owner that is none. While
// replicas drain and join no request fails.
func TestReplicas(t *testing.T) {
	t.Parallel()
	seeds := clusters
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			undergo(t, uint64(seed))
		})
	}
}

// undergo leads one cluster through all of it.
func undergo(t *testing.T, seed uint64) {
	r, hook := newReplicas(t, 3), newWebhook(t)
	for range 3 {
		r.join()
	}
	random := rand.New(rand.NewPCG(16, 1_000+seed))
	stop := make(chan struct{})
	var group sync.WaitGroup
	var followers []*client
	for i, sandbox := range []string{"default", "one", "two", "three", "four"} {
		f := &client{r: r, hook: hook, sandbox: sandbox, random: rand.New(rand.NewPCG(seed, uint64(i))), texts: map[uint64]string{}}
		r.must(r.any(random), http.StatusCreated, "POST", "/~"+sandbox+"/_parley/channels", fmt.Sprintf(`{"vendor":"elma365","url":%q,"token":"confirm"}`, hook.URL+"/"+sandbox))
		followers = append(followers, f)
		group.Go(func() { f.follow(stop) })
	}
	a := &ordeal{t: t, r: r, random: random, followers: followers}
	a.goesOn(3)
	a.drainOne()
	a.join()
	goesOn := kills(t)
	for n := 0; goesOn(n); n++ {
		switch n % betweenNodes {
		case 0:
			a.standStill(func() { a.kill(); a.goesOn(1) })
		case 1:
			a.loseServer()
			a.kill()
		case betweenNodes / 2:
			a.serverComesBack()
			a.kill()
		default:
			a.kill()
		}
		if n%atOnce == atOnce-1 {
			a.goesOn(1)
			a.compare()
		}
	}
	close(stop)
	group.Wait()
	a.compare()
	a.say()
	a.shared()
	a.delivered(hook)
}

// ordeal is what happens to replicas while clients follow.
type ordeal struct {
	t         *testing.T
	r         *replicas
	random    *rand.Rand
	followers []*client
	lost      int // place of the NATS server that was killed
	kills     int
}

// goesOn waits until each client was answered so many times more.
func (a *ordeal) goesOn(n int) {
	a.t.Helper()
	want := map[*client]int{}
	for _, f := range a.followers {
		done, _ := f.progress()
		want[f] = done + n
	}
	for _, f := range a.followers {
		if !comesTrue(func() bool { done, _ := f.progress(); return done >= want[f] }) {
			a.t.Fatalf("sandbox %s does not go on", f.sandbox)
		}
	}
}

// without does something during which no request may fail.
func (a *ordeal) without(what string, do func()) {
	a.t.Helper()
	before := 0
	for _, f := range a.followers {
		_, unanswered := f.progress()
		before += unanswered
	}
	do()
	a.goesOn(3)
	after := 0
	for _, f := range a.followers {
		_, unanswered := f.progress()
		after += unanswered
	}
	if after > before {
		a.t.Errorf("%s: %d requests failed, the last of each:", what, after-before)
		for _, f := range a.followers {
			a.t.Log(f.arrives())
		}
	}
}

func (a *ordeal) drainOne() {
	a.t.Helper()
	a.without("while a replica drains", func() {
		k := a.r.any(a.random)
		a.signal(k, syscall.SIGTERM)
		if !comesTrue(func() bool {
			status, _, _, err := a.r.do(k, "GET", "/_parley/ready", "")
			return err == nil && status == http.StatusServiceUnavailable
		}) {
			a.t.Error("a replica that drains says that it is ready")
		}
		a.r.leaveOut(k)
		for _, f := range a.followers {
			f.arrives() // what was sent to it before
		}
		a.signal(k, syscall.SIGTERM) // the second ends its --drain
		if err := k.command.Wait(); err != nil {
			a.t.Errorf("a replica that drained: %v", err)
		}
	})
}

func (a *ordeal) signal(k *killed, what os.Signal) {
	a.t.Helper()
	if err := k.command.Process.Signal(what); err != nil {
		a.t.Fatal(err)
	}
}

func (a *ordeal) join() {
	a.t.Helper()
	a.without("while a replica joins", func() { a.r.join() })
}

// kill ends a replica under load, at a moment that follows from the seed, and starts another.
func (a *ordeal) kill() {
	a.t.Helper()
	a.answers(1 + a.random.IntN(8))
	k := a.r.any(a.random)
	k.command.Process.Kill()
	a.r.leaveOut(k)
	k.command.Wait() // its error says that it was killed
	a.kills++
	a.r.join()
}

// answers waits until so many requests more were answered, whichever they are.
func (a *ordeal) answers(n int) {
	a.t.Helper()
	count := func() (sum int) {
		for _, f := range a.followers {
			done, _ := f.progress()
			sum += done
		}
		return sum
	}
	want := count() + n
	if !comesTrue(func() bool { return count() >= want }) {
		a.t.Fatal("no request is answered any more")
	}
}

// standStill stops a replica until the others have what it had, while something else happens.
func (a *ordeal) standStill(while func()) {
	a.t.Helper()
	k := a.r.any(a.random)
	a.r.leaveOut(k)
	k.command.Process.Signal(syscall.SIGSTOP)
	while()
	k.command.Process.Signal(syscall.SIGCONT)
	if !comesTrue(func() bool {
		status, _, _, err := a.r.do(k, "GET", "/_parley/ready", "")
		return err == nil && status == http.StatusOK
	}) {
		a.t.Error("a replica that stood still is not ready again")
	}
	a.r.mu.Lock()
	a.r.alive = append(a.r.alive, k)
	a.r.mu.Unlock()
	a.goesOn(1)
}

// loseServer kills the NATS server that leads the leases.
func (a *ordeal) loseServer() {
	a.t.Helper()
	if !comesTrue(func() bool { a.lost = a.r.servers.Leader("KV_parley-parley-leases"); return a.lost >= 0 }) {
		a.t.Fatal("no NATS server leads")
	}
	a.r.servers.Kill(a.lost)
}

func (a *ordeal) serverComesBack() {
	a.t.Helper()
	if err := a.r.servers.Again(a.t.Context(), a.lost); err != nil {
		a.t.Fatal(err)
	}
}

func (a *ordeal) compare() {
	a.t.Helper()
	for _, f := range a.followers {
		f.compare()
	}
}

func (a *ordeal) say() {
	var answered, lost int
	for _, f := range a.followers {
		done, unanswered := f.progress()
		answered, lost = answered+done, lost+unanswered
	}
	a.t.Logf("%d replicas were killed; %d requests were answered as they should, of %d nobody knows", a.kills, answered, lost)
}

// shared waits until each sandbox has one owner, as the replicas count them.
func (a *ordeal) shared() {
	a.t.Helper()
	counted := func(name string) (sum float64) {
		for _, k := range a.r.alive {
			line := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(a.r.must(k, http.StatusOK, "GET", "/_parley/metrics", ""))
			if line == nil {
				a.t.Fatalf("there is no %s", name)
			}
			value, err := strconv.ParseFloat(string(line[1]), 64)
			if err != nil {
				a.t.Fatal(err)
			}
			sum += value
		}
		return sum
	}
	if !comesTrue(func() bool { return counted("parley_replica_sandboxes") == float64(len(a.followers)) }) {
		a.t.Errorf("the replicas own %v sandboxes, and there are %d", counted("parley_replica_sandboxes"), len(a.followers))
	}
	if moves := counted("parley_replica_taken_total"); moves < float64(len(a.followers)) {
		a.t.Errorf("the replicas took %v sandboxes", moves)
	}
	if !comesTrue(func() bool { return counted("parley_ledger_waiting_bytes") == 0 }) {
		a.t.Error("something always waits to be written")
	}
}

// delivered waits until all that was to be delivered is.
func (a *ordeal) delivered(hook *webhook) {
	a.t.Helper()
	for _, f := range a.followers {
		for _, delivery := range f.deliver {
			if !comesTrue(func() bool { return hook.got(f.sandbox, delivery) }) {
				a.t.Fatalf("sandbox %s: delivery %d never came: %s", f.sandbox, delivery, a.r.must(a.r.any(a.random), http.StatusOK, "GET", fmt.Sprintf("/~%s/_parley/deliveries?limit=1000", f.sandbox), ""))
			}
		}
	}
}
