package compare

import (
	"fmt"

	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/specs"
)

// signatures compares how events are signed. Who verifies them refuses all that are
// signed otherwise; who does not notices nothing.
func signatures(old, new *specs.Contract) []Change {
	was, now := schemeOf(old), schemeOf(new)
	const where = "signature"
	switch {
	case was == now:
		return nil
	case was == signature.Scheme{}:
		return []Change{{Compatible, where, "signature-added", "events are signed: " + now.String()}}
	case now == signature.Scheme{}:
		return []Change{{Breaking, where, "signature-removed", "events are no longer signed: " + was.String()}}
	}
	return []Change{{Breaking, where, "signature-changed", fmt.Sprintf("events were signed as %s, and are as %s", was, now)}}
}

// schemeOf is what decides whether a signature is right; the zero scheme where there is
// none.
func schemeOf(c *specs.Contract) signature.Scheme {
	if c.Signature == nil {
		return signature.Scheme{}
	}
	s := c.Signature.Scheme
	s.Name, s.Document, s.Tolerance = "", "", 0
	return s
}
