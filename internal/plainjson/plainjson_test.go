package plainjson_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/plainjson"
)

func TestPlainJSON(t *testing.T) {
	value := map[string]string{"a": "<b> & \u202e"}
	line, err := plainjson.Marshal(value)
	if want := "{\"a\":\"<b> & \u202e\"}"; string(line) != want || err != nil {
		t.Errorf("%s, %v", line, err)
	}
	texts := []string{"", "plain", "<&>", "\"", "\\", "é", "←", "“”…", "\u2028", "é\n\u2029", "\xff", "a\nb\\\"", "a\x7f\ufffd"}
	for c := range rune(0x300) {
		texts = append(texts, "a"+string(c)+"b")
	}
	for _, text := range texts {
		want, _ := plainjson.Marshal(text)
		if got := plainjson.AppendString([]byte("["), text); string(got) != "["+string(want) {
			t.Errorf("%q is written as %s, want %s", text, got[1:], want)
		}
	}
	var out strings.Builder
	if err := plainjson.Write(&out, value); out.String() != "{\n  \"a\": \"<b> & \\u202e\"\n}\n" || err != nil {
		t.Errorf("%s, %v", &out, err)
	}
	if _, err := plainjson.Marshal(make(chan int)); err == nil || plainjson.Write(&out, make(chan int)) == nil {
		t.Error("a channel is JSON")
	}
}

func BenchmarkAppendString(b *testing.B) {
	for name, text := range map[string]string{
		"word": "externalMessageId", "ASCII": strings.Repeat("plain text ", 100), "JSON": strings.Repeat(`{"type": "message"}`+"\n", 50), "Cyrillic": strings.Repeat("простой текст ", 100),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			var to []byte
			for b.Loop() {
				to = plainjson.AppendString(to[:0], text)
			}
		})
	}
}
