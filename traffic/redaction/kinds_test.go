package redaction_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/parleykit/parley/internal/leak"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// exchangeOf puts a form into an exchange, as request and as answer.
func exchangeOf(f leak.Form) *traffic.Exchange {
	header := http.Header{}
	for name, value := range f.Header {
		header.Set(name, value)
	}
	url := "http://h.example/hook"
	switch {
	case f.Query != "" && f.Query[0] == '/':
		url += f.Query
	case f.Query != "":
		url += "?" + f.Query
	}
	return &traffic.Exchange{
		ID: "ex-1", Caller: traffic.Vendor,
		Request:  traffic.Request{Method: "POST", URL: url, Header: header, Body: traffic.NewBody(f.Body, 0)},
		Response: &traffic.Response{Status: 200, Header: header, Body: traffic.NewBody(f.Body, 0)},
	}
}

// No form of a secret is shown, whatever carries it.
func TestNoKindOfSecretIsShown(t *testing.T) {
	forms := leak.Forms("u")
	if len(forms) < 200 {
		t.Fatalf("only %d forms", len(forms))
	}
	r := redaction.New(redaction.Options{})
	for _, f := range forms {
		if f.Known {
			r.Know(f.Secret)
		}
	}
	leaks, finder := 0, leak.NewFinder(forms)
	for _, f := range forms {
		e := exchangeOf(f)
		given, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if len(finder.Find(given)) == 0 && f.Header["Content-Encoding"] == "" {
			t.Errorf("%s: the search does not find it where it is: %s", f.Name, given)
		}
		shown, err := json.Marshal(r.Exchange(e))
		if err != nil {
			t.Fatal(err)
		}
		if len(finder.Find(shown)) > 0 {
			if leaks++; leaks <= 40 {
				t.Errorf("%s\n   of %q\nshows %q", f.Name, f.Secret, shown)
			}
		}
	}
	t.Logf("%d forms, %d leaks", len(forms), leaks)
}
