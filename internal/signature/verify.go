package signature

import (
	"crypto/hmac"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is one way in which a signature can be wrong.
type Kind string

// The kinds.
const (
	Missing   Kind = "missing"
	Malformed Kind = "malformed" // it, or what is signed beside the body, is not written as the scheme has it
	Stale     Kind = "stale"
	Wrong     Kind = "wrong" // the only kind that depends on the body
)

// Problem is what is wrong with a signature, as an error.
type Problem struct {
	Kind Kind
	text string
}

// Error says it in words, without the signature or what it should be.
func (p *Problem) Error() string { return p.text }

func problem(kind Kind, format string, args ...any) error {
	return &Problem{kind, fmt.Sprintf(format, args...)}
}

// Verify says what is wrong with the signature of a delivery, as a careful receiver that
// knows these keys would find it: a *Problem. Nil: it is signed by one of them. Now is
// when it came; the zero time where nobody knows, and then any age is taken.
func (s Scheme) Verify(header http.Header, body []byte, now time.Time, keys ...[]byte) error {
	text := header.Get(s.Header)
	if text == "" {
		return problem(Missing, "the header %s is missing", canonical(s.Header))
	}
	id, timestamp, rest, err := s.before(text)
	if err != nil {
		return err
	}
	if s.IDHeader != "" {
		id = header.Get(s.IDHeader)
	}
	if s.TimestampHeader != "" {
		timestamp = header.Get(s.TimestampHeader)
	}
	if strings.Contains(s.Payload, idMark) && id == "" {
		return problem(Malformed, "there is no ID, which is signed")
	}
	given := []string{rest}
	if s.Several() {
		given = strings.Split(rest, s.Between)
	}
	if !slices.ContainsFunc(given, s.isWritten) {
		return problem(Malformed, "the header %s has no signature of %d characters in %s%s", canonical(s.Header), s.Length(), s.Encoding, s.behind())
	}
	if err := s.inTime(timestamp, now); err != nil {
		return err
	}
	for _, key := range keys {
		expected := []byte(s.Prefix + s.signature(key, id, timestamp, body))
		for _, one := range given {
			if hmac.Equal([]byte(one), expected) {
				return nil
			}
		}
	}
	return problem(Wrong, "the signature in %s is not that of this body with the secret", canonical(s.Header))
}

// isWritten reports whether a text can be a signature.
func (s Scheme) isWritten(text string) bool {
	return strings.HasPrefix(text, s.Prefix) && len(text) == len(s.Prefix)+s.Length()
}

func (s Scheme) behind() string {
	if s.Prefix == "" {
		return ""
	}
	return " behind " + s.Prefix
}

// Read returns what the headers of a signed delivery say of it; what they do not say
// is empty.
func (s Scheme) Read(header http.Header, body []byte) Delivery {
	id, timestamp, _, _ := s.before(header.Get(s.Header)) // what is no signature says nothing
	if s.IDHeader != "" {
		id = header.Get(s.IDHeader)
	}
	if s.TimestampHeader != "" {
		timestamp = header.Get(s.TimestampHeader)
	}
	d := Delivery{ID: id, Body: body}
	if seconds, err := strconv.ParseInt(timestamp, 10, 64); err == nil {
		d.Time = time.Unix(seconds, 0)
	}
	return d
}

// before takes off what stands once before all signatures.
func (s Scheme) before(text string) (id, timestamp, rest string, err error) {
	rest = text
	for pattern := s.Before; pattern != ""; {
		literal, mark, behind := cutMark(pattern)
		var ok bool
		if rest, ok = strings.CutPrefix(rest, literal); !ok {
			return "", "", "", problem(Malformed, "the header %s does not begin with %q", canonical(s.Header), s.Before)
		}
		if mark == "" {
			break
		}
		next, _, _ := cutMark(behind)
		end := len(rest)
		if i := strings.Index(rest, next); next != "" && i >= 0 {
			end = i
		}
		if mark == timestampMark {
			timestamp = rest[:end]
		} else {
			id = rest[:end]
		}
		rest, pattern = rest[end:], behind
	}
	return id, timestamp, rest, nil
}

// cutMark divides a template at its first mark.
func cutMark(template string) (literal, mark, behind string) {
	begin := strings.IndexByte(template, '{')
	if begin < 0 {
		return template, "", ""
	}
	end := begin + strings.IndexByte(template[begin:], '}') + 1
	return template[:begin], template[begin:end], template[end:]
}

func (s Scheme) inTime(timestamp string, now time.Time) error {
	if !s.Timed() {
		return nil
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return problem(Malformed, "the timestamp, which is signed, is missing or no number of seconds")
	}
	if age := now.Sub(time.Unix(seconds, 0)); !now.IsZero() && s.Tolerance > 0 && (age > s.Tolerance || age < -s.Tolerance) {
		return problem(Stale, "the signature was made %s away from now; %s is the most", age.Abs().Round(time.Second), s.Tolerance)
	}
	return nil
}
