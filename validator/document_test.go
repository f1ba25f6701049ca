package validator

import (
	"reflect"
	"testing"
)

func TestLookup(t *testing.T) {
	d := Decode([]byte(`{"a":{"b":[10,{"c":"x"}],"":null},"m~n/o":"y"}`))
	for pointer, want := range map[string]any{
		"/a/b/1/c": "x", "/a/": nil, "/m~0n~1o": "y", "/a/b/1": map[string]any{"c": "x"},
	} {
		if got, ok := d.Lookup(pointer); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, %v; want %v", pointer, got, ok, want)
		}
	}
	for _, pointer := range []string{"/a/b/2", "/a/b/-1", "/a/b/x", "/x", "a", "/a/b/0/c", "/a/b/01x"} {
		if got, ok := d.Lookup(pointer); ok {
			t.Errorf("%s is %v; nothing is expected", pointer, got)
		}
	}
	if whole, ok := d.Lookup(""); !ok || !reflect.DeepEqual(whole, d.Value()) {
		t.Errorf("the empty pointer gives %v", whole)
	}
	if d.Text("/a/b/1/c") != "x" || d.Text("/a/b/0") != "" || d.Text("/none") != "" {
		t.Error("Text gives strings only")
	}
	var none *Document
	if _, ok := none.Lookup(""); ok || (&Document{}).Text("") != "" {
		t.Error("a document that is not there has no value")
	}
}

func TestDecodeForm(t *testing.T) {
	d := DecodeForm([]byte("grant_type=client_credentials&client_secret=a%26b+c&empty="))
	want := map[string]any{"grant_type": "client_credentials", "client_secret": "a&b c", "empty": ""}
	if !d.Valid || !reflect.DeepEqual(d.Value(), want) || len(d.Findings) > 0 {
		t.Errorf("got %v, %v, %s", d.Value(), d.Valid, textual(d.Findings))
	}
	broken := DecodeForm([]byte("b=1&a=%zz&b=2&c=3&c=4"))
	if broken.Valid || textual(broken.Findings) != "0:0 form.syntax\n0:0 form.duplicate-key /b\n0:0 form.duplicate-key /c" || broken.Text("/b") != "1" {
		t.Errorf("got %v, %s", broken.Value(), textual(broken.Findings))
	}
}

func TestFormIsJudgedByItsPayload(t *testing.T) {
	v := acme(t)
	for body, want := range map[string]string{
		"grant_type=client_credentials&client_secret=x":  "",
		"grant_type=client_credential&client_secret=x":   "error body.const /grant_type",
		"grant_type=client_credentials&clientSecret=abc": "error body.required /client_secret",
		"grant_type=client_credentials":                  "error body.required /client_secret",
	} {
		found := v.Payload("operations/token", DecodeForm([]byte(body)))
		if got := brief(found); got != want {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
		for _, f := range found {
			if f.Line != 0 {
				t.Errorf("%s: a form has no line %d", body, f.Line)
			}
		}
	}
}

func TestPositionsCountCharacters(t *testing.T) {
	text := "{\"é\": 1,\r\n\t\"👋\": {\"b\": [true, null]}}"
	for pointer, want := range map[string][4]int{ // key and value
		"/é": {1, 2, 1, 7}, "/👋": {2, 2, 2, 7}, "/👋/b": {2, 8, 2, 13}, "/👋/b/1": {2, 20, 2, 20},
	} {
		at := spans([]byte(text), map[string]bool{pointer: true})[pointer]
		keyLine, keyColumn := position([]byte(text), at.key)
		line, column := position([]byte(text), at.start)
		if got := [4]int{keyLine, keyColumn, line, column}; got != want {
			t.Errorf("%s is at %v, want %v", pointer, got, want)
		}
	}
}
