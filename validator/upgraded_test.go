package validator

import (
	"testing"

	"github.com/parleykit/parley/traffic"
)

// TestUpgradesAreNotJudged: contracts need not know of sockets; those that do are judged
// by them.
func TestUpgradesAreNotJudged(t *testing.T) {
	v := shopOf(t, `paths:
  /socket:
    get:
      operationId: listen
      parameters: [{name: room, in: query, required: true, schema: {type: integer}}]
      responses: {"101": {description: switched}}
`, nil)
	for _, test := range []struct {
		url, want string
	}{
		{"/elsewhere", "response info exchange.upgraded"},
		{"/socket?room=1", "response info exchange.upgraded"},
		{"/socket", "response info exchange.upgraded\nrequest error parameter.required query:room"},
	} {
		e := call("GET", test.url, "")
		e.Response = &traffic.Response{Status: 101}
		if got := judged(v, e); got != test.want {
			t.Errorf("%s: %s, want %s", test.url, got, test.want)
		}
	}
}
