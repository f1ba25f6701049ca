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
	var out strings.Builder
	if err := plainjson.Write(&out, value); out.String() != "{\n  \"a\": \"<b> & \\u202e\"\n}\n" || err != nil {
		t.Errorf("%s, %v", &out, err)
	}
	if _, err := plainjson.Marshal(make(chan int)); err == nil || plainjson.Write(&out, make(chan int)) == nil {
		t.Error("a channel is JSON")
	}
}
