package validator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Echo judges whether an answer repeats what the contract says of the request, as who
// answers a challenge must: the body is that value and nothing else.
func (v *Validator) Echo(o *specs.Operation, r *traffic.Request, answer *traffic.Response) []traffic.Finding {
	documented, ok := o.Response(answer.Status)
	if !ok || documented.Echo == "" {
		return nil
	}
	wanted, ok := v.challenge(o, documented.Echo, r)
	got := string(answer.Body.Kept)
	switch {
	case !ok, got == wanted, strings.Contains(wanted, traffic.Redacted): // what is not there, the request is blamed for
		return nil
	case answer.Body.Cut():
		return []traffic.Finding{cut(answer.Body)}
	}
	f := finding("response.echo", traffic.Finding{
		Expected: fmt.Sprintf("%s as it was sent, %s", documented.Echo, strconv.Quote(shorten(wanted))), Actual: shortQuote(got),
	})
	if strings.Trim(got, "\" \t\r\n") == wanted {
		f.Hint = "the value stands alone in the body, without quotes and without a line's end"
	}
	if documented.Evidence.Class == specs.Assumed {
		f.Severity = traffic.Warn
	}
	return []traffic.Finding{ofOperation(o, f)}
}

// challenge is the text of a request that an answer must repeat.
func (v *Validator) challenge(o *specs.Operation, echo string, r *traffic.Request) (string, bool) {
	if strings.HasPrefix(echo, "/") {
		value, ok := decode(r).Lookup(echo)
		return fmt.Sprint(value), ok
	}
	parameters := v.parameters[keyOf(o)]
	i := slices.IndexFunc(parameters, func(p *parameter) bool { return p.Name == echo })
	if i < 0 {
		return "", false
	}
	values := (&sent{url: r.URL, header: r.Header}).values(parameters[i])
	return strings.Join(values, ","), len(values) > 0
}

func shortQuote(text string) string {
	if text == "" {
		return "nothing"
	}
	return fmt.Sprintf("%s (%s)", strconv.Quote(shorten(text)), plural.Of(len(text), "byte"))
}
