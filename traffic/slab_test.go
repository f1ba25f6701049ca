package traffic

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// sized is an exchange with a body of so many bytes.
func sized(n, bytes int) *Exchange {
	e := numbered(n)
	e.Request.Body = NewBody(make([]byte, bytes), bytes)
	return e
}

// capacity is what the slabs of a journal take, in bytes.
func capacity(j *Journal) (bytes, slabs int64) {
	for _, one := range j.slabs.list {
		if one != nil {
			bytes += int64(cap(one.text))
			slabs++
		}
	}
	return bytes, slabs
}

// TestSlabsTakeLittleMoreThanIsKept, whatever mixture of long and short exchanges a journal
// has, and however full it is.
func TestSlabsTakeLittleMoreThanIsKept(t *testing.T) {
	for name, bytesOf := range map[string]func(n int) int{
		"short":     func(int) int { return 200 },
		"middling":  func(n int) int { return 20_000 + n%17*1000 },
		"long":      func(int) int { return 100_000 },
		"all sizes": func(n int) int { return n * 7919 % 70_000 },
		"by turns":  func(n int) int { return n % 2 * 120_000 },
	} {
		t.Run(name, func(t *testing.T) {
			const bound = 4 << 20
			j := NewJournal(Limits{Bytes: bound, Exchanges: 10_000})
			for n, came := 0, 0; n < 6_000 && came < 6*bound; n++ {
				j.Append(sized(n, bytesOf(n)))
				if came += bytesOf(n); n%10 > 0 {
					continue
				}
				kept := j.Stats().Bytes
				if bytes, slabs := capacity(j); bytes > kept+kept/3+2*minSlab {
					t.Fatalf("after %d exchanges %d bytes are kept in %d slabs of %d bytes", n, kept, slabs, bytes)
				}
			}
		})
	}
}

// TestALongExchangeHoldsNoOthers: when it is let go, so is its memory; and those around it
// do not hold it.
func TestALongExchangeHoldsNoOthers(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 10})
	fill(j, 1, 10)
	j.Append(sized(11, 1<<20))
	fill(j, 12, 20)
	if bytes, slabs := capacity(j); slabs != 2 || bytes < 1<<20 {
		t.Fatalf("%d slabs have %d bytes", slabs, bytes)
	}
	fill(j, 21, 21)
	if bytes, slabs := capacity(j); slabs != 1 || bytes > 2*minSlab {
		t.Errorf("%d slabs have %d bytes when the long one is gone", slabs, bytes)
	}
	j.Clear()
	if _, slabs := capacity(j); slabs != 0 {
		t.Errorf("%d slabs are left of nothing", slabs)
	}
}

// TestWhatIsHeldIsNotDecodedAgain: who compares pointers finds the same exchange, whichever
// way it was given.
func TestWhatIsHeldIsNotDecodedAgain(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 3})
	fill(j, 1, 2)
	s := j.SubscribeKept(nil)
	defer s.Close()
	fill(j, 3, 3)
	found := j.Find(nil)
	told, _ := s.Next(3)
	waited, err := j.Wait(t.Context(), 3, nil)
	one, ok := j.Get("ex-0002")
	if err != nil || !ok || len(found) != 3 || len(told) != 3 || len(waited) != 3 || one != found[1] || j.Oldest() != found[0] {
		t.Fatalf("%v %v %v", found, told, waited)
	}
	for i := range found {
		if found[i] != told[i] || found[i] != waited[i] {
			t.Errorf("exchange %d is not the same", i)
		}
	}
	fill(j, 4, 4)
	if n := len(j.held.byNumber); n != 3 { // two that were read, and one that was told
		t.Errorf("%d exchanges are known", n)
	}
	runtime.KeepAlive(found)
}

// TestReadersAndWritersAtOnce: what is let go while it is read is read whole all the same.
func TestReadersAndWritersAtOnce(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 50, Bytes: 100_000})
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for w := range 3 {
		writers.Go(func() {
			for n := range 3_000 {
				e := sized(n, n*31%5000)
				e.Check = fmt.Sprint(w, " ", n, " ", len(e.Request.Body.Kept))
				j.Append(e)
				if n%1000 == 999 {
					j.Clear()
				}
			}
		})
	}
	for r := range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				found := j.Find(nil)
				if e, ok := j.Get(fmt.Sprintf("ex-%04d", r*700)); ok {
					found = append(found, e)
				}
				for _, e := range found {
					var w, n, size int
					if _, err := fmt.Sscan(e.Check, &w, &n, &size); err != nil || size != len(e.Request.Body.Kept) || e.ID != fmt.Sprintf("ex-%04d", n) {
						t.Errorf("read %s with %d bytes, written as %q", e.ID, len(e.Request.Body.Kept), e.Check)
						return
					}
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}

// TestGet finds IDs that count on, those that do not, and none that is not there.
func TestGet(t *testing.T) {
	j := NewJournal(Limits{Exchanges: 4})
	for _, id := range []string{"ex-000001", "ex-000002", "other", "ex-000009", "dl-000003", "ex-000007"} {
		j.Append(&Exchange{ID: id})
	}
	for id, want := range map[string]bool{
		"ex-000002": false, "other": true, "ex-000009": true, "dl-000003": true, "ex-000003": false, "ex-000007": true, "ex-000008": false, "": false, "ex-": false,
	} {
		if e, ok := j.Get(id); ok != want || ok && e.ID != id {
			t.Errorf("%q: found %v, %v", id, ok, e)
		}
	}
	if _, ok := NewJournal(Limits{}).Get("ex-000001"); ok {
		t.Error("an empty journal has an exchange")
	}
}
