package validator

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// TestWhatWasAskedLatelyIsAnsweredAlike: an address that was routed before is judged as by one
// who never saw it, whatever was asked of it in between.
func TestWhatWasAskedLatelyIsAnsweredAlike(t *testing.T) {
	v := acme(t)
	scope, err := v.Scope("", "https://hook.example/in")
	if err != nil {
		t.Fatal(err)
	}
	long := "/v1/tickets/" + strings.Repeat("a", longestRecent)
	for range 3 {
		for _, url := range []string{"/v1/calls", "/v1/calls?x=1", "https://acme.example/v1/calls", "/v1/nowhere", "/%zz", "/v1/tickets/..", "https://hook.example/in", long} {
			for _, method := range []string{"POST", "GET", "PUT"} {
				fresh := acme(t)
				e, want := call(method, url, `{"action":"stop"}`), call(method, url, `{"action":"stop"}`)
				if got, want := judged(v, e), judged(fresh, want); got != want {
					t.Errorf("%s %.60s: got %s, want %s", method, url, got, want)
				}
				freshScope, err := fresh.Scope("", "https://hook.example/in")
				if err != nil {
					t.Fatal(err)
				}
				e, want = call(method, url, ""), call(method, url, "")
				e.Caller, want.Caller = "", ""
				if got, wanted := scope.Take(e), freshScope.Take(want); got != wanted || e.Request.URL != want.Request.URL || e.Caller != want.Caller || e.Vendor != want.Vendor {
					t.Errorf("%s %.60s: taken is %v as %s, want %v as %s", method, url, got, e.Request.URL, wanted, want.Request.URL)
				}
			}
		}
	}
}

func TestWhatWasMadeLatelyIsBounded(t *testing.T) {
	r := newRecent[traffic.Caller]()
	r.keep("GET", "/a", traffic.Partner)
	r.keep("GET", strings.Repeat("a", longestRecent), traffic.Partner)
	if made, ok := r.find("GET", "/a"); !ok || made != traffic.Partner {
		t.Errorf("got %q, %v", made, ok)
	}
	if _, ok := r.find("POST", "/a"); ok {
		t.Error("another method is taken for the same")
	}
	if _, ok := r.find("GET", strings.Repeat("a", longestRecent)); ok {
		t.Error("a long address is remembered")
	}
}
