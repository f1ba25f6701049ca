package traffic

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Redacted stands where a secret stood.
const Redacted = "[redacted]"

// secretHeaders carry secrets by what HTTP and common use say of them.
var secretHeaders = []string{"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"}

// IsSecretName tells whether a header or a query parameter of that name carries a
// secret by common use.
func IsSecretName(name string) bool {
	name = strings.ToLower(name)
	return slices.Contains(secretHeaders, name) || isSecretParameter(name)
}

// Redactor takes secrets out of exchanges and texts by the names of what holds
// them: JSON keys, form fields, query parameters and headers. It works on the
// text, so that a body that is broken or was cut is redacted as well. By their
// value it knows only bearer tokens. It is safe for concurrent use.
type Redactor struct {
	names map[string]bool // lower case
}

// NewRedactor redacts the values of the given names, in any case of letters, and
// always those of Authorization, Proxy-Authorization, Cookie, Set-Cookie and
// X-Api-Key, of query parameters such as access_token, and what follows Bearer.
func NewRedactor(names ...string) *Redactor {
	r := &Redactor{names: map[string]bool{}}
	for _, name := range slices.Concat(secretHeaders, names) {
		r.names[strings.ToLower(name)] = true
	}
	return r
}

// Exchange returns a copy of an exchange without its secrets; the original is not
// changed, and what had no secret is shared with it. A redacted body keeps no
// hash of what it was, and its size is that of the redacted text.
func (r *Redactor) Exchange(e *Exchange) *Exchange {
	next := *e
	next.Request.URL = r.Text(e.Request.URL)
	next.Request.Header = r.header(e.Request.Header)
	next.Request.Body = r.body(e.Request.Body, e.Request.Header)
	if e.Response != nil {
		response := *e.Response
		response.Header = r.header(e.Response.Header)
		response.Body = r.body(e.Response.Body, e.Response.Header)
		next.Response = &response
	}
	next.Error = r.Text(e.Error)
	next.Findings = slices.Clone(e.Findings)
	for i := range next.Findings {
		f := &next.Findings[i]
		f.Expected, f.Actual, f.Hint = r.Text(f.Expected), r.Text(f.Actual), r.Text(f.Hint)
	}
	return &next
}

// Text returns a text without the secrets in it: JSON or parts of it, URLs with
// their query and password, form fields, and headers as "Name: value".
func (r *Redactor) Text(s string) string {
	return r.scrub(password.ReplaceAllString(s, "${1}"+Redacted+"@"), false)
}

// password is that of a URL, with what stands before it.
var password = regexp.MustCompile(`(://[^/?#@\s:]*:)[^/?#@\s]+@`)

func (r *Redactor) body(b Body, h http.Header) Body {
	before := string(b.Kept)
	after := before
	if strings.Contains(strings.ToLower(h.Get("Content-Type")), "x-www-form-urlencoded") {
		after = r.form(before)
	}
	after = r.scrub(after, true)
	if after == before {
		return b
	}
	return Body{Kept: []byte(after), Size: b.Size - int64(len(before)) + int64(len(after))}
}

// form redacts whole fields, whatever stands in them.
func (r *Redactor) form(text string) string {
	pairs := strings.Split(text, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if decoded, err := url.QueryUnescape(name); err == nil && value != "" && r.names[strings.ToLower(strings.TrimSpace(decoded))] {
			pairs[i] = name + "=" + Redacted
		}
	}
	return strings.Join(pairs, "&")
}

func (r *Redactor) header(h http.Header) http.Header {
	if h == nil {
		return nil
	}
	next := make(http.Header, len(h))
	for name, values := range h {
		next[name] = values
		secret := r.names[strings.ToLower(name)]
		for i, value := range values {
			shown := r.Text(value)
			if secret {
				shown = redactedHeader(value)
			}
			if shown == value {
				continue
			}
			if &next[name][0] == &values[0] {
				next[name] = slices.Clone(values)
			}
			next[name][i] = shown
		}
	}
	return next
}

// redactedHeader keeps the scheme of credentials: "Bearer [redacted]".
func redactedHeader(value string) string {
	if value == "" {
		return ""
	}
	scheme, rest, ok := strings.Cut(value, " ")
	if ok && rest != "" && slices.Contains([]string{"basic", "bearer", "digest", "token", "apikey"}, strings.ToLower(scheme)) {
		return scheme + " " + Redacted
	}
	return Redacted
}
