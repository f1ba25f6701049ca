package traffic

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

var traces = []string{"", "4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c"}

// anyTraits asks for some of what anyExchange has, and at times for what none has.
func anyTraits(r *rand.Rand) Traits {
	operations := []string{"message", "get", "repos/get", "operations/message", "events/message", "operations/repos/get", "age", "none"}
	t := Traits{Vendor: "acme", Operation: oneOf(r, operations...), Caller: oneOf(r, Partner, Vendor), Channel: oneOf(r, "a", "b", "c"), Status: oneOf(r, 200, 404), Class: oneOf(r, 2, 5), Trace: oneOf(r, traces[1:]...)}
	for _, leaveOut := range []func(){
		func() { t.Vendor = "" }, func() { t.Operation = "" }, func() { t.Caller = "" },
		func() { t.Channel = "" }, func() { t.Status = 0 }, func() { t.Class = 0 }, func() { t.Trace = "" },
	} {
		if r.IntN(3) > 0 {
			leaveOut()
		}
	}
	return t
}

func anyExchange(r *rand.Rand, id string) *Exchange {
	e := &Exchange{
		ID: id, Vendor: oneOf(r, "acme", "other"), Caller: oneOf(r, Partner, Vendor), Channel: oneOf(r, "", "a", "b"),
		Operation: oneOf(r, "", "operations/message", "events/message", "operations/repos/get", "message"),
	}
	if trace := oneOf(r, traces...); trace != "" {
		e.Request.Header = http.Header{"Traceparent": {"00-" + trace + "-00f067aa0ba902b7-01"}}
	}
	if status := oneOf(r, 0, 200, 404); status != 0 {
		e.Response = &Response{Status: status}
	}
	return e
}

func oneOf[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// plainly is Traits.Of in other words.
func plainly(t Traits, e *Exchange) bool {
	wanted, given := []any{t.Vendor, t.Caller, t.Channel, t.Status}, []any{e.Vendor, e.Caller, e.Channel, e.Status()}
	for i, none := range []any{"", Caller(""), "", 0} {
		if wanted[i] != none && wanted[i] != given[i] {
			return false
		}
	}
	if t.Class != 0 && fmt.Sprint(e.Status())[:1] != fmt.Sprint(t.Class) {
		return false
	}
	return (t.Operation == "" || strings.HasSuffix("/"+e.Operation, "/"+t.Operation)) &&
		(t.Trace == "" || strings.Contains(e.Request.Header.Get("Traceparent"), t.Trace))
}

// offered notes what it is offered.
type offered struct {
	traits  Traits
	most    int // of exchanges, then it has ended
	ids     []string
	longest int // of what it is offered at once
}

func (o *offered) offer(batch []later) bool {
	o.longest = max(o.longest, len(batch))
	for _, one := range batch {
		if o.ids = append(o.ids, one.exchange.ID); len(o.ids) == o.most {
			return true
		}
	}
	return false
}

// TestTheIndexOffersWhatMatches: to each watcher exactly what has its traits, in order,
// until it has ended or is taken out.
func TestTheIndexOffersWhatMatches(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		var x index
		var all []*offered
		for range 40 {
			o := &offered{traits: anyTraits(r), most: oneOf(r, -1, 1, 3)}
			all = append(all, o)
			x.add(o.traits, o)
		}
		out := all[0]
		x.remove(out.traits, out)
		x.remove(out.traits, out)
		want := make([][]string, len(all))
		for number := 0; number < 60; {
			var batch []later
			for range 1 + r.IntN(5) {
				e := anyExchange(r, fmt.Sprint(number))
				batch = append(batch, later{uint64(number), e})
				number++
				for i, o := range all {
					if o != out && len(want[i]) != o.most && plainly(o.traits, e) {
						want[i] = append(want[i], e.ID)
					}
				}
			}
			x.tell(batch)
		}
		for i, o := range all {
			if !slices.Equal(o.ids, want[i]) {
				t.Fatalf("seed %d: who asks for %+v was offered %v, not %v", seed, o.traits, o.ids, want[i])
			}
			x.remove(o.traits, o)
		}
		if x.count != 0 || len(x.tables) != 0 {
			t.Fatalf("seed %d: %d watchers and %d tables are left", seed, x.count, len(x.tables))
		}
	}
}

