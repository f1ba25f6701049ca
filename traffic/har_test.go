package traffic

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/unset"
)

// harOf is an archive with entries, as browsers write it.
func harOf(entries ...string) string {
	return `{"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "pages": [], "entries": [` + strings.Join(entries, ",\n") + `]}}`
}

// entryOf is an entry whose request and response have these keys besides.
func entryOf(request, response string) string {
	return `{"startedDateTime": "2026-11-20T12:03:41.500Z", "time": 23.5, "request": {"method": "POST", "url": "https://h.example/p?a=1"` + request +
		`}, "response": {"status": 200` + response + `}, "cache": {}, "timings": {}}`
}

// read writes one line per entry: its URL and the end of its error.
func read(t testing.TB, text string, o CaptureOptions) (all []*Exchange, errs []string) {
	t.Helper()
	for entry, err := range ReadCapture(strings.NewReader(text), o) {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		all = append(all, entry.Exchange)
	}
	return all, errs
}

// one reads an archive of one entry.
func one(t testing.TB, request, response string) *Exchange {
	t.Helper()
	all, errs := read(t, harOf(entryOf(request, response)), CaptureOptions{})
	if len(all) != 1 || len(errs) != 0 {
		t.Fatalf("%s %s: %d exchanges, %v", request, response, len(all), errs)
	}
	return all[0]
}

func TestHAREntry(t *testing.T) {
	e := one(t, `, "headers": [{"name": ":authority", "value": "h.example"}, {"name": "content-type", "value": "application/json"}, {"name": "A", "value": "1"}, {"name": "a", "value": "2"}],
		"cookies": [{"name": "s", "value": "1"}, {"name": "t", "value": "2"}], "postData": {"mimeType": "application/json", "text": "{\"a\": \"\u05e9\"}"}, "bodySize": 11`,
		`, "headers": [], "cookies": [{"name": "s", "value": "1"}], "content": {"size": 2, "mimeType": "application/json; charset=utf-8", "text": "{}"}`)
	if e.ID != "entry-1" || e.Caller != "" || e.Request.Method != "POST" || e.Request.URL != "https://h.example/p?a=1" || e.Status() != 200 ||
		e.Duration != 23500*time.Microsecond || !e.Time.Equal(time.Date(2026, 11, 20, 12, 3, 41, 500e6, time.UTC)) {
		t.Errorf("got %+v", e)
	}
	want := http.Header{"Content-Type": {"application/json"}, "A": {"1", "2"}, "Cookie": {"s=1; t=2"}}
	if fmt.Sprint(e.Request.Header) != fmt.Sprint(want) {
		t.Errorf("header %v, want %v", e.Request.Header, want)
	}
	if got := e.Response.Header; got.Get("Set-Cookie") != "s=1" || got.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("header of the response %v", got)
	}
	if e.Request.Body.String() != `{"a": "ש"}` || e.Response.Body.String() != "{}" {
		t.Errorf("bodies %q, %q", e.Request.Body, e.Response.Body)
	}
	// What HAR knows of an exchange is taken; who adds a field says here that it does not.
	unknown := []string{"Sandbox", "Vendor", "Caller", "Operation", "Channel", "Delivery", "Attempt", "Error", "Findings", "Faults", "Check"}
	if missing := unset.Fields(*e); !slices.Equal(missing, unknown) {
		t.Errorf("an entry fills in no %v, want no %v", missing, unknown)
	}
}

