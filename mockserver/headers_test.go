package mockserver

import (
	"fmt"
	"net/http"
	"reflect"
	"testing"
)

func TestEqualHeadersAreShared(t *testing.T) {
	h := newHeaders()
	first := http.Header{"Accept": {"*/*"}, "Content-Length": {"12"}, "X-Twice": {"a", "b"}}
	same := func(a, b http.Header) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }
	if !same(h.shared(first), first) {
		t.Error("the first of its kind is kept itself")
	}
	if !same(h.shared(first.Clone()), first) {
		t.Error("an equal header is not shared")
	}
	for _, other := range []http.Header{
		nil,
		{"Accept": {"*/*"}, "Content-Length": {"12"}},
		{"Accept": {"*/*"}, "Content-Length": {"13"}, "X-Twice": {"a", "b"}},
		{"Accept": {"*/*"}, "Content-Length": {"12"}, "X-Twice": {"b", "a"}},
		{"Accept": {"*/*"}, "Content-Length": {"12"}, "X-Twice": {"a"}},
		{"Accept": {"*/*"}, "Content-Length": {"12"}, "X-Other": {"a", "b"}},
	} {
		if !reflect.DeepEqual(h.shared(other), other) {
			t.Errorf("%v became another one", other)
		}
	}
}

func TestManyHeadersStayWhatTheyAre(t *testing.T) {
	h := newHeaders()
	for round := range 2 {
		for i := range 2000 { // more than are remembered
			given := http.Header{"X-Number": {fmt.Sprint(i)}}
			if found := h.shared(given); !reflect.DeepEqual(found, given) {
				t.Fatalf("round %d: %v became %v", round, given, found)
			}
		}
	}
}
