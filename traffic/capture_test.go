package traffic

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
)

func zip(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// line is an exchange as one line of NDJSON.
func line(t testing.TB) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, sample()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFormatsAreRecognised(t *testing.T) {
	exchange, archive := line(t), harOf(entryOf("", ""))
	for name, c := range map[string]struct {
		text string
		want Format
	}{
		"archive":             {archive, HAR},
		"archive, cut":        {`{"log":{`, HAR},
		"archive, mark":       {"\xef\xbb\xbf \n" + archive, HAR},
		"archive, later":      {`{"a": [1, {"request": {"method": 1}}], "log": {`, HAR},
		"archive, compressed": {zip(t, archive), HAR},
		"lines":               {exchange + exchange, NDJSON},
		"lines, compressed":   {zip(t, exchange), NDJSON},
		"line without end":    {exchange[:len(exchange)-30], NDJSON},
		"sorted keys":         {`{"caller":"vendor","id":"1","request":{"body":{"size":0},"header":{},"method":"GET","url":"/"}}`, NDJSON},
		"first line broken":   {`thod":"GET"}}` + "\n" + exchange, NDJSON},
		"first line other":    {"{}\n\n" + exchange, NDJSON},
		"far below":           {strings.Repeat("a line of a log that is none\n", 10_000) + exchange, NDJSON},
		"body":                {`{"type": "message", "data": {"log": {}}}`, ""},
		"body, many lines":    {"{\n\"type\": \"message\",\n\"data\": {\"request\": {\"method\": \"a\"}}\n}", ""},
		"log of text":         {`{"log": "text"}`, ""},
		"request of text":     {`{"request": "text"}`, ""},
		"request, no method":  {`{"request": {"a": {"method": 1}}}`, ""},
		"nothing":             {"", NDJSON},
		"nothing, compressed": {zip(t, ""), NDJSON},
		"empty lines":         {"\xef\xbb\xbf \n\n", NDJSON},
		"one byte":            {"{", ""},
		"list":                {"[" + exchange + "]", ""},
		"garbage":             {strings.Repeat("\x00{\"", 1_000_000), ""},
		"levels":              {strings.Repeat(`{"a":`, 100_000), ""},
	} {
		format, whole, err := Recognise(strings.NewReader(c.text), CaptureOptions{})
		if err != nil || format != c.want {
			t.Errorf("%s: %q, %v; want %q", name, format, err, c.want)
			continue
		}
		text, err := io.ReadAll(whole)
		if err != nil || !strings.HasPrefix(c.text, "\x1f") && string(text) != c.text {
			t.Errorf("%s: %d of %d bytes come back, %v", name, len(text), len(c.text), err)
		}
	}
}

func TestWhatIsNoCaptureIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"type": "message"}`: "neither HAR",
		"\x1f\x8b not gzip":   "can't be decompressed",
	} {
		all, errs := read(t, text, CaptureOptions{})
		if len(all) != 0 || len(errs) != 1 || !strings.Contains(errs[0], want) {
			t.Errorf("%q: %q, want %q", text, errs, want)
		}
	}
	_, errs := read(t, zip(t, `{"log": {"entries": [`+strings.Repeat(" ", 1<<20)), CaptureOptions{Inflated: 1 << 20})
	if len(errs) != 1 || !strings.Contains(errs[0], "more than 1 MiB when decompressed") {
		t.Errorf("got %q", errs)
	}
	_, errs = read(t, zip(t, line(t))[:100], CaptureOptions{})
	if len(errs) != 1 || !strings.Contains(errs[0], "unexpected EOF") {
		t.Errorf("got %q", errs)
	}
}

func TestLinesHavePositions(t *testing.T) {
	good := line(t)
	text := good + "\n" + `{"request":` + "\n" + good
	var got []Position
	for entry, err := range ReadCapture(strings.NewReader(text), CaptureOptions{Source: "a.ndjson"}) {
		var broken *EntryError
		if (err != nil) != (len(got) == 1) || err != nil && !errors.As(err, &broken) {
			t.Fatalf("entry %d: %v", len(got)+1, err)
		}
		got = append(got, entry.At)
	}
	want := []Position{{"a.ndjson", 1, 0, 1}, {"a.ndjson", 2, int64(len(good)) + 1, 3}, {"a.ndjson", 3, int64(len(good)) + 13, 4}}
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %v, want %v", got, want)
	}
	if s := want[1].String(); !strings.HasPrefix(s, "a.ndjson entry 2 (line 3, byte ") {
		t.Errorf("got %s", s)
	}
	if s := (Position{Source: "a.json", Line: 2}).String(); s != "a.json (line 2)" {
		t.Errorf("got %s", s)
	}
	if s := (Position{Source: "-", Entry: 1}).String(); s != "standard input entry 1" {
		t.Errorf("got %s", s)
	}
}

func TestBrokenLines(t *testing.T) {
	for text, want := range map[string]string{
		`{"request":{"method":"GET"},"id":"a","id":"b"}`:                                                       `the key "id" stands in one object twice`,
		`{"request":{"method":"GET"},"id":"` + "\xff" + `"}`:                                                   "not UTF-8",
		`{"request":{"method":"GET"},"attempt":1e99}`:                                                          "cannot unmarshal number 1e99",
		`{"request":{"method":"GET","body":{"size":-1e400}}}`:                                                  "cannot unmarshal number",
		`{"request":{"method":"GET"},"id":"` + "\x00" + `"}`:                                                   "a string holds the byte 0x00, a control character",
		`{"request":{"method":"GET"},"a":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}": "nested deeper than 500 levels",
		`{"request":{"method":"GET"}} {}`:                                                                      "invalid character",
		`{"request":{"method":""}}`:                                                                            "request.method is missing",
	} {
		all, errs := read(t, line(t)+text+"\n"+line(t), CaptureOptions{})
		if len(all) != 2 || len(errs) != 1 || !strings.Contains(errs[0], want) || !strings.HasPrefix(errs[0], "entry 2 (line 2, ") {
			t.Errorf("%.60s: %d exchanges, %q; want %q", text, len(all), errs, want)
		}
	}
}

// A stream is read line by line: nothing more is asked for before what has come
// is yielded.
func TestStreamsAreReadAsTheyCome(t *testing.T) {
	from, to := io.Pipe()
	next := make(chan string)
	go func() {
		for text := range next {
			io.WriteString(to, text)
		}
		to.Close()
	}()
	next <- line(t)
	n := 0
	for entry, err := range ReadCapture(from, CaptureOptions{}) {
		if err != nil || entry.Exchange.ID != "ex-0041" {
			t.Fatalf("%+v, %v", entry, err)
		}
		if n++; n == 3 {
			close(next)
			continue
		}
		next <- line(t) // only sent once the one before has been yielded
	}
	if n != 3 {
		t.Errorf("%d exchanges were read", n)
	}
}

// Who has seen enough is asked no more.
func TestReadingCanStop(t *testing.T) {
	for _, text := range []string{harOf(entryOf("", ""), entryOf("", "")), line(t) + line(t), "x"} {
		n := 0
		for range ReadCapture(strings.NewReader(text), CaptureOptions{}) {
			n++
			break
		}
		if n != 1 {
			t.Errorf("%d entries", n)
		}
	}
}