func TestHARBodies(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	io.WriteString(w, `{"zipped":1}`)
	w.Close()
	packed := base64.StdEncoding.EncodeToString(zipped.Bytes())
	for name, c := range map[string]struct {
		request, response string
		of                func(*Exchange) Body
		kept              string
		size              int64
	}{
		"no body":              {`, "bodySize": 0`, "", inRequest, "", 0},
		"not known":            {`, "bodySize": -1`, "", inRequest, "", 0},
		"not written":          {`, "bodySize": 7`, "", inRequest, "", 7},
		"by its header":        {`, "bodySize": -1, "headers": [{"name": "content-length", "value": "9"}]`, "", inRequest, "", 9},
		"parameters":           {`, "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "b", "value": "1&2"}, {"name": "a b", "value": ""}]}`, "", inRequest, "b=1%262&a+b=", 12},
		"parameters and text":  {`, "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "b=1", "params": [{"name": "b", "value": "1"}]}`, "", inRequest, "b=1", 3},
		"parts":                {`, "bodySize": 50, "postData": {"mimeType": "multipart/form-data; boundary=x", "params": [{"name": "b\"", "value": "1", "contentType": "text/plain"}, {"name": "f", "fileName": "a.png"}]}`, "", inRequest, parts, int64(len(parts))},
		"parts of no boundary": {`, "bodySize": 50, "postData": {"mimeType": "multipart/form-data", "params": [{"name": "b", "value": "1"}]}`, "", inRequest, "", 50},
		"parts of other types": {`, "bodySize": 50, "postData": {"mimeType": "multipart/mixed; boundary=x", "params": [{"name": "b", "value": "1"}]}`, "", inRequest, "", 50},
		"base64 request":       {`, "postData": {"mimeType": "x", "text": "AAH/", "encoding": "base64"}`, "", inRequest, "\x00\x01\xff", 3},
		"base64":               {"", `, "content": {"size": 3, "text": "AAH/", "encoding": "base64"}`, inResponse, "\x00\x01\xff", 3},
		"base64 for URLs":      {"", `, "content": {"text": "AAH_", "encoding": "base64"}`, inResponse, "\x00\x01\xff", 3},
		"broken base64":        {"", `, "content": {"text": "!AAH", "encoding": "base64"}`, inResponse, "!AAH", 4},
		"content not written":  {"", `, "content": {"size": 12}`, inResponse, "", 12},
		"empty content":        {"", `, "content": {"size": 0, "text": ""}, "bodySize": -1`, inResponse, "", 0},
		"emptied content":      {"", `, "content": {"size": 12, "text": ""}`, inResponse, "", 12},
		"null":                 {"", `, "content": {"size": 12, "text": null}`, inResponse, "", 12},
		"compressed":           {"", `, "headers": [{"name": "Content-Encoding", "value": "gzip"}], "content": {"encoding": "base64", "text": "` + packed + `"}`, inResponse, `{"zipped":1}`, 12},
		"decompressed":         {"", `, "headers": [{"name": "Content-Encoding", "value": "gzip"}], "content": {"text": "{}"}`, inResponse, "{}", 2},
		"other coding":         {"", `, "headers": [{"name": "Content-Encoding", "value": "br"}], "content": {"encoding": "base64", "text": "AAH/"}`, inResponse, "", 3},
	} {
		if b := c.of(one(t, c.request, c.response)); b.String() != c.kept || b.Size != c.size || b.Cut() != (c.kept == "" && c.size > 0) {
			t.Errorf("%s: %q, %d bytes; want %q, %d", name, b, b.Size, c.kept, c.size)
		}
	}
}

// parts are written of parameters, in their order; of a file nothing was kept.
const parts = "--x\r\nContent-Disposition: form-data; name=\"b\\\"\"\r\nContent-Type: text/plain\r\n\r\n1\r\n" +
	"--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\r\n[redacted]\r\n--x--\r\n"

func inRequest(e *Exchange) Body  { return e.Request.Body }
func inResponse(e *Exchange) Body { return e.Response.Body }

