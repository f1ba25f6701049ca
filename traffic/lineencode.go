package traffic

import (
	"encoding/base64"
	"strconv"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
)

// An exchange as a line of NDJSON: what encoding/json makes of it, in the order of its
// members, with what cannot be seen escaped. It is written by hand, since a recording
// writes one for each call: through encoding/json, which goes through each body three
// times, it takes four times as long.

// appendExchange fails at a time that JSON has no form for, in a year of five digits.
func appendExchange(to []byte, e *Exchange) ([]byte, error) {
	to = appendQuoted(append(to, `{"id":`...), e.ID)
	to, err := e.Time.AppendText(append(to, `,"time":"`...))
	if err != nil {
		return nil, err
	}
	to = appendNamed(append(to, '"'), `,"sandbox":`, e.Sandbox)
	to = appendQuoted(append(to, `,"vendor":`...), e.Vendor)
	to = appendQuoted(append(to, `,"caller":`...), string(e.Caller))
	to = appendNamed(to, `,"operation":`, e.Operation)
	to = appendNamed(to, `,"channel":`, e.Channel)
	to = appendNamed(to, `,"delivery":`, e.Delivery)
	to = appendCounted(to, `,"attempt":`, e.Attempt)
	to = appendRequestJSON(append(to, `,"request":`...), &e.Request)
	if e.Response != nil {
		to = appendResponseJSON(append(to, `,"response":`...), e.Response)
	}
	to = appendNamed(to, `,"error":`, e.Error)
	to = strconv.AppendInt(append(to, `,"duration_ns":`...), int64(e.Duration), 10)
	for i := range e.Findings {
		to = append(to, opening(i, `,"findings":[`)...)
		to = appendFindingJSON(to, &e.Findings[i])
	}
	to = closed(to, len(e.Findings))
	if len(e.Faults) > 0 {
		to = appendQuotedList(append(to, `,"faults":`...), e.Faults)
	}
	return append(appendNamed(to, `,"check":`, e.Check), '}'), nil
}

func appendRequestJSON(to []byte, q *Request) []byte {
	to = appendQuoted(append(to, `{"method":`...), q.Method)
	to = appendQuoted(append(to, `,"url":`...), q.URL)
	to = appendHeaderJSON(to, q.Header)
	return append(appendBodyJSON(to, &q.Body), '}')
}

func appendResponseJSON(to []byte, r *Response) []byte {
	to = strconv.AppendInt(append(to, `{"status":`...), int64(r.Status), 10)
	to = appendHeaderJSON(to, r.Header)
	return append(appendBodyJSON(to, &r.Body), '}')
}

func appendHeaderJSON(to []byte, h map[string][]string) []byte {
	if len(h) == 0 {
		return to
	}
	var few [16]string
	for i, name := range sortedNames(few[:0], h) {
		to = append(to, opening(i, `,"header":{`)...)
		to = append(appendQuoted(to, name), ':')
		to = appendQuotedList(to, h[name])
	}
	return append(to, '}')
}

// appendBodyJSON writes what Body.MarshalJSON does.
func appendBodyJSON(to []byte, b *Body) []byte {
	switch {
	case utf8.Valid(b.Kept):
		to = appendQuoted(append(to, `,"body":{"text":`...), string(b.Kept))
	default:
		to = base64.StdEncoding.AppendEncode(append(to, `,"body":{"base64":"`...), b.Kept)
		to = append(to, '"')
	}
	to = strconv.AppendInt(append(to, `,"size":`...), max(b.Size, 0), 10)
	if b.Cut() {
		to = append(to, `,"cut":true`...)
	}
	return append(appendNamed(to, `,"sha256":`, b.SHA256), '}')
}

func appendFindingJSON(to []byte, f *Finding) []byte {
	to = appendQuoted(append(to, `{"code":`...), f.Code)
	to = appendQuoted(append(to, `,"severity":`...), string(f.Severity))
	to = appendNamed(to, `,"part":`, string(f.Part))
	to = appendNamed(to, `,"pointer":`, f.Pointer)
	to = appendNamed(to, `,"expected":`, f.Expected)
	to = appendNamed(to, `,"actual":`, f.Actual)
	to = appendNamed(to, `,"requirement":`, f.Requirement)
	to = appendNamed(to, `,"hint":`, f.Hint)
	to = appendCounted(to, `,"line":`, f.Line)
	return append(appendCounted(to, `,"column":`, f.Column), '}')
}

// opening stands before an element of a list: at first what begins the list.
func opening(i int, first string) string {
	if i == 0 {
		return first
	}
	return ","
}

// closed ends a list that has elements.
func closed(to []byte, elements int) []byte {
	if elements == 0 {
		return to
	}
	return append(to, ']')
}

// appendNamed writes a member that is left out when it is empty.
func appendNamed(to []byte, name, text string) []byte {
	if text == "" {
		return to
	}
	return appendQuoted(append(to, name...), text)
}

// appendCounted writes a member that is left out when it is 0.
func appendCounted(to []byte, name string, n int) []byte {
	if n == 0 {
		return to
	}
	return strconv.AppendInt(append(to, name...), int64(n), 10)
}

func appendQuotedList(to []byte, list []string) []byte {
	if list == nil {
		return append(to, "null"...)
	}
	to = append(to, '[')
	for i, text := range list {
		to = appendQuoted(append(to, opening(i, "")...), text)
	}
	return append(to, ']')
}

// appendQuoted writes a string, with what cannot be seen escaped.
func appendQuoted(to []byte, text string) []byte {
	if visible.Fit(text) {
		return plainjson.AppendFit(to, text)
	}
	return append(to, visible.Text(string(plainjson.AppendString(nil, text)))...)
}
