package mockserver

import (
	"strings"
	"testing"
)

func TestDottedPaths(t *testing.T) {
	body := map[string]any{"data": map[string]any{"files": []any{map[string]any{"name": "a"}}, "none": nil, "text": "x"}}
	for path, want := range map[string]string{
		"data.files.0.name": `"a"`, "data.text": `"x"`, "data.none": "null",
		"data.files.1": "absent", "data.files.x": "absent", "data.text.more": "absent", "nope": "absent", "": "absent",
	} {
		got := "absent"
		if value, ok := lookUp(body, path); ok {
			got = compact(value)
		}
		if got != want {
			t.Errorf("%q is %s, want %s", path, got, want)
		}
	}
	original := compact(body)
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
		changed := copied(body).(map[string]any)
		got := ""
		if err := put(changed, test.path, 1); err != nil {
			got = err.Error()
		} else {
			got = compact(changed)
		}
		if got != test.want && !strings.Contains(got, test.want) {
			t.Errorf("put %s gives %s, want %s", test.path, got, test.want)
		}
	}
	if compact(body) != original {
		t.Errorf("the original was changed: %s", compact(body))
	}
}

func TestIDsFollowFromTheSeed(t *testing.T) {
	a, b, c := newIDs(1), newIDs(1), newIDs(2)
	seen := map[string]bool{}
	for range 100 {
		id := a.uuid()
		if id != b.uuid() || id == c.uuid() || seen[id] || len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) {
			t.Fatalf("the ID %s", id)
		}
		seen[id] = true
	}
}

func TestNumberedIDsAreOrdered(t *testing.T) {
	for _, test := range []struct {
		a, b uint64
		want string
	}{{1, 2, "ex-000001"}, {42, 999_999, "ex-000042"}, {999_999, 1_000_000, "ex-999999"}, {1_000_000, 12_345_678, "ex-1000000"}} {
		a, b := numbered("ex-", test.a), numbered("ex-", test.b)
		if a != test.want || later(a, b) || !later(b, a) || later(a, a) {
			t.Errorf("%d is %s and %d is %s", test.a, a, test.b, b)
		}
	}
}
