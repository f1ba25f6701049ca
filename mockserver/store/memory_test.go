package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/mockserver/store/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(_ *testing.T, bound int) store.Collection[storetest.Value] {
		return store.NewMemory(bound, storetest.Clone)
	})
}

// TestWeighed: the oldest values make room for heavy ones, and for one that grows.
func TestWeighed(t *testing.T) {
	m := store.NewMemory[string](100, nil).Weighed(10, func(text string) int { return len(text) })
	put := func(id, text string) {
		t.Helper()
		if err := store.Put(m, id, text); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(evicted uint64, want ...string) {
		t.Helper()
		list, _ := m.List()
		if n, _ := m.Evicted(); !slices.Equal(list, want) || n != evicted {
			t.Errorf("there are %q and %d were evicted, want %q and %d", list, n, want, evicted)
		}
	}
	put("a", "aaaa")
	put("b", "bbbb")
	holds(0, "aaaa", "bbbb")
	put("c", "cc")
	holds(0, "aaaa", "bbbb", "cc")
	put("d", "d")
	holds(1, "bbbb", "cc", "d")
	put("d", "dddddd") // grows
	holds(2, "cc", "dddddd")
	put("c", "")
	put("e", "eeee")
	holds(2, "", "dddddd", "eeee")
	if err := m.Delete("d"); err != nil {
		t.Fatal(err)
	}
	put("f", "ffffff")
	holds(2, "", "eeee", "ffffff")
	put("g", "more than all may weigh")
	holds(5, "more than all may weigh")
}

// TestWeighedLoad: what is loaded weighs too.
func TestWeighedLoad(t *testing.T) {
	m := store.NewMemory[string](100, nil).Weighed(6, func(text string) int { return len(text) })
	if err := m.Load(store.Saved[string]{Values: []store.Value[string]{{ID: "a", Value: "aaa"}, {ID: "b", Value: "bbb"}, {ID: "c", Value: "cc"}}}); err != nil {
		t.Fatal(err)
	}
	if list, _ := m.List(); !slices.Equal(list, []string{"bbb", "cc"}) {
		t.Errorf("there are %q, want bbb and cc", list)
	}
}

// fails can't be read.
type fails struct{ store.Collection[string] }

func (fails) List() ([]string, error) { return []string{"half"}, errors.New("the disk is gone") }

func TestAll(t *testing.T) {
	m := store.NewMemory[string](0, nil)
	for _, one := range [][2]string{{"a", "first"}, {"b", "second"}, {"a", "third"}} {
		if err := store.Put(m, one[0], one[1]); err != nil {
			t.Fatal(err)
		}
	}
	if all := store.All(m); !slices.Equal(all, []string{"third", "second"}) {
		t.Errorf("there are %q", all)
	}
	if all := store.All(fails{m}); all == nil || len(all) > 0 {
		t.Errorf("one that fails shows %#v", all)
	}
}

func ExampleMemory() {
	var visits store.Collection[int] = store.NewMemory[int](1000, nil)
	for range 3 {
		visits.Upsert("user12", func(n *int) error {
			*n++
			return nil
		})
	}
	n, err := visits.Get("user12")
	fmt.Println(n, err)
	_, err = visits.Get("user13")
	fmt.Println(err)
	// Output:
	// 3 <nil>
	// not found
}

func ExamplePut() {
	names := store.NewMemory[string](1000, nil)
	for _, one := range [][2]string{{"user12", "Budi"}, {"user13", "Minka"}, {"user12", "Sari"}} {
		if err := store.Put(names, one[0], one[1]); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(store.All(names))
	// Output: [Sari Minka]
}

func TestAChangeThatPanicsLeavesNoTrace(t *testing.T) {
	m := store.NewMemory[int](0, nil)
	set := func(to int, fail bool) {
		defer func() { recover() }()
		m.Upsert("a", func(n *int) error {
			*n = to
			if fail {
				panic("a defect")
			}
			return nil
		})
	}
	set(1, false)
	set(2, true)
	if n, err := m.Get("a"); n != 1 || err != nil {
		t.Errorf("the value is %d, %v", n, err)
	}
}

// TestPutIsUpsert: the same values stay in the same order, whatever makes room for them.
func TestPutIsUpsert(t *testing.T) {
	weigh := func(text string) int { return len(text) }
	by := store.NewMemory[string](4, nil).Weighed(20, weigh)
	put := store.NewMemory[string](4, nil).Weighed(20, weigh)
	random := rand.New(rand.NewPCG(1, 2))
	for range 2_000 {
		id, text := strconv.Itoa(random.IntN(8)), strings.Repeat("x", random.IntN(12))
		var err error
		switch random.IntN(8) {
		case 0:
			err = errors.Join(ignore(put.Delete(id)), ignore(by.Delete(id)))
		case 1: // it leaves no trace
			refuse := func(into *string) error { *into = text; return errRefused }
			_, one := put.Upsert(id, refuse)
			_, other := by.Upsert(id, refuse)
			if one != errRefused || other != errRefused {
				t.Fatalf("refused with %v and %v", one, other)
			}
		default:
			err = store.Put(put, id, text)
			_, other := by.Upsert(id, func(into *string) error { *into = text; return nil })
			err = errors.Join(err, other)
		}
		got, _ := put.Save()
		want, _ := by.Save()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%v: there is %+v, want %+v", err, got, want)
		}
	}
}

var errRefused = errors.New("refused")

func ignore(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
