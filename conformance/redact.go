package conformance

import (
	"net/http"
	"regexp"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// redactor takes secrets out of what a report shows: the values of secret
// properties and headers, and the channel's token wherever it stands as a word.
type redactor struct {
	names *traffic.Redactor
	token *regexp.Regexp // nil when there is none
}

// shortestSecret keeps a token of a few letters from mutilating every sentence.
const shortestSecret = 4

func newRedactor(c *specs.Contract, token string) redactor {
	r := redactor{names: traffic.NewRedactor(validator.Secrets(c)...)}
	if len(token) >= shortestSecret {
		r.token = regexp.MustCompile(`(^|\W)` + regexp.QuoteMeta(token) + `($|\W)`)
	}
	return r
}

func (r redactor) text(text string) string { return r.word(r.names.Text(text)) }

// word takes out the token itself. It looks twice because the characters around
// a match belong to it.
func (r redactor) word(text string) string {
	if r.token == nil {
		return text
	}
	for range 2 {
		text = r.token.ReplaceAllString(text, "${1}"+traffic.Redacted+"${2}")
	}
	return text
}

// exchange returns a copy without secrets.
func (r redactor) exchange(e *traffic.Exchange) *traffic.Exchange {
	e = r.names.Exchange(e)
	e.Request.URL, e.Error = r.word(e.Request.URL), r.word(e.Error)
	e.Request.Body = r.body(e.Request.Body)
	e.Request.Header = r.header(e.Request.Header)
	if e.Response != nil {
		e.Response.Body = r.body(e.Response.Body)
		e.Response.Header = r.header(e.Response.Header)
	}
	for i := range e.Findings {
		f := &e.Findings[i]
		f.Expected, f.Actual, f.Hint = r.word(f.Expected), r.word(f.Actual), r.word(f.Hint)
	}
	return e
}

func (r redactor) header(h http.Header) http.Header {
	if r.token == nil {
		return h
	}
	next := h.Clone()
	for _, values := range next {
		for i := range values {
			values[i] = r.word(values[i])
		}
	}
	return next
}

func (r redactor) body(b traffic.Body) traffic.Body {
	text := r.word(b.String())
	if text == b.String() {
		return b
	}
	return traffic.Body{Kept: []byte(text), Size: b.Size - int64(len(b.Kept)) + int64(len(text))}
}
