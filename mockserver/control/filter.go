package control

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/tracecontext"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

var traceID = lazy.Regexp("^[0-9a-f]{32}$")

var filterNames = []string{"vendor", "operation", "caller", "status", "channel", "since", "findings", "text", "trace"}

// question is which exchanges are meant: those with the traits that match, too.
type question struct {
	traits traffic.Traits
	match  func(*traffic.Exchange) bool
}

// filter reads the parameters that choose exchanges.
func (c *reader) filter(r *http.Request, values map[string]string) (q question, err error) {
	var unanswered bool
	if q.traits, unanswered, err = statusOf(values["status"]); err != nil {
		return q, err
	}
	worst := traffic.Severity(values["findings"])
	if worst != "" && !slices.Contains([]traffic.Severity{traffic.HarnessError, traffic.Error, traffic.Warn, traffic.Info}, worst) {
		return q, fmt.Errorf("findings=%s is none; write harness_error, error, warn or info", worst)
	}
	caller := traffic.Caller(values["caller"])
	if caller != "" && caller != traffic.Partner && caller != traffic.Vendor {
		return q, fmt.Errorf("caller=%s is none; write partner or vendor", caller)
	}
	if err := c.checkNames(values["vendor"], values["operation"]); err != nil {
		return q, err
	}
	text, trace := strings.ToLower(values["text"]), values["trace"]
	if trace != "" && !traceID().MatchString(trace) {
		return q, fmt.Errorf("trace=%s is none; write the 32 digits (0-9, a-f) of a trace ID, which stand second in the header traceparent", trace)
	}
	q.traits.Vendor, q.traits.Operation, q.traits.Channel = values["vendor"], values["operation"], values["channel"]
	q.traits.Caller, q.traits.Trace = caller, trace
	later := func(*traffic.Exchange) bool { return true }
	if since := values["since"]; since != "" {
		later = c.source(r).After(since)
	}
	q.match = func(e *traffic.Exchange) bool {
		return (!unanswered || e.Status() == 0) && (worst == "" || e.Worst().AtLeast(worst)) &&
			later(e) && c.hasText(e, text) && c.isOf(e, trace)
	}
	return q, nil
}

// statusOf reads a status or a class of them, or that none came.
func statusOf(text string) (t traffic.Traits, unanswered bool, err error) {
	if text == "" {
		return t, false, nil
	}
	number, isClass := strings.CutSuffix(text, "xx")
	n, err := strconv.Atoi(number)
	if err != nil || isClass && (n < 1 || n > 5) || !isClass && n > 599 {
		return t, false, fmt.Errorf("status=%s is none; write 404, 4xx, or 0 for exchanges without an answer", text)
	}
	if isClass {
		t.Class = n
	} else {
		t.Status = n
	}
	return t, n == 0, nil
}

// hasText tells whether a text in small letters stands in the URL or a body of an exchange as it is
// shown: what is not shown can't be found out by asking for it.
func (c *reader) hasText(e *traffic.Exchange, wanted string) bool {
	if wanted == "" {
		return true
	}
	kept, _ := c.frames.of(e, c.redact)
	return strings.Contains(kept.search(), wanted)
}

// isOf tells whether an exchange belongs to a trace, as it is shown.
func (c *reader) isOf(e *traffic.Exchange, trace string) bool {
	if trace == "" {
		return true
	}
	kept, _ := c.frames.of(e, c.redact)
	return tracecontext.Of(kept.shown.Request.Header).TraceID() == trace
}

func matchesText(wanted, given string) bool { return wanted == "" || wanted == given }

// checkNames refuses a filter that can never match.
func (c *reader) checkNames(vendor, operation string) error {
	all := c.contracts()
	meant := all
	if vendor != "" {
		meant = slices.DeleteFunc(slices.Clone(all), func(c *specs.Contract) bool { return c.ID != vendor })
	}
	known := specs.OperationNames(meant)
	switch {
	case len(meant) == 0:
		return fmt.Errorf("vendor=%s is none; the %s %s", vendor, c.plays, specs.JoinIDs(all))
	case !slices.ContainsFunc(known, func(name string) bool { return traffic.Names(operation, name) }):
		return fmt.Errorf("operation=%s is none; there are %s", operation, strings.Join(known, ", "))
	}
	return nil
}

// chosen reads the filter of a request, with further parameters.
func (c *reader) chosen(w http.ResponseWriter, r *http.Request, further ...string) (values map[string]string, q question, ok bool) {
	values, ok = c.query(w, r, slices.Concat(filterNames, further)...)
	if !ok {
		return nil, q, false
	}
	q, err := c.filter(r, values)
	if err != nil {
		c.refuse(w, err)
		return nil, q, false
	}
	return values, q, true
}

func filterText(values map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(filterNames, name) {
			list = append(list, name+"="+values[name])
		}
	}
	return strings.Join(list, "&")
}
