package traffic

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// seeds are what captures hold: whole, cut and broken.
func seeds(f *testing.F) {
	good, exchange := entryOf(`, "postData": {"mimeType": "application/json", "text": "{\"type\": \"message\"}"}`, `, "content": {"size": 3, "text": "AAH/", "encoding": "base64"}`), line(f)
	for _, text := range []string{
		harOf(), harOf(good), harOf(good, good), harOf(good, "{", good), harOf(good, `{"pageref": 1}`), harOf(good)[:200], harOf(good) + "{}",
		exchange, exchange + exchange, exchange + "{\n" + exchange, exchange[:100], "{}", "", "\xef\xbb\xbf{\"log\":{", zip(f, harOf(good)),
		`{"log": {"entries": [` + strings.Repeat("[", 600), `{"log": {"entries": [{"request": {"method": "GET", "url": "u", "method": 1e999}}`,
	} {
		f.Add(text)
	}
}

// small keeps the fuzzer quick, and lets it reach the limits.
var small = CaptureOptions{Entry: 4 << 10, Body: 256, Inflated: 1 << 20}

// checked reads a capture and demands what holds of every one.
func checked(t *testing.T, text string) (exchanges, broken int) {
	entry := 0
	for e, err := range ReadCapture(strings.NewReader(text), small) {
		var problem *EntryError
		switch {
		case (e.Exchange == nil) == (err == nil):
			t.Fatalf("an entry is %+v and %v", e, err)
		case errors.As(err, &problem):
			broken++
			if problem.Text == "" || problem.At.Line < 1 || problem.At.Offset < 0 {
				t.Fatalf("got %+v", problem)
			}
			continue
		case err != nil:
			return exchanges, broken + 1 // the last
		}
		exchanges++
		if e.At.Entry <= entry || e.At.Line < 1 || e.At.Offset < 0 || e.Exchange.Request.Method == "" {
			t.Fatalf("got %+v after entry %d", e, entry)
		}
		entry = e.At.Entry
		if format, _, _ := Recognise(strings.NewReader(text), small); format == HAR && len(e.Exchange.Request.Body.Kept) > small.Body {
			t.Fatalf("%d bytes of a body are kept", len(e.Exchange.Request.Body.Kept))
		}
	}
	return exchanges, broken
}

// FuzzHAR compares what is read without an error with what encoding/json reads.
func FuzzHAR(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		exchanges, broken := checked(t, text)
		if broken > 0 || !json.Valid([]byte(text)) || strings.Contains(text, `\`) || strings.Count(text, `"log"`)+strings.Count(text, `"entries"`) != 2 {
			return
		}
		var archive map[string]json.RawMessage
		var log map[string]json.RawMessage
		var entries []json.RawMessage
		if json.Unmarshal([]byte(text), &archive) == nil && json.Unmarshal(archive["log"], &log) == nil && json.Unmarshal(log["entries"], &entries) == nil && len(entries) != exchanges {
			t.Errorf("%d of %d entries are read", exchanges, len(entries))
		}
	})
}

// FuzzNDJSON reads lines, and writes what it read so that it can be read again.
func FuzzNDJSON(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		var again strings.Builder
		n := 0
		for e, err := range ReadCapture(strings.NewReader(text), small) {
			if err == nil {
				n++
				if err := Write(&again, e.Exchange); err != nil {
					t.Skip() // a time that JSON can't hold
				}
			}
		}
		lines := NewReader(strings.NewReader(again.String()), 0)
		for range n {
			if _, err := lines.Read(); err != nil {
				t.Errorf("what was read is written as what can't be: %v\n%s", err, again.String())
			}
		}
	})
}
