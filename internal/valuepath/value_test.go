package valuepath_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/parleykit/parley/internal/valuepath"
)

func TestType(t *testing.T) {
	for want, value := range map[string]any{
		"null": nil, "boolean": false, "string": "", "number": json.Number("1"), "array": []any{}, "object": map[string]any{},
	} {
		if got := valuepath.Type(value); got != want {
			t.Errorf("%#v is of type %s, want %s", value, got, want)
		}
	}
}

func TestTexts(t *testing.T) {
	if texts := valuepath.Texts([]any{"a", nil, true, "b", []any{"c"}}); !slices.Equal(texts, []string{"a", "b"}) {
		t.Errorf("there are %q", texts)
	}
	for _, none := range []any{nil, "a", []any{}, []any{1}} {
		if texts := valuepath.Texts(none); texts != nil {
			t.Errorf("%#v has %#v", none, texts)
		}
	}
}