// TestHARBodiesThatWereNotKept are told from empty ones, whoever wrote the archive.
func TestHARBodiesThatWereNotKept(t *testing.T) {
	for name, c := range map[string]struct {
		response, kept string
		size           int64
		cut            bool
	}{
		"omitted":           {`, "content": {"size": -1}, "bodySize": -1`, "", Unknown, true},
		"nothing said":      {`, "content": {"mimeType": "application/json"}, "bodySize": -1`, "", Unknown, true},
		"none on the wire":  {`, "content": {}, "bodySize": 0`, "", 0, false},
		"empty":             {`, "content": {"size": 0, "text": ""}`, "", 0, false},
		"truncated":         {`, "content": {"size": 1000, "text": "{\"a\":[1,"}`, `{"a":[1,`, 1000, true},
		"another character": {`, "content": {"size": 40, "text": "{\"a\":1}"}`, `{"a":1}`, 7, false},
		"smaller size":      {`, "content": {"size": 3, "text": "{\"a\":1}"}`, `{"a":1}`, 7, false},
	} {
		e := one(t, "", c.response)
		if b := e.Response.Body; b.String() != c.kept || b.Size != c.size || b.Cut() != c.cut {
			t.Errorf("%s: %q, %d bytes, cut %v", name, b, b.Size, b.Cut())
		}
		data, err := json.Marshal(e.Response.Body)
		var again Body
		if err != nil || json.Unmarshal(data, &again) != nil || again.Size != c.size || again.Cut() != c.cut {
			t.Errorf("%s: written as %s and read as %+v", name, data, again)
		}
	}
	for _, status := range []string{"204", "304"} {
		all, _ := read(t, harOf(`{"request": {"method": "GET", "url": "http://h/"}, "response": {"status": `+status+`, "content": {"size": -1}, "bodySize": -1}}`), CaptureOptions{})
		if b := all[0].Response.Body; b.Cut() {
			t.Errorf("%s has no body, and one is missed", status)
		}
	}
}

// TestHARBodiesOfOtherBytes: an archive holds what was sent only where it says so.
func TestHARBodiesOfOtherBytes(t *testing.T) {
	for request, want := range map[string]string{
		`, "bodySize": 2, "postData": {"text": "{}"}`:                                                                             "",
		`, "bodySize": 3, "postData": {"text": "\u05e9\n"}`:                                                                       "",
		`, "bodySize": -1, "headers": [{"name": "content-length", "value": "2"}], "postData": {"text": "{}"}`:                     "",
		`, "bodySize": -1, "postData": {"text": "{}"}`:                                                                            "does not say how many bytes were sent",
		`, "bodySize": 1, "postData": {"text": "\u00fc"}`:                                                                         "has 2 bytes of it, and 1 were sent", // Latin-1
		`, "bodySize": -1, "postData": {"text": "AAH/", "encoding": "base64"}`:                                                    "",
		`, "bodySize": 9, "postData": {"text": "AAH/!", "encoding": "base64"}`:                                                    "base64 of it is broken",
		`, "bodySize": 3, "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "1"}]}`: "its parameters only",
		`, "bodySize": 50, "postData": {"mimeType": "multipart/form-data; boundary=x", "params": [{"name": "a", "value": "1"}]}`:  "its parameters only",
	} {
		if got := one(t, request, "").Request.Body.Rewritten; !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: %q, want %q", request, got, want)
		}
	}
}

// TestHARTypesAndCookies: the type of what was posted counts where no header has it, and
// cookies that nobody can read keep nothing from being read.
func TestHARTypesAndCookies(t *testing.T) {
	e := one(t, `, "headers": [{"name": "Accept", "value": "*/*"}], "cookies": {"a": 1}, "postData": {"mimeType": "text/plain", "text": "a"}`, `, "cookies": [{"name": 1}]`)
	if e.Request.Header.Get("Content-Type") != "text/plain" || e.Request.Body.String() != "a" {
		t.Errorf("%+v", e.Request)
	}
	e = one(t, `, "headers": [{"name": "content-type", "value": "a/b"}], "postData": {"mimeType": "text/plain", "text": "a"}`, "")
	if e.Request.Header.Get("Content-Type") != "a/b" {
		t.Errorf("%+v", e.Request)
	}
}

func TestHARWithoutAResponse(t *testing.T) {
	for text, want := range map[string]string{
		`{"request": {"method": "GET", "url": "http://h/"}, "response": {"status": 0, "_error": "net::ERR_FAILED"}}`: "net::ERR_FAILED",
		`{"request": {"method": "GET", "url": "http://h/"}}`:                                                         "the capture holds no response",
		`{"request": {"method": "GET", "url": "http://h/"}, "response": {"status": 0}}`:                              "no response came",
	} {
		all, errs := read(t, harOf(text), CaptureOptions{})
		if len(all) != 1 || all[0].Response != nil || all[0].Error != want {
			t.Errorf("%s: %+v %v", text, all, errs)
		}
	}
}

