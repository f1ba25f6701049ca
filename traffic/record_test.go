package traffic

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"reflect"
	"testing"
	"time"
)

// madeUp makes exchanges of a seed that have all that one can have, at their bounds too.
type madeUp struct{ *rand.Rand }

func newMadeUp(seed uint64) madeUp { return madeUp{rand.New(rand.NewPCG(seed, 1))} }

func (m madeUp) text() string { return string(m.bytes()) }

// bytes are nil, none, few or many, and seldom UTF-8.
func (m madeUp) bytes() []byte {
	switch m.IntN(8) {
	case 0:
		return nil
	case 1:
		return []byte{}
	case 2:
		return m.some(m.IntN(10_000))
	case 3:
		return m.some(m.IntN(10) / 9 * 128 << 10)
	}
	return m.some(m.IntN(20))
}

func (m madeUp) some(n int) []byte {
	data := make([]byte, n)
	for i := 0; i < n; i += 8 {
		copy(data[i:], binary.LittleEndian.AppendUint64(nil, m.Uint64()))
	}
	return data
}

func (m madeUp) number() int64 {
	return []int64{0, 1, -1, Unknown, math.MaxInt64, math.MinInt64, m.Int64(), m.Int64N(1000)}[m.IntN(8)]
}

func (m madeUp) texts() []string {
	if m.IntN(3) == 0 {
		return nil
	}
	list := make([]string, m.IntN(4))
	for i := range list {
		list[i] = m.text()
	}
	return list
}

func (m madeUp) header() http.Header {
	if m.IntN(4) == 0 {
		return nil
	}
	h := http.Header{}
	for range m.IntN(20) {
		h[m.text()] = m.texts()
	}
	return h
}

func (m madeUp) body() Body {
	return Body{Kept: m.bytes(), Size: m.number(), SHA256: m.text(), Rewritten: m.text()}
}

func (m madeUp) time() time.Time {
	t := time.Unix(m.Int64N(1<<34), m.Int64N(1e9))
	return []time.Time{t, t.UTC(), t.In(time.FixedZone(m.text(), m.IntN(100_000)-50_000)), {}}[m.IntN(4)]
}

func (m madeUp) exchange() *Exchange {
	e := &Exchange{
		ID: m.text(), Time: m.time(), Sandbox: m.text(), Vendor: m.text(), Caller: Caller(m.text()), Operation: m.text(), Channel: m.text(),
		Delivery: m.text(), Attempt: int(m.number()), Error: m.text(), Duration: time.Duration(m.number()), Faults: m.texts(), Check: m.text(),
		Request: Request{Method: m.text(), URL: m.text(), Header: m.header(), Body: m.body()},
	}
	if m.IntN(4) > 0 {
		e.Response = &Response{Status: int(m.number()), Header: m.header(), Body: m.body()}
	}
	if m.IntN(2) > 0 {
		e.Findings = make([]Finding, m.IntN(4))
		for i := range e.Findings {
			e.Findings[i] = Finding{
				Code: m.text(), Severity: Severity(m.text()), Part: Part(m.text()), Pointer: m.text(), Expected: m.text(), Actual: m.text(),
				Requirement: m.text(), Hint: m.text(), Line: int(m.number()), Column: int(m.number()),
			}
		}
	}
	return e
}

// TestMadeUpExchangesHaveAll: a member that is new is made up too.
func TestMadeUpExchangesHaveAll(t *testing.T) {
	m := newMadeUp(1)
	missing := map[string]bool{}
	members(reflect.ValueOf(Exchange{Response: &Response{}, Findings: []Finding{{}}}), "", func(name string, _ reflect.Value) { missing[name] = true })
	for range 200 {
		members(reflect.ValueOf(*m.exchange()), "", func(name string, v reflect.Value) {
			if !v.IsZero() {
				delete(missing, name)
			}
		})
	}
	if len(missing) > 0 {
		t.Errorf("these are never made up: %v", missing)
	}
}

