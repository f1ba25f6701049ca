package traffic

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// Archives and lines that are damaged here and there are read side by side as they are one
// after the other: the same exchanges and the same problems, in the same order.
func TestSideBySideIsInOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	entries := sharedEntries(t)
	for round := range 60 {
		var texts []string
		for len(texts) < 200 {
			texts = append(texts, string(entries[len(texts)%len(entries)]))
			if random.IntN(20) == 0 {
				texts = append(texts, "{"+entryParts[random.IntN(len(entryParts))]+"}")
			}
		}
		text := []byte(harOf(texts...))
		if round%3 == 0 {
			text = []byte(strings.Repeat(line(t), 100))
		}
		for range random.IntN(6) {
			text[random.IntN(len(text))] = "\"{}],x"[random.IntN(6)]
		}
		alone := gathered(text, CaptureOptions{Source: "a"})
		beside := gathered(text, CaptureOptions{
			Source: "a", Judge: func(e *Exchange) { e.ID += " judged" },
			Take: func(e *Exchange) bool { return e.Request.Method == "POST" },
		})
		if len(alone) != len(beside) {
			t.Fatalf("%d entries one after the other, %d side by side", len(alone), len(beside))
		}
		for i, a := range alone {
			b := beside[i]
			if e := b.Exchange; e != nil {
				id, judged := strings.CutSuffix(e.ID, " judged")
				if wanted := e.Request.Method == "POST"; judged != wanted || b.Judged != wanted {
					t.Fatalf("judged: %v, told %v: %+v", judged, b.Judged, e)
				}
				if e.ID, b.Judged = id, false; !judged { // it may lack its bodies
					e.Request.Body, a.Exchange.Request.Body = Body{}, Body{}
					if e.Response != nil && a.Exchange.Response != nil {
						e.Response.Body, a.Exchange.Response.Body = Body{}, Body{}
					}
				}
			}
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("got  %+v\nwant %+v", b, a)
			}
		}
	}
}

// readOne is an entry with its problem.
type readOne struct {
	Entry
	err string
}

func gathered(text []byte, o CaptureOptions) []readOne {
	var all []readOne
	for e, err := range ReadCapture(bytes.NewReader(text), o) {
		all = append(all, readOne{e, fmt.Sprint(err)})
	}
	return all
}

// Of a slow stream every exchange is judged as soon as it has come, and who stops listening
// waits for nothing.
func TestSideBySideWaitsForNothing(t *testing.T) {
	good := entryOf("", "")
	for _, c := range []struct{ begin, entry string }{{"", line(t)}, {`{"log": {"entries": [`, good + ","}} {
		from, to := io.Pipe()
		asked := make(chan bool, 1)
		asked <- true
		go func() {
			fmt.Fprint(to, c.begin)
			for range asked {
				fmt.Fprint(to, c.entry) // the next one only when this one was yielded
			}
			to.Close()
		}()
		n := 0
		for e, err := range ReadCapture(from, CaptureOptions{Judge: func(*Exchange) {}}) {
			if n++; err != nil || !e.Judged || e.At.Entry != n {
				t.Fatalf("got %+v, %v", e, err)
			}
			if n == 5 {
				close(asked)
				break
			}
			asked <- true
		}
		if n != 5 {
			t.Errorf("%d exchanges", n)
		}
	}
}

// What an interrupt leaves unread is not waited for either.
func TestSideBySideStops(t *testing.T) {
	text := strings.Repeat(line(t), 10000)
	n := 0
	for range ReadCapture(strings.NewReader(text), CaptureOptions{Judge: func(*Exchange) {}}) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d exchanges", n)
	}
}
