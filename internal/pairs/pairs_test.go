package pairs

import (
	"net/url"
	"reflect"
	"testing"
)

func TestSemicolonsAreData(t *testing.T) {
	for text, want := range map[string]url.Values{
		"":                 {},
		"q=a;b&r=1":        {"q": {"a;b"}, "r": {"1"}},
		"a;b=1&c=%3B;":     {"a;b": {"1"}, "c": {";;"}},
		"a=1;a=2&a=x+y%26": {"a": {"1;a=2", "x y&"}},
	} {
		if got, err := Parse(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
		if got := InQuery(&url.URL{RawQuery: text}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", text, got)
		}
	}
	if got, err := Parse("a=%zz&b=1;2"); err == nil || got.Get("b") != "1;2" {
		t.Errorf("%v, %v", got, err)
	}
}
