package validator

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/coding"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/traffic"
)

// Verifying returns a validator that verifies the signatures of events with secrets as
// people are given them, the newest first. Without any it is the same validator.
func (v *Validator) Verifying(secrets ...string) (*Validator, error) {
	if len(secrets) == 0 {
		return v, nil
	}
	if v.contract.Signature == nil {
		return nil, fmt.Errorf("contract %s does not say how events are signed", v.contract.ID)
	}
	keys, err := v.contract.Signature.Keys(secrets...)
	if err != nil {
		return nil, err
	}
	next := *v
	next.contract, next.keys = v.contract.Verified(), keys
	return &next, nil
}

// judgeSignature verifies the signature of an event, at the time when it came. One without
// a body has nothing that could be signed.
func (v *Validator) judgeSignature(e *traffic.Exchange) []traffic.Finding {
	body := e.Request.Body
	if len(v.keys) == 0 || e.Caller != traffic.Vendor || len(body.Kept) == 0 && !body.Cut() {
		return nil
	}
	s := v.contract.Signature
	f := traffic.Finding{Pointer: "header:" + http.CanonicalHeaderKey(s.Header), Expected: "HMAC-" + strings.ToUpper(s.Hash) + " of " + s.Payload + ", in " + s.Encoding}
	if slices.ContainsFunc([]string{s.Header, s.IDHeader, s.TimestampHeader}, func(name string) bool { return traffic.Hidden(e.Request.Header.Get(name)) }) {
		return notVerified(f, "it was recorded without what is secret in its headers")
	}
	err := s.Verify(e.Request.Header, body.Kept, e.Time, v.keys...)
	var problem *signature.Problem
	if !errors.As(err, &problem) {
		return nil
	}
	if why := otherBytes(e.Request); why != "" && problem.Kind == signature.Wrong {
		return notVerified(f, why)
	}
	f.Actual = problem.Error()
	f.Hint = "checked with " + plural.Of(len(v.keys), "secret") + " over the " + plural.Of(len(body.Kept), "byte") + " of the body"
	if s.Timed() && !e.Time.IsZero() {
		f.Hint += ", which came at " + e.Time.UTC().Format(time.RFC3339)
	}
	f = finding("signature."+string(problem.Kind), f)
	if class := s.Evidence.Class; !demanded(v.contract, said{evidence: class}) {
		f.Severity = traffic.Warn
		f.Hint += "; the vendor does not document that its events are signed; the contract assumes it"
	}
	return []traffic.Finding{f}
}

func notVerified(f traffic.Finding, why string) []traffic.Finding {
	f.Actual, f.Hint = why, "record the bytes as they were sent, or put parley proxy --reverse before the webhook"
	return []traffic.Finding{finding("signature.not-verified", f)}
}

// otherBytes is why the body that is here may not be what was signed; "": it is.
func otherBytes(r traffic.Request) string {
	switch {
	case r.Body.Cut():
		return "only " + strconv.Itoa(len(r.Body.Kept)) + " of its bytes are here"
	case traffic.Hidden(string(r.Body.Kept)):
		return "its body was recorded without what is secret in it"
	case coding.Of(r.Header) != "":
		return "its body came in " + shorten(coding.Of(r.Header)) + ", and is here without"
	}
	return r.Body.Rewritten
}
