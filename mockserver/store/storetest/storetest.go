// Package storetest holds the tests that every backend of store.Collection passes.
package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/mockserver/store"
)

// Value is what the tests store. Clone is the copy function for backends that
// need one.
type Value struct {
	Name  string
	Count int
	Tags  []string
}

// Clone copies a value with what it refers to.
func Clone(v Value) Value {
	v.Tags = slices.Clone(v.Tags)
	return v
}

// Open returns an empty collection that keeps at most bound values.
type Open func(t *testing.T, bound int) store.Collection[Value]

// Run tests one backend.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		title string
		run   func(*testing.T, Open)
	}{
		{"an unknown ID is not found", notFound},
		{"a value comes back as it was stored", roundTrip},
		{"values are listed in the order of their first storing", order},
		{"what a caller holds does not change what is stored", copies},
		{"a change that fails stores nothing", failed},
		{"the oldest value makes room", bounded},
		{"a value that was deleted may be stored again", deleted},
		{"what was saved is the same in another collection, through JSON", saved},
		{"what can't be loaded changes nothing", notLoaded},
		{"what is loaded keeps to the bound", loadedBounded},
		{"no update is lost among many at once", atomic},
	} {
		t.Run(test.title, func(t *testing.T) { test.run(t, open) })
	}
}

func put(name string) func(*Value) error {
	return func(v *Value) error {
		v.Name = name
		v.Count++
		return nil
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func notFound(t *testing.T, open Open) {
	c := open(t, 10)
	if _, err := c.Get("a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get: %v, want ErrNotFound", err)
	}
	if _, err := c.Update("a", put("a")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Update: %v, want ErrNotFound", err)
	}
	if err := c.Delete("a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Delete: %v, want ErrNotFound", err)
	}
	if n := must[int](t)(c.Len()); n != 0 {
		t.Errorf("it holds %d values, want none", n)
	}
}

func roundTrip(t *testing.T, open Open) {
	c := open(t, 10)
	for _, id := range []string{"a", "", "ключ/with \"quotes\" and\nlines", "a.b*>"} {
		if got := must[Value](t)(c.Upsert(id, put(id))); got.Name != id || got.Count != 1 {
			t.Errorf("Upsert(%q) returned %+v", id, got)
		}
		if got := must[Value](t)(c.Update(id, put(id))); got.Count != 2 {
			t.Errorf("Update(%q) returned %+v", id, got)
		}
		if got := must[Value](t)(c.Get(id)); got.Name != id || got.Count != 2 {
			t.Errorf("Get(%q) returned %+v", id, got)
		}
	}
}

func names(t *testing.T, c store.Collection[Value]) []string {
	t.Helper()
	names := []string{}
	for _, v := range must[[]Value](t)(c.List()) {
		names = append(names, v.Name)
	}
	return names
}

func order(t *testing.T, open Open) {
	c := open(t, 10)
	for _, id := range []string{"c", "a", "b", "a"} {
		must[Value](t)(c.Upsert(id, put(id)))
	}
	if got := names(t, c); !slices.Equal(got, []string{"c", "a", "b"}) {
		t.Errorf("listed %q, want c, a, b", got)
	}
}

func copies(t *testing.T, open Open) {
	c := open(t, 10)
	tags := []string{"first"}
	returned := must[Value](t)(c.Upsert("a", func(v *Value) error {
		v.Tags = tags
		return nil
	}))
	tags[0], returned.Tags[0] = "changed by the caller", "changed in the result"
	must[Value](t)(c.Get("a")).Tags[0] = "changed after Get"
	must[[]Value](t)(c.List())[0].Tags[0] = "changed after List"
	if got := must[Value](t)(c.Get("a")).Tags[0]; got != "first" {
		t.Errorf("the stored value was %s", got)
	}
}

func failed(t *testing.T, open Open) {
	c := open(t, 10)
	no := errors.New("no")
	must[Value](t)(c.Upsert("a", func(v *Value) error {
		v.Name, v.Tags = "a", []string{"kept"}
		return nil
	}))
	_, err := c.Update("a", func(v *Value) error {
		v.Name, v.Tags[0] = "spoilt", "spoilt"
		return no
	})
	if !errors.Is(err, no) {
		t.Errorf("Update returned %v, want the change's error", err)
	}
	if got := must[Value](t)(c.Get("a")); got.Name != "a" || got.Tags[0] != "kept" {
		t.Errorf("stored is %+v", got)
	}
	if _, err := c.Upsert("b", func(*Value) error { return no }); !errors.Is(err, no) {
		t.Errorf("Upsert returned %v, want the change's error", err)
	}
	if got := names(t, c); !slices.Equal(got, []string{"a"}) {
		t.Errorf("listed %q, want a", got)
	}
}