// A long string keeps its beginning only; what comes after it is read as usual.
func TestLongBodiesAreCut(t *testing.T) {
	long := strings.Repeat("0123456789", 1000) + "שא\\u0041\\n"
	text := harOf(entryOf(`, "postData": {"text": "`+long+`"}`, `, "content": {"text": "after"}`), entryOf("", ""))
	all, errs := read(t, text, CaptureOptions{Body: 100, Entry: 2000})
	if len(all) != 2 || len(errs) != 0 {
		t.Fatalf("%d exchanges, %v", len(all), errs)
	}
	b := all[0].Request.Body
	if len(b.Kept) != 100 || !b.Cut() || b.Size < 10000 || b.Size > 10020 || all[0].Response.Body.String() != "after" {
		t.Errorf("%d of %d bytes are kept; then %q", len(b.Kept), b.Size, all[0].Response.Body)
	}
}

func TestBodyThatInflatesWithoutEnd(t *testing.T) {
	var bomb bytes.Buffer
	w, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	for range 20 {
		w.Write(make([]byte, 1<<20))
	}
	w.Close()
	e := one(t, "", `, "headers": [{"name": "Content-Encoding", "value": "gzip"}], "content": {"encoding": "base64", "text": "`+base64.StdEncoding.EncodeToString(bomb.Bytes())+`"}`)
	if b := e.Response.Body; !b.Cut() || len(b.Kept) > 1<<20 || b.Size < maxInflated {
		t.Errorf("%d of %d bytes are kept", len(b.Kept), b.Size)
	}
}

// Each broken entry is one error with its position; the others are read.
func TestBrokenEntries(t *testing.T) {
	good := entryOf("", "")
	for name, c := range map[string]struct {
		broken, want string
	}{
		"quotation mark":  {strings.Replace(good, "https", `ht"tps`, 1), `entry 2 (line 2, byte 282): expected a comma or }, got 't' at line 2, byte 385; read on from the entry at line 3`},
		"no brace":        {strings.TrimSuffix(good, "}"), `entry 2 (line 2, byte 282): expected a key, got '{'`},
		"no bracket":      {strings.Replace(good, `"status"`, `"headers": [{"name": "a", "value": "b"}, "status"`, 1), "expected a comma or ], got ':'"},
		"brace too many":  {good + "}", "expected a comma or ], got '}'"},
		"raw line break":  {strings.Replace(good, "https", "ht\ntps", 1), "the byte 0x0a, a control character; is a quotation mark missing"},
		"NUL":             {strings.Replace(good, "https", "ht\x00tps", 1), "a string holds the byte 0x00, a control character"},
		"word":            {strings.Replace(good, "23.5", "NaN", 1), "invalid character 'N'"},
		"out of range":    {strings.Replace(good, "23.5", "1e999", 1), "time is the number 1e999, which is out of range"},
		"long number":     {strings.Replace(good, "23.5", strings.Repeat("1", 5000), 1), "a number or word of more than 1000 characters"},
		"type":            {strings.Replace(good, "200", `"200"`, 1), "response.status is string, which HAR 1.2 does not allow there"},
		"status":          {strings.Replace(good, "200", "20000", 1), "response.status is 20000"},
		"no object":       {"5", "the entry is number"},
		"null":            {"null", "it has no request"},
		"no request":      {`{"response": {"status": 200}}`, "it has no request"},
		"no method":       {`{"request": {"url": "http://h/"}}`, "request.method is missing"},
		"no URL":          {`{"request": {"method": "GET"}}`, "request.url is missing"},
		"twice":           {strings.Replace(good, `"status"`, `"status": 404, "status"`, 1), `the key "status" stands in one object twice`},
		"no UTF-8":        {strings.Replace(good, "https", "ht\xfftps", 1), "not UTF-8"},
		"100,000 levels":  {strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), "nested deeper than 500 levels"},
		"100,000 objects": {strings.Repeat(`{"a":`, 100_000), "nested deeper than 500 levels"},
		"too large":       {strings.Replace(good, "200", `200, "headers": [`+strings.Repeat(`{"name": "a", "value": "b"}, `, 1000)+`{"name": "a"}]`, 1), "larger than 0 MiB"},
		"empty":           {"", "expected a value, got ','"},
	} {
		all, errs := read(t, harOf(good, c.broken, good, good), CaptureOptions{Entry: 4000, Body: 1000})
		if len(errs) != 1 || !strings.Contains(errs[0], c.want) || !strings.HasPrefix(errs[0], "entry 2 (line 2, byte ") || len(all) != 3 {
			t.Errorf("%s: %d exchanges, %q; want %q", name, len(all), errs, c.want)
		}
	}
}

