package redaction

import (
	"slices"
	"strings"
	"testing"
)

// TestShapesAreLookedFor: the short way knows each kind of secret that has a form of its own.
func TestShapesAreLookedFor(t *testing.T) {
	r := New(Options{})
	for _, secret := range []string{
		"eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl", "eyJhbGciOiJI.eyJzdWIiOiIx", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\nMIIB",
		"ghp_0123456789abcdefXYZ", "gho_0123456789abcdefXYZ", "ghs_0123456789abcdefXYZ", "ghu_0123456789abcdefXYZ", "ghr_0123456789abcdefXYZ", "github_pat_0123456789abcdefXYZ", "glpat-0123456789abcdefXYZ",
		"xoxa-12345678", "xoxb-12345678", "xoxo-12345678", "xoxp-12345678", "xoxr-12345678", "xoxs-12345678",
		"sk_live_12345678", "rk_live_12345678", "sk_test_12345678", "rk_test_12345678", "AKIA0123456789AB", "AIza0123456789abcdefghij",
	} {
		for _, around := range []string{"%", "it was % then", "(%)", `{"note":"see %"}`} {
			text := strings.ReplaceAll(around, "%", secret)
			if !mayBeShaped(text) {
				t.Errorf("%q is not looked at", text)
			}
			if shown := r.Text(text); strings.Contains(shown, secret) {
				t.Errorf("%q is shown", shown)
			}
		}
	}
}

// TestUndoneTextsSayWhereTheyComeFrom: each byte comes from where its escape begins, and the
// end from behind the last one, through all layers.
func TestUndoneTextsSayWhereTheyComeFrom(t *testing.T) {
	for _, c := range []struct {
		written, undone string
		layers          int
		from            []int
	}{
		{`a\u0062c`, "abc", 1, []int{0, 1, 7, 8}},
		{`%41%42c`, "ABc", 1, []int{0, 3, 6, 7}},
		{`%2541b`, "Ab", 2, []int{0, 5, 6}},
		{"a=\nb", "ab", 1, []int{0, 3, 4}},
		{"a=\n", "a", 1, []int{0, 3}},
		{"\x00a\x00b", "ab", 1, []int{1, 3, 4}},
		{`\ud83d\ude00!`, "😀!", 1, []int{0, 0, 0, 0, 12, 13}},
		{"&amp;lt;x", "<x", 2, []int{0, 8, 9}},
	} {
		plain := &unescaped{text: c.written}
		for range c.layers {
			plain = plain.undo(escapesIn(plain.text))
		}
		var from []int
		for i := range len(plain.text) + 1 {
			from = append(from, plain.original(i))
		}
		if plain.text != c.undone || !slices.Equal(from, c.from) {
			t.Errorf("%q is %q of %v, want %q of %v", c.written, plain.text, from, c.undone, c.from)
		}
	}
	if plain := (&unescaped{text: `a\b%zz&x`}).undo(byPercent | byEntity); plain != nil {
		t.Errorf("%+v was undone", plain)
	}
}
