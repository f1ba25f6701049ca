// Package signature signs what a vendor sends, and verifies it, by the one scheme that
// most vendors have in common: an HMAC, keyed with a secret that both sides know, over
// the body and, where the vendor wants it, the time and an ID. What vendors differ in is
// data.
package signature

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/plural"
)

// Scheme is how a vendor signs what it sends. In Payload and Before stand {body},
// {timestamp}, which is in seconds since 1970, and {id} for what they are of a delivery.
type Scheme struct {
	Name            string        `json:"name,omitempty"` // of the preset; "" for one that was written out
	Hash            string        `json:"hash"`           // sha256, sha1 or sha512
	Header          string        `json:"header"`         // that carries the signature
	Encoding        string        `json:"encoding"`       // hex or base64
	Prefix          string        `json:"prefix,omitempty"`
	Before          string        `json:"before,omitempty"`  // stands once before all signatures
	Between         string        `json:"between,omitempty"` // divides several; "": there is only one, also while a secret is replaced
	Payload         string        `json:"payload"`           // what is signed
	IDHeader        string        `json:"idHeader,omitempty"`
	TimestampHeader string        `json:"timestampHeader,omitempty"`
	SecretPrefix    string        `json:"secretPrefix,omitempty"` // such as whsec_: the secret is base64, with this before it or without
	Tolerance       time.Duration `json:"tolerance,omitempty"`    // how old a signature may be; 0: nothing is said of it
	Document        string        `json:"document,omitempty"`     // where the vendor describes it
}

var hashes = map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}

var encodings = map[string]func([]byte) string{"hex": hex.EncodeToString, "base64": base64.StdEncoding.EncodeToString}

// What a template may name.
const (
	bodyMark      = "{body}"
	timestampMark = "{timestamp}"
	idMark        = "{id}"
)

// WithDefaults fills in what most vendors have alike.
func (s Scheme) WithDefaults() Scheme {
	if s.Hash == "" {
		s.Hash = "sha256"
	}
	if s.Encoding == "" {
		s.Encoding = "hex"
	}
	if s.Payload == "" {
		s.Payload = bodyMark
	}
	return s
}

// Check says what keeps a scheme from being carried out.
func (s Scheme) Check() error {
	switch {
	case hashes[s.Hash] == nil:
		return fmt.Errorf("`hmac` is %q; write %s", s.Hash, plural.List(slices.Sorted(maps.Keys(hashes)), "or"))
	case encodings[s.Encoding] == nil:
		return fmt.Errorf("`encoding` is %q; write %s", s.Encoding, plural.List(slices.Sorted(maps.Keys(encodings)), "or"))
	case s.Header == "":
		return fmt.Errorf("`header` is missing; it names the header that carries the signature")
	case !strings.Contains(s.Payload, bodyMark):
		return fmt.Errorf("`payload` is %q, without %s: nothing of the body would be signed", s.Payload, bodyMark)
	case strings.Contains(s.Before, bodyMark):
		return fmt.Errorf("`before` has %s; a header can't carry a body", bodyMark)
	case s.Tolerance < 0:
		return fmt.Errorf("`tolerance` is %s; write a duration such as 5m", s.Tolerance)
	case s.Tolerance > 0 && !s.Timed():
		return fmt.Errorf("`tolerance` is given, and no time is signed: put %s into `payload`", timestampMark)
	}
	for name, header := range map[string]string{"header": s.Header, "idHeader": s.IDHeader, "timestampHeader": s.TimestampHeader} {
		if header != "" && !isHeaderName(header) {
			return fmt.Errorf("`%s` is %q, which is no name of a header", name, header)
		}
	}
	return s.checkMarks()
}

// checkMarks: what is signed beside the body must be sent too, and what is sent must be
// something that there is.
func (s Scheme) checkMarks() error {
	known := []string{bodyMark, timestampMark, idMark}
	for name, text := range map[string]string{"payload": s.Payload, "before": s.Before} {
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, "{")
			if !ok {
				break
			}
			word, behind, closed := strings.Cut(after, "}")
			if mark := "{" + word + "}"; !closed || !slices.Contains(known, mark) {
				return fmt.Errorf("`%s` has %q, which is not known; it may have %s", name, "{"+word+"}", plural.List(known, "and"))
			}
			rest = behind
		}
	}
	if s.Timed() && s.TimestampHeader == "" && !strings.Contains(s.Before, timestampMark) {
		return fmt.Errorf("the time is signed and not sent: give `timestampHeader`, or put %s into `before`", timestampMark)
	}
	if strings.Contains(s.Payload, idMark) && s.IDHeader == "" && !strings.Contains(s.Before, idMark) {
		return fmt.Errorf("the ID is signed and not sent: give `idHeader`, or put %s into `before`", idMark)
	}
	return nil
}

func isHeaderName(name string) bool {
	for _, r := range name {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r) {
			return false
		}
	}
	return true
}

// Timed reports whether the time is signed, so that an old signature can be told.
func (s Scheme) Timed() bool { return strings.Contains(s.Payload, timestampMark) }

// Identified reports whether a signed delivery carries an ID.
func (s Scheme) Identified() bool {
	return s.IDHeader != "" || strings.Contains(s.Payload+s.Before, idMark)
}

// Several reports whether one delivery can carry several signatures: while a secret is
// replaced, one by the new and one by the old.
func (s Scheme) Several() bool { return s.Between != "" }

// Sets reports whether a signed delivery has this header from its signature.
func (s Scheme) Sets(header string) bool {
	return slices.ContainsFunc([]string{s.Header, s.IDHeader, s.TimestampHeader}, func(own string) bool {
		return own != "" && strings.EqualFold(own, header)
	})
}

// String says in words how a vendor signs.
func (s Scheme) String() string {
	text := fmt.Sprintf("%s: HMAC-%s of %s, in %s", s.Header, strings.ToUpper(s.Hash), s.Payload, s.Encoding)
	if s.Name != "" {
		text += " (" + s.Name + ")"
	}
	return text
}

// canonical is how net/http writes a header's name.
func canonical(name string) string { return http.CanonicalHeaderKey(name) }