func TestBrokenArchives(t *testing.T) {
	good := harOf(entryOf("", ""), entryOf("", ""))
	for name, c := range map[string]struct {
		text, want string
		read       int
	}{
		"cut in an entry":     {good[:len(good)-50], "entry 2 (line 2, byte 282): it ends in the middle; the capture was cut off", 1},
		"cut after an entry":  {good[:len(good)-3], "(line 2, byte 465): it ends in the middle", 2},
		"cut before the end":  {good[:len(good)-1], "it ends in the middle", 2},
		"cut before entries":  {good[:30], "it ends in the middle", 0},
		"more after the end":  {good + "\n{}", "(line 3, byte 469): something stands after the end of the archive, beginning with '{'; no entry was found after it", 2},
		"broken before":       {strings.Replace(good, `"1.2"`, "?", 1), "expected a value, got '?'; read on from the entry at line 1", 2},
		"entries twice":       {strings.Replace(good, `"pages"`, `"entries"`, 1), "the log has the key entries twice; both lists are read", 2},
		"garbage after":       {good + strings.Repeat("{\"\x00", 100_000), "something stands after the end", 2},
		"entries is no list":  {`{"log": {"entries": {"a": 1}}}`, "", 0},
		"log without entries": {`{"log": {}}`, "", 0},
		"byte order mark":     {"\xef\xbb\xbf" + good, "", 2},
		"other keys before":   {strings.Replace(good, `{"log"`, `{"_comment": [{"a": "b"}], "log"`, 1), "", 2},
	} {
		all, errs := read(t, c.text, CaptureOptions{})
		if len(all) != c.read || !strings.Contains(strings.Join(errs, "\n"), c.want) || (c.want == "") != (len(errs) == 0) || len(errs) > 1 {
			t.Errorf("%s: %d exchanges, %q; want %d, %q", name, len(all), errs, c.read, c.want)
		}
	}
}

// Whichever byte an archive is cut at, what comes before is read.
func TestCutArchives(t *testing.T) {
	whole := harOf(entryOf(`, "postData": {"text": "\u00e9\\שx"}`, ""), entryOf("", ""))
	second := strings.Index(whole, ",\n{\"started")
	for end := len(`{"log": {`); end < len(whole); end++ {
		all, errs := read(t, whole[:end], CaptureOptions{})
		want := 0
		if end >= second {
			want = 1
		}
		if len(errs) != 1 || len(all) < want {
			t.Fatalf("cut after %d bytes: %d exchanges, %q", end, len(all), errs)
		}
	}
}

func TestSourceThatFails(t *testing.T) {
	for _, text := range []string{harOf(entryOf("", ""))[:200], `{"request": {"method": "GET"}}` + "\n"} {
		var last error
		for _, err := range ReadCapture(io.MultiReader(strings.NewReader(text), failing{}), CaptureOptions{}) {
			last = err
		}
		var broken *EntryError
		if last == nil || errors.As(last, &broken) || !strings.Contains(last.Error(), "disk on fire") {
			t.Errorf("got %v", last)
		}
	}
}
