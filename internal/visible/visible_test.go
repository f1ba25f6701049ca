package visible_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/visible"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a b\nü 😀\tx": "a b\nü 😀\tx", "\x1b[31m": `\u001b[31m`, "a\r\x00": `a\r\u0000`, "\u202ex\u2066": `\u202ex\u2066`,
		"\u009b2J": `\u009b2J`, "\u0085\u2028\u2029": `\u0085\u2028\u2029`, "\x7f\ufeff": `\u007f\ufeff`, "\x9b2J\xff": `\x9b2J\xff`,
		"\U000e0041": `\udb40\udc41`, "##vso[task]": `\u0023#vso[task]`, "x ##[group]": `x \u0023#[group]`, "## [a](b) #[x] ###": "## [a](b) #[x] ###",
		"::error::x": "::error::x", "�": "�",
	} {
		if got := visible.Text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a\nb\r\nc\td": `a\nb\r\nc\td`, "::stop-commands::x": `\u003a:stop-commands::x`, "a ::error::b": `a \u003a:error::b`,
		"std::string, [::1]:80 a: b": "std::string, [::1]:80 a: b", ":: a": ":: a", "\u00a0::x": "\u00a0\\u003a:x",
	} {
		got := visible.Line(text)
		if got != want || visible.Line(got) != got {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := visible.Lines("a\r\n::x::\n\tb"); got != "a\n\\u003a:x::\n\tb" {
		t.Errorf("lines are %q", got)
	}
}

func TestHTML(t *testing.T) {
	if got, want := visible.HTML("<p>a::b\n  ::error::x\n:: \u202e</p>"), "<p>a::b\n  &#58;:error::x\n:: \\u202e</p>"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestShorten(t *testing.T) {
	for text, want := range map[string]string{"": "", "über": "über", "übers": "über…"} {
		if got := visible.Shorten(text, 4); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// What JSON holds stays what it is.
func TestTextInsideJSON(t *testing.T) {
	const text = "\x1b\u009b\u202e\U000e0041##vso[x]\\##[y]\n\"\x7f😀"
	data, err := json.Marshal(map[string]string{text: text})
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]string
	shown := visible.Text(string(data))
	if err := json.Unmarshal([]byte(shown), &back); err != nil || back[text] != text {
		t.Errorf("%s is %v, %v", shown, back, err)
	}
}

func TestFprintf(t *testing.T) {
	var out bytes.Buffer
	_, err := visible.Fprintf(&out, "%s|%-4s|%q|%d|%v|%*d|%v|%s|%.1f|%3d\n", "a\nb", "c", "d\n\u202e", 5, errors.New("e\x1b"), 4, 7, time.Second, visible.Shown("f\ng"), 2.5, int64(8))
	if want := "a\\nb|c   |\"d\\n\\u202e\"|5|e\\u001b|   7|1s|f\ng|2.5|  8\n"; out.String() != want || err != nil {
		t.Errorf("%q, want %q", out.String(), want)
	}
	if got := visible.Sprintf("%v and %s", []string{"\n"}, visible.Sprintf("\n%s", "\n")); got != "[\\n] and \n\\n" {
		t.Errorf("%q", got)
	}
}

func TestWriter(t *testing.T) {
	const text = "ü\u202e😀\x1b\n"
	for size := 1; size <= len(text); size++ {
		var out bytes.Buffer
		w := visible.NewWriter(visible.NewWriter(&out))
		for rest := text; rest != ""; {
			part := rest[:min(size, len(rest))]
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
			rest = rest[len(part):]
		}
		if want := "ü\\u202e😀\\u001b\n"; out.String() != want {
			t.Errorf("in parts of %d: %q", size, out.String())
		}
	}
	var out strings.Builder
	if visible.Unguarded(visible.NewWriter(&out)) != &out || visible.Unguarded(&out) != &out {
		t.Error("another writer is behind it")
	}
}
