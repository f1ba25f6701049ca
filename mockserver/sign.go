package mockserver

import (
	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/specs"
)

// signed reports whether a signature comes with an event. One without a body has
// nothing that could be signed.
func (s *Stage) signed(event *specs.Operation) bool {
	return len(s.vendor.keys) > 0 && takesBody(event)
}

// signs reports whether a parameter comes with the signature.
func (s *Stage) signs(event *specs.Operation, p specs.Parameter) bool {
	return s.signed(event) && p.In == "header" && s.vendor.contract.Signature.Sets(p.Name)
}

// sign adds the signature to a request that is ready, unless it has one.
func (s *Stage) sign(out *outgoing) {
	if out.event == nil || out.Unsigned || !s.signed(out.event) {
		return
	}
	delivery := signature.Delivery{ID: out.eventID, Time: s.Now(), Body: out.Body}
	for name, values := range s.vendor.contract.Signature.Sign(delivery, s.vendor.keys...) {
		if out.Header.Get(name) == "" {
			out.Header[name] = values
		}
	}
}
