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
	for _, text := range []string{"", "plain", "<&>", "\"", "\\", "\n", "é", "\u2028", "\xff"} {
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
