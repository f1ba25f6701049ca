package redaction

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// A secret that is a word would mutilate every sentence: it is taken out only where
// the text says that it is one.
func TestSecretsThatAreWords(t *testing.T) {
	r := New(Options{Words: []string{"elma365"}})
	r.Know("confirm", "parley", "abc", "12345", "elma365", "Hx7k", "hunter2", "")
	for text, want := range map[string]string{
		"please confirm the order with parley":                     "please confirm the order with parley",
		`invalid token confirm`:                                    `invalid token [redacted]`,
		`the token is 'confirm', and confirm it`:                   `the token is '[redacted]', and confirm it`,
		`password: parley`:                                         `password: [redacted]`,
		`wrong password "parley" of parley`:                        `wrong password "[redacted]" of parley`,
		`abcdef, 123456 and 12345 of elma365`:                      `abcdef, 123456 and 12345 of elma365`,
		`unconfirmed token confirmation`:                           `unconfirmed token confirmation`,
		`Hx7k and xHx7kx and hunter2s`:                             `[redacted] and x[redacted]x and [redacted]s`,
		`parley conform --token confirm --run x`:                   `parley conform --token [redacted] --run x`,
		`GET /confirm/hunter2?x=%68unter%32`:                       `GET /confirm/[redacted]?x=[redacted]`,
		"the answer was cut behind hunt…":                          "the answer was cut behind [redacted]…",
		"the answer was cut behind hun…":                           "the answer was cut behind hun…",
		`{"text":"confirm","token":"confirm","user":"parley"}`:     `{"text":"confirm","token":"[redacted]","user":"parley"}`,
		`say with --token what the vendor sends, or --token @FILE`: `say with --token [redacted] the vendor sends, or --token [redacted]`,
	} {
		if got := r.Text(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	alone := New(Options{})
	alone.Know("confirm")
	if got := alone.Text("please confirm, the token is confirm"); got != "please confirm, the token is [redacted]" {
		t.Errorf("where no other secret is known: %s", got)
	}
	if got := r.Values("say with --token what the vendor sends to http://bot:x@h"); got != "say with --token what the vendor sends to http://bot:[redacted]@h" {
		t.Error(got)
	}
}

// What stands under a secret's name in an exchange is taken out of all of it.
func TestAnExchangeIsLearnedFrom(t *testing.T) {
	e := &traffic.Exchange{
		Request:  traffic.Request{URL: "/p/Hx7kQ9wz2M", Body: traffic.NewBody([]byte(`{"token":"Hx7kQ9wz2M"}`), 0)},
		Response: &traffic.Response{Status: 401, Body: traffic.NewBody([]byte(`{"error":"Hx7kQ9wz2M is not known"}`), 0)},
		Findings: []traffic.Finding{{Actual: "nothing at Hx7kQ9wz2M", Pointer: "/Hx7kQ9wz2M"}},
		Error:    "Hx7kQ9wz2M",
	}
	got := New(Options{}).Exchange(e)
	shown := fmt.Sprint(got.Request.URL, got.Request.Body, got.Response.Body, got.Findings, got.Error)
	if strings.Contains(shown, "Hx7k") || strings.Count(shown, traffic.Redacted) != 6 {
		t.Error(shown)
	}
}

func TestSecretsThatWereMetAreForgotten(t *testing.T) {
	k := newKnown(100)
	k.add("always-kept-7", true, false)
	for i := range 1000 {
		k.add(fmt.Sprintf("token-%04d-x", i), false, false)
		k.add("token-0000-x", false, false) // still in use
	}
	if n := len(k.secrets); n != 101 {
		t.Errorf("%d secrets are known", n)
	}
	for text, want := range map[string]bool{"always-kept-7": true, "token-0000-x": true, "token-0999-x": true, "token-0500-x": false} {
		if got := k.in("a " + text + "b"); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	patterns := 0
	for _, list := range k.parts {
		patterns += len(list)
	}
	if patterns > 101*10 {
		t.Errorf("the index has %d patterns", patterns)
	}
}

func TestSecretsComeWhileTextsAreSearched(t *testing.T) {
	r := New(Options{})
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 200 {
				secret := fmt.Sprintf("secret-%d-%d-x", worker, i)
				r.Met(secret)
				if got := r.Text("a " + secret); got != "a [redacted]" {
					t.Errorf("%s is shown as %s", secret, got)
				}
			}
		})
	}
	group.Wait()
}

// What nobody understands keeps its shape, its lines and columns.
func TestShapeIsKept(t *testing.T) {
	r := New(Options{Words: []string{"type", "messageOutcome", "x-foo"}})
	for text, want := range map[string]string{
		"{\n  “type”: “messageOutcome”,\n  \"n\": 120,\n}": "{\n  “type”: “messageOutcome”,\n  \"•\": 000,\n}",
		`{"type":/* why */ "abc" "x-foo":true}`:            `{"type":/* ••• */ "•••" "x-foo":true}`,
		"<html><h1>Bad Gateway</h1> Ani ünd</html>":        "<html><h1>Bad Gateway</h1> ••• •••</html>",
	} {
		if got := bodyOf(r, text, false); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	binary := traffic.NewBody([]byte("\x89PNG\x00\x00\xff\xfe"), 0)
	shown := r.Exchange(&traffic.Exchange{Request: traffic.Request{Body: binary}}).Request.Body
	if len(shown.Kept) != 0 || shown.Size != 8 || len(shown.SHA256) != 64 || !shown.Cut() {
		t.Errorf("of a picture %+v is left", shown)
	}
	keeping := New(Options{KeepUnreadable: true})
	keeping.Know("hunter2")
	for text, want := range map[string]string{`{'a': 'b hunter2',}`: `{'a': 'b [redacted]',}`, "\x89PNG\x00\x00\xff\xfe": "\x89PNG\x00\x00\xff\xfe"} {
		if got := bodyOf(keeping, text, false); got != want {
			t.Errorf("kept whole: %q", got)
		}
	}
}

func TestCutJSONStaysReadable(t *testing.T) {
	r := New(Options{})
	if got := bodyOf(r, `{"data":{"text":"Hello","token":"abcdefgh1","list":[1,2,{"a":"half of a sec`, true); got != `{"data":{"text":"Hello","token":"[redacted]","list":[1,2,{"a":"•••• of a •••` {
		t.Error(got)
	}
}
