package testvendor

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/signature"
)

// Verifier is a partner's webhook that takes what is signed rightly, and the same with
// one defect. Its fields are set before it serves.
type Verifier struct {
	Scheme signature.Scheme
	Keys   [][]byte
	Defect string
	Next   http.Handler
}

// Defects are those that a Verifier can have.
var Defects = []string{
	"verifies-nothing", "takes-what-is-not-signed", "compares-what-is-there", "never-looks-at-the-time",
	"verifies-its-own-writing", "knows-one-signature", "refuses-all", "fails-instead-of-refusing", "hangs-up",
}

// ServeHTTP is the webhook.
func (v *Verifier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	if r.Method == http.MethodHead || v.takes(r.Header, body) {
		r.Body = io.NopCloser(bytes.NewReader(body))
		v.Next.ServeHTTP(w, r)
		return
	}
	switch v.Defect {
	case "fails-instead-of-refusing":
		w.WriteHeader(http.StatusBadGateway)
	case "hangs-up":
		panic(http.ErrAbortHandler)
	default:
		w.WriteHeader(http.StatusForbidden)
	}
}

func (v *Verifier) takes(header http.Header, body []byte) bool {
	s, now, name := v.Scheme, time.Now(), v.Scheme.Header
	header = header.Clone()
	switch v.Defect {
	case "verifies-nothing":
		return true
	case "refuses-all":
		return false
	case "takes-what-is-not-signed":
		if header.Get(name) == "" {
			return true
		}
	case "compares-what-is-there":
		if text := header.Get(name); text != "" && s.Verify(header, body, now, v.Keys...) != nil {
			sent := s.Read(header, body)
			inTime := s.Tolerance == 0 || now.Sub(sent.Time) < s.Tolerance
			return inTime && strings.HasPrefix(s.Sign(sent, v.Keys...).Get(name), text)
		}
	case "never-looks-at-the-time":
		s.Tolerance = 0
	case "verifies-its-own-writing":
		var value any
		if json.Unmarshal(body, &value) == nil {
			body, _ = json.Marshal(value)
		}
	case "knows-one-signature":
		s.Between = ""
	}
	return s.Verify(header, body, now, v.Keys...) == nil
}
