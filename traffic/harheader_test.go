package traffic

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// TestHeadersOfEntriesAreShared: whatever came before, a header is the one that is made anew.
func TestHeadersOfEntriesAreShared(t *testing.T) {
	var m harHeaders
	long := []harPair{{"A", strings.Repeat("a", longestHeader+1)}}
	lists := [][]harPair{nil, {{"a", "1"}}, {{"A", "1"}}, {{"a", "1"}, {"a", "2"}}, {{":authority", "h"}, {"content-type", "text/plain"}}, {{"", "x"}}, long}
	for range 3 {
		for _, pairs := range lists {
			for _, mimeType := range []string{"", "application/json"} {
				for _, cookies := range [][]harPair{nil, {{"s", "1"}}} {
					got, want := m.of(pairs, mimeType, "Cookie", cookies), harHeader(pairs, mimeType, "Cookie", cookies)
					if !reflect.DeepEqual(got, want) {
						t.Errorf("%.60v, %s, %v: got %.60v, want %.60v", pairs, mimeType, cookies, got, want)
					}
				}
			}
		}
	}
	same := func(a, b http.Header) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }
	if !same(m.of(lists[1], "", "Cookie", nil), m.of(lists[1], "", "Cookie", nil)) {
		t.Error("the same pairs make two headers")
	}
	if same(m.of(long, "", "Cookie", nil), m.of(long, "", "Cookie", nil)) {
		t.Error("a long header is remembered")
	}
}
