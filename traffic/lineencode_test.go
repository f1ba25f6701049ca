package traffic

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
)

// byEncodingJSON is what encoding/json makes of an exchange, with what cannot be seen escaped.
func byEncodingJSON(t *testing.T, e *Exchange) string {
	t.Helper()
	text, err := plainjson.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return visible.Text(string(text) + "\n")
}

func TestLinesAreThoseOfEncodingJSON(t *testing.T) {
	list := []*Exchange{sample(), {}, {Request: Request{Header: http.Header{"None": nil, "Empty": {}}}, Response: &Response{Header: http.Header{}}}}
	for seed := range uint64(8) {
		list = append(list, newMadeUp(seed).exchange())
	}
	for _, text := range []string{
		`{"a": "\\\"\u2028"}`, "a\r\n\t\b\f\x00\x1f\x7f", "<&>\u2028\u2029\ufeff\u202e", "\xff\xfea", "שלום 👋 привет ← \U000e0041", "##vso[task] ## [a] ###x[", "�", strings.Repeat("plain, ", 9) + "\n", "::error::",
	} {
		for shift := range 9 { // eight bytes are looked at together
			e := sample()
			e.Request.URL = strings.Repeat("a", shift) + text
			e.Request.Header = http.Header{text: {text}, "B": {text, text}}
			e.Response.Body = NewBody([]byte(e.Request.URL), 0)
			e.Findings[0].Actual, e.Faults, e.Error = text, []string{text, ""}, e.Request.URL
			list = append(list, e)
		}
	}
	for _, e := range list {
		var got bytes.Buffer
		got.WriteString("before")
		if err := Write(&got, e); err != nil {
			t.Fatal(err)
		}
		if want := byEncodingJSON(t, e); got.String() != "before"+want {
			t.Errorf("got\n%q\nwant\n%q", got.String(), want)
		}
	}
}

func TestATimeWithoutAFormIsRefused(t *testing.T) {
	e := sample()
	e.Time = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	var got bytes.Buffer
	if err := Write(&got, e); err == nil || !strings.Contains(err.Error(), "ex-0041") || got.Len() > 0 {
		t.Errorf("%v, and %q is written", err, got.String())
	}
}

// BenchmarkWrite is what the line of a recording costs, with a message in two languages.
func BenchmarkWrite(b *testing.B) {
	for name, text := range map[string]string{"ASCII": "text test", "Cyrillic": strings.Repeat("простой текст ", 20)} {
		b.Run(name, func(b *testing.B) {
			e := sample()
			e.Findings, e.Faults = nil, nil
			e.Request.Body = NewBody([]byte(`{"type":"message","token":"[redacted]","data":{"externalMessageId":"message000000001","externalChatId":"chat12","externalChatName":"Chat name: chat 12",`+
				`"externalUserId":"user12","text":"`+text+`","files":[{"name":"file1.png","URL":"https://elma365.com/en/img/about/photo-staff.png"}]}}`), 0)
			e.Response.Body = NewBody(nil, 0)
			b.ReportAllocs()
			for b.Loop() {
				if err := Write(io.Discard, e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