// members visits what a value has that is no structure.
func members(v reflect.Value, name string, visit func(name string, v reflect.Value)) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		visit(name, v)
	case v.Kind() == reflect.Pointer && !v.IsNil():
		members(v.Elem(), name, visit)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := range v.Len() {
			members(v.Index(i), name, visit)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			members(v.Field(i), name+"."+v.Type().Field(i).Name, visit)
		}
	case v.Kind() != reflect.Pointer:
		visit(name, v)
	}
}

// FuzzJournalKeepsExchanges: whatever exchanges are appended, what is read is them, in
// order, and once more when nobody holds what was read.
func FuzzJournalKeepsExchanges(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed, uint8(15), uint8(seed/2))
	}
	f.Fuzz(func(t *testing.T, seed uint64, number, keep uint8) {
		m := newMadeUp(seed)
		j := NewJournal(Limits{Exchanges: max(1, int(keep))})
		var all []*Exchange
		for range number % 16 {
			e := m.exchange()
			if len(all) > 0 && m.IntN(2) == 0 { // what partners repeat
				before := all[m.IntN(len(all))]
				e.Request.Header = before.Request.Header
				if e.Response != nil && before.Response != nil {
					e.Response.Header, e.Response.Body = before.Response.Header, before.Response.Body
				}
			}
			all = append(all, e)
			j.Append(e)
		}
		want := all[max(0, len(all)-max(1, int(keep))):]
		found := j.Find(nil)
		if len(found) != len(want) {
			t.Fatalf("%d are kept, want %d", len(found), len(want))
		}
		for i, e := range found {
			if !reflect.DeepEqual(e, want[i]) {
				t.Errorf("exchange %d is read as\n%+v\nand was\n%+v", i, e, want[i])
			}
		}
		bytesAreThose(t, j)
	})
}

// bytesAreThose demands that a journal counts what its slabs hold, of what it keeps.
func bytesAreThose(t *testing.T, j *Journal) {
	t.Helper()
	var sum int64
	for i := range j.count {
		sum += int64(j.at(i).size)
	}
	if sum != j.bytes {
		t.Errorf("%d bytes are counted, %d kept", j.bytes, sum)
	}
}

// TestBoundIsNeverTooSmall: a slab is not written anew because an exchange had no room.
func TestBoundIsNeverTooSmall(t *testing.T) {
	for seed := range uint64(300) {
		e := newMadeUp(seed).exchange()
		e.Time = e.Time.UTC() // of a zone's name the bound knows nothing
		var nothing placed
		most := nothing.bound(e)
		if text, _ := nothing.write(nil, e); len(text) > most {
			t.Fatalf("an exchange of seed %d takes %d bytes, and is thought to take %d", seed, len(text), most)
		}
	}
}

// TestRepeatedHeadersTakeNoRoom: nor does the answer that was given before.
func TestRepeatedHeadersTakeNoRoom(t *testing.T) {
	made := func(n int, agent string) *Exchange {
		return &Exchange{
			ID:       fmt.Sprintf("ex-%06d", n),
			Request:  Request{Header: http.Header{"User-Agent": {agent}, "Accept": {"application/json"}}},
			Response: &Response{Header: http.Header{"Content-Type": {"application/json"}}, Body: NewBody(make([]byte, 500), 0)},
		}
	}
	j := NewJournal(Limits{})
	j.Append(made(1, "a client"))
	first := j.Stats().Bytes
	j.Append(made(2, "a client"))
	again := j.Stats().Bytes - first
	j.Append(made(3, "another one"))
	other := j.Stats().Bytes - first - again
	if again > 100 || first < again+500 || other < again+int64(len("User-Agent")) {
		t.Errorf("the first takes %d bytes, its repetition %d, one with another header %d", first, again, other)
	}
	for i, e := range j.Find(nil) {
		if agent := []string{"a client", "a client", "another one"}[i]; !reflect.DeepEqual(e, made(i+1, agent)) {
			t.Errorf("%+v", e)
		}
	}
}
