package drift_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// TestWhatTheContractHasNot: an event that fits none is the vendor's drift, a call that
// fits no operation only as far as the vendor answered it with success.
func TestWhatTheContractHasNot(t *testing.T) {
	const channel = "/api/messengers/external/other/webhook/c1"
	read := event(`{"type":"markAsRead","token":"t","data":{"messageId":"m"}}`, 200)
	broken := event(`{"type":`, 200)
	broken.Request.Body = traffic.Body{Kept: []byte(`{"type":`), Size: 100}
	get := event(``, 200)
	get.Request.Method = "GET"
	hush := event(`{"token":"t"}`, 200)
	unanswered := call("POST", "/api/other", `{}`, 200, ``)
	unanswered.Response = nil
	for name, c := range map[string]struct {
		exchanges []*traffic.Exchange
		compared  int
		want      []string
		named     string
	}{
		"events of one more type": {
			[]*traffic.Exchange{read, event(`{"type":"typing"}`, 200), event(`{"type":"typing"}`, 500), event(`{"type":"left"}`, 200)}, 4,
			[]string{`error events operation.unknown /type 3 of 4 "typing"×2 "left"×1`}, "",
		},
		"an event without a type":            {[]*traffic.Exchange{hush}, 1, []string{`error events operation.unknown /type 1 of 1`}, ""},
		"an event by another method":         {[]*traffic.Exchange{get}, 1, []string{`error events operation.method 1 of 1 "GET https://partner.example/webhook"×1`}, ""},
		"an event that was cut":              {[]*traffic.Exchange{broken}, 0, nil, ""},
		"a path that is answered":            {[]*traffic.Exchange{call("GET", "/api/other?token=t", ``, 200, `{}`)}, 1, []string{`error operations operation.path 1 of 1 "GET /api/other"×1`}, ""},
		"a method that is answered":          {[]*traffic.Exchange{call("DELETE", channel, ``, 204, ``)}, 1, []string{`error operations operation.method 1 of 1 "DELETE /api/messengers/external/other/webhook/c1"×1`}, ""},
		"an operation of one more type":      {[]*traffic.Exchange{call("POST", channel, `{"type":"typing"}`, 200, ``)}, 1, []string{`error operations operation.unknown /type 1 of 1 "typing"×1`}, ""},
		"calls that are refused or redirect": {[]*traffic.Exchange{call("GET", "/api/other", ``, 404, ``), call("GET", "/api/other", ``, 404, ``), call("GET", "/api/x", ``, 302, ``)}, 0, nil, `"GET /api/other, 404" (2), "GET /api/x, 302" (1)`},
		"a call that nobody answered":        {[]*traffic.Exchange{unanswered}, 0, nil, `"POST /api/other, no answer" (1)`},
		"what a browser asks by itself":      {[]*traffic.Exchange{call("OPTIONS", channel, ``, 204, ``)}, 0, nil, `"OPTIONS /api/messengers/external/other/webhook/c1, 204" (1)`},
	} {
		d, r := reported(t, contract(t, "elma365"), c.exchanges...)
		if got := lines(r); !slices.Equal(got, c.want) || r.Exchanges != c.compared {
			t.Errorf("%s: %d exchanges, got\n%s\nwant\n%s", name, r.Exchanges, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
		var text, page bytes.Buffer
		if err := r.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		if err := r.WriteMarkdown(&page); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), c.named) || !strings.Contains(page.String(), strings.ReplaceAll(c.named, "<", "&lt;")) || (r.NoDriftCalls > 0) != (c.named != "") {
			t.Errorf("%s: printed %q and %q, want %q in it", name, &text, &page, c.named)
		}
		_, changed, err := d.Propose(r)
		if err != nil || len(changed) > 0 {
			t.Errorf("%s: proposed %q, %v", name, changed, err)
		}
		for _, i := range r.Items {
			if i.Unfit == "" {
				t.Errorf("%s: %s is not left to a person", name, i.Change)
			}
		}
	}
}
