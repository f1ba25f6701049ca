package conformance_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
)

// FuzzParseKnownFailing reads lists that hold anything: what is taken has a known
// ID and a reason, and what is refused names the file.
func FuzzParseKnownFailing(f *testing.F) {
	for _, text := range []string{"", "- id: a/b\n  reason: r\n  expires: 2026-12-31\n", "- {id: a/b}\n", "- id: [a]\n", "a: b", "- &x {id: a/b, reason: r}\n- *x\n", "\x00", "- id: a/b\n  reason: |\n    two\n    lines\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := conformance.ParseKnownFailing("known.yaml", data, []string{"a/b"})
		if err != nil && !strings.HasPrefix(err.Error(), "known.yaml") {
			t.Errorf("the error does not say where: %v", err)
		}
		for _, k := range list {
			if k.ID != "a/b" || k.Reason == "" {
				t.Errorf("taken: %+v", k)
			}
		}
	})
}
