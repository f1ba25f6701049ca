package valuepath_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/valuepath"
)

func TestDottedPaths(t *testing.T) {
	body := map[string]any{"data": map[string]any{"files": []any{map[string]any{"name": "a"}}, "none": nil, "text": "x"}}
	for path, want := range map[string]string{
		"data.files.0.name": `"a"`, "data.text": `"x"`, "data.none": "null",
		"data.files.1": "absent", "data.files.x": "absent", "data.text.more": "absent", "nope": "absent", "": "absent",
	} {
		got := "absent"
		if value, ok := valuepath.Dotted(body, path); ok {
			got = valuepath.JSON(value)
		}
		if got != want {
			t.Errorf("%q is %s, want %s", path, got, want)
		}
	}
	original := valuepath.JSON(body)
	for _, test := range []struct{ path, want string }{
		{"data.text", `{"data":{"files":[{"name":"a"}],"none":null,"text":1}}`},
		{"data.files.0.name", `{"data":{"files":[{"name":1}],"none":null,"text":"x"}}`},
		{"data.files.0", `{"data":{"files":[1],"none":null,"text":"x"}}`},
		{"data.none.deep", `{"data":{"files":[{"name":"a"}],"none":{"deep":1},"text":"x"}}`},
		{"new.deep", `{"data":{"files":[{"name":"a"}],"none":null,"text":"x"},"new":{"deep":1}}`},
		{"data.files.5", `"5" is no element of an array with 1`},
		{"data.text.x", `goes through "data.text"`},
		{".x", "empty name"},
	} {
		changed := valuepath.Copy(body).(map[string]any)
		got := ""
		if err := valuepath.Put(changed, test.path, 1); err != nil {
			got = err.Error()
		} else {
			got = valuepath.JSON(changed)
		}
		if got != test.want && !strings.Contains(got, test.want) {
			t.Errorf("put %s gives %s, want %s", test.path, got, test.want)
		}
	}
	if valuepath.JSON(body) != original {
		t.Errorf("the original was changed: %s", valuepath.JSON(body))
	}
}

func TestPointers(t *testing.T) {
	body := map[string]any{"a": map[string]any{"b": []any{10, map[string]any{"c": "x"}}, "": nil}, "m~n/o": "y"}
	for pointer, want := range map[string]string{
		"/a/b/1/c": `"x"`, "/a/": "null", "/m~0n~1o": `"y"`, "/a/b/0": "10", "": valuepath.JSON(body),
		"/a/b/2": "absent", "/a/b/-1": "absent", "/a/b/x": "absent", "/x": "absent", "a": "absent", "/a/b/0/c": "absent",
	} {
		got := "absent"
		if value, ok := valuepath.Pointer(body, pointer); ok {
			got = valuepath.JSON(value)
		}
		if got != want {
			t.Errorf("%q is %s, want %s", pointer, got, want)
		}
	}
}

func TestTextOfABody(t *testing.T) {
	body := []byte(`{"data":{"text":"hello","files":[{"size":3}]}}`)
	for path, want := range map[string]string{"data.text": "hello", "data.files.0.size": "3", "data.files": `[{"size":3}]`} {
		if got, ok := valuepath.Text(body, path); !ok || got != want {
			t.Errorf("%s is %q, %v; want %q", path, got, ok, want)
		}
	}
	for _, body := range []string{`{"data":{}}`, "no JSON"} {
		if got, ok := valuepath.Text([]byte(body), "data.text"); ok {
			t.Errorf("%s has %q; nothing is expected", body, got)
		}
	}
}
