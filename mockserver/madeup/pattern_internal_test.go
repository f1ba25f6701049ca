package madeup

import (
	"strings"
	"testing"
)

func TestPatternsThatLookAhead(t *testing.T) {
	for pattern, want := range map[string]string{
		`^(?=.*[A-Z)])(?=.*\d)\w{8,}$`: `^\w{8,}$`, `a(?!b(c))d`: "ad", `(?<=x)y(?<!\))z`: "yz", `^plain$`: `^plain$`, `(?=open`: `(?=open`,
	} {
		if got := withoutLooks(pattern); got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
	h := &hand{random: stream(1, "", 0), try: 5}
	made, err := h.matching(`^(?=.*[A-Z]).{8,9}$`)
	if err != nil || len(made) < 8 || len(made) > 9 {
		t.Errorf("made is %q, %v", made, err)
	}
	if _, err := h.matching(`(?=open`); err == nil || !strings.Contains(err.Error(), "nothing can be made from the pattern (?=open") {
		t.Errorf("error %v", err)
	}
}