// TestAWatcherIsToldAFewAtOnce, however many wait to be told.
func TestAWatcherIsToldAFewAtOnce(t *testing.T) {
	j := NewJournal(Limits{})
	o := &offered{most: -1}
	j.attend(func(w *watchers) { w.add(Traits{}, o) })
	j.watch.mu.Lock() // nobody is told meanwhile
	fill(j, 1, 3*toldAtOnce+1)
	j.watch.mu.Unlock()
	j.tell()
	if len(o.ids) != 3*toldAtOnce+1 || !slices.IsSorted(o.ids) || o.longest > toldAtOnce {
		t.Errorf("%d were told, at most %d at once: %v", len(o.ids), o.longest, o.ids)
	}
}

// TestSelectionsHaveWhatMatches: whoever waits for or reads a selection has what a look at
// each exchange finds, in order, while others append, come and go.
func TestSelectionsHaveWhatMatches(t *testing.T) {
	const before, writers, each, watchers = 30, 3, 60, 40
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 2))
		j := NewJournal(Limits{})
		for n := range before {
			j.Append(anyExchange(r, fmt.Sprintf("ex-%04d", n)))
		}
		told := make(chan struct{})
		waiting, giveUp := context.WithCancel(t.Context())
		var group, writing sync.WaitGroup
		var got [watchers]func() (want, found string)
		for i := range watchers {
			traits, most := anyTraits(r), 1+r.IntN(20)
			selection := j.Only(traits)
			named := func(list []*Exchange) string { return fmt.Sprintf("%+v: %s", traits, ids(list)) }
			matching := func(list []*Exchange) (some []*Exchange) {
				for _, e := range list {
					if isOdd(e) && plainly(traits, e) {
						some = append(some, e)
					}
				}
				return some
			}
			var found []*Exchange
			switch i % 3 {
			case 0:
				group.Go(func() { found, _ = selection.Wait(waiting, most, isOdd) })
				got[i] = func() (string, string) {
					want := matching(j.Find(nil))
					return named(want[:min(len(want), max(most, len(found)))]), named(found)
				}
			case 1:
				s := selection.Subscribe(isOdd)
				group.Go(func() { found = readUntil(t, s, most, told) })
				got[i] = func() (string, string) { return named(matching(j.Find(nil)[before:])), named(found) }
			case 2:
				s := selection.SubscribeKept(isOdd)
				group.Go(func() { found = readUntil(t, s, most, told) })
				got[i] = func() (string, string) { return named(matching(j.Find(nil))), named(found) }
			}
		}
		for w := range writers {
			r := rand.New(rand.NewPCG(seed, uint64(10+w)))
			writing.Go(func() {
				for n := range each {
					j.Append(anyExchange(r, fmt.Sprintf("ex-%04d", before+w*each+n)))
					j.Only(anyTraits(r)).Subscribe(nil).Close()
				}
			})
		}
		writing.Wait()
		j.tell()
		close(told)
		giveUp()
		group.Wait()
		for i := range got {
			if want, found := got[i](); found != want {
				t.Fatalf("seed %d: of\n%s came\n%s", seed, want, found)
			}
		}
		if watchersOf(j) != 0 {
			t.Fatalf("seed %d: watchers are left", seed)
		}
	}
}

// readUntil reads what a subscription is woken for, until all was told and read.
func readUntil(t *testing.T, s *Subscription, most int, told <-chan struct{}) (found []*Exchange) {
	defer s.Close()
	for {
		select {
		case <-s.Ready():
		case <-told:
			if len(s.Ready()) == 0 {
				return found
			}
			<-s.Ready()
		}
		more, missed := s.Next(most)
		if missed != 0 {
			t.Errorf("missed %d of a journal that keeps all", missed)
		}
		found = append(found, more...)
	}
}

// TestASelectionMissesNoMoreThanItIsTold: what it does not read of what matches is among
// those that it is told to have missed.
func TestASelectionMissesNoMoreThanItIsTold(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		j := NewJournal(Limits{Exchanges: 5})
		traits := anyTraits(r)
		s := j.Only(traits).Subscribe(nil)
		unread := 0
		for n := range 100 {
			e := anyExchange(r, fmt.Sprintf("ex-%04d", n))
			if j.Append(e); plainly(traits, e) {
				unread++
			}
			if r.IntN(3) == 0 {
				j.tell()
			}
			if r.IntN(6) > 0 && n < 99 {
				continue
			}
			found, missed := s.Next(100)
			if len(found) > unread || len(found)+int(missed) < unread {
				t.Fatalf("seed %d: read %d and missed %d of %d", seed, len(found), missed, unread)
			}
			unread = 0
		}
		s.Close()
	}
}