func bounded(t *testing.T, open Open) {
	c := open(t, 3)
	for _, id := range []string{"a", "b", "a", "c", "d", "e"} {
		must[Value](t)(c.Upsert(id, put(id)))
	}
	if got := names(t, c); !slices.Equal(got, []string{"c", "d", "e"}) {
		t.Errorf("listed %q, want c, d, e", got)
	}
	if n, evicted := must[int](t)(c.Len()), must[uint64](t)(c.Evicted()); n != 3 || evicted != 2 {
		t.Errorf("holds %d and evicted %d, want 3 and 2", n, evicted)
	}
}

func deleted(t *testing.T, open Open) {
	c := open(t, 3)
	for _, id := range []string{"a", "b", "c"} {
		must[Value](t)(c.Upsert(id, put(id)))
	}
	for _, id := range []string{"b", "a", "c"} {
		if err := c.Delete(id); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"c", "a"} {
		must[Value](t)(c.Upsert(id, put(id)))
	}
	if got := names(t, c); !slices.Equal(got, []string{"c", "a"}) {
		t.Errorf("listed %q, want c, a", got)
	}
	if evicted := must[uint64](t)(c.Evicted()); evicted != 0 {
		t.Errorf("evicted %d, but deleting is not evicting", evicted)
	}
}

// load saves a collection, writes that as JSON, and loads it into another one.
func load(t *testing.T, from, into store.Collection[Value]) {
	t.Helper()
	text, err := json.Marshal(must[store.Saved[Value]](t)(from.Save()))
	if err != nil {
		t.Fatal(err)
	}
	var read store.Saved[Value]
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if err := into.Load(read); err != nil {
		t.Fatal(err)
	}
}

func saved(t *testing.T, open Open) {
	from, into := open(t, 3), open(t, 3)
	for _, id := range []string{"gone", "c", "", "a", "c"} {
		must[Value](t)(from.Upsert(id, put(id)))
	}
	must[Value](t)(from.Update("c", func(v *Value) error { v.Tags = []string{"kept"}; return nil }))
	must[Value](t)(into.Upsert("other", put("other")))
	load(t, from, into)
	must[Value](t)(from.Update("c", func(v *Value) error { v.Tags[0] = "changed later"; return nil }))
	if got := names(t, into); !slices.Equal(got, []string{"c", "", "a"}) {
		t.Errorf("listed %q, want c, the empty one and a", got)
	}
	if c := must[Value](t)(into.Get("c")); c.Count != 2 || !slices.Equal(c.Tags, []string{"kept"}) {
		t.Errorf("c is %+v", c)
	}
	if n := must[uint64](t)(into.Evicted()); n != 1 {
		t.Errorf("evicted %d, want 1", n)
	}
	must[Value](t)(into.Upsert("next", put("next")))
	if got := names(t, into); !slices.Equal(got, []string{"", "a", "next"}) {
		t.Errorf("after one more listed %q, want the empty one, a and next", got)
	}
	saved := must[store.Saved[Value]](t)(from.Save())
	saved.Values[0].Value.Tags[0] = "changed by the caller"
	if got := must[Value](t)(from.Get("c")).Tags[0]; got != "changed later" {
		t.Errorf("the stored value was %s", got)
	}
}

func notLoaded(t *testing.T, open Open) {
	c := open(t, 10)
	must[Value](t)(c.Upsert("a", put("a")))
	twice := store.Saved[Value]{Evicted: 5, Values: []store.Value[Value]{{ID: "b"}, {ID: "c"}, {ID: "b"}}}
	if err := c.Load(twice); err == nil || !strings.Contains(err.Error(), `"b"`) {
		t.Errorf("Load returned %v, want an error that names b", err)
	}
	if got := names(t, c); !slices.Equal(got, []string{"a"}) || must[uint64](t)(c.Evicted()) != 0 {
		t.Errorf("listed %q, want a", got)
	}
}

func loadedBounded(t *testing.T, open Open) {
	from, into := open(t, 10), open(t, 2)
	for _, id := range []string{"a", "b", "c"} {
		must[Value](t)(from.Upsert(id, put(id)))
	}
	load(t, from, into)
	if got, n := names(t, into), must[uint64](t)(into.Evicted()); !slices.Equal(got, []string{"b", "c"}) || n != 1 {
		t.Errorf("listed %q and evicted %d, want b, c and 1", got, n)
	}
}

func atomic(t *testing.T, open Open) {
	c := open(t, 100)
	const workers, rounds = 8, 50
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for round := range rounds {
				if _, err := c.Upsert(fmt.Sprint((worker+round)%4), put("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	sum := 0
	for _, v := range must[[]Value](t)(c.List()) {
		sum += v.Count
	}
	if sum != workers*rounds {
		t.Errorf("counted %d updates, want %d", sum, workers*rounds)
	}
}
