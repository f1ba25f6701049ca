package traffic

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// entryParts are what stands in entries, plain and odd.
var entryParts = []string{
	`"startedDateTime":"2026-11-20T12:03:41.000Z"`, `"time":12.5`, `"time":1e999`, `"time":-0`, `"time":01`, `"time":.5`, `"time":"1"`, `"TIME":1`, `"time":null`,
	`"request":{"method":"GET","url":"/a","headers":[{"name":"A","value":"b"},null,{"value":"\ud83d\ude00\ud800\n\u00e9"}],"cookies":[{"name":"c","value":"d"}],"bodySize":-1}`,
	`"request":null`, `"request":[]`, `"request":{"\u006dethod":"GET","url":"\/"}`, `"request":{"method":"GET","method\u0000":1,"url":"x","cookies":5,"bodySize":3e0}`,
	`"request":{"method":"POST","url":"/","postData":{"mimeType":"text/plain","text":"{\"a\":1}","encoding":"base64","params":[{"name":"p","value":"v","fileName":"f","contentType":"t"},{"value":null}]}}`,
	`"request":{"postData":{"text":null,"params":[]},"headers":[],"cookies":null}`, `"reque\u017ft":{}`, "\"reque\u017ft\":{}", `"Request":{"method":"GET"}`,
	`"response":{"status":200,"headers":null,"content":{"size":3,"mimeType":"a/b","text":"\u2028\b\f","encoding":"x"},"bodySize":0,"_error":"e"}`,
	`"response":{"status":"200"}`, `"response":{"status":200.0e-1,"content":{"size":null,"text":""}}`, `"response":{"content":null,"cookies":[1]}`, `"response":{"status":tru}`,
	`"_long":"` + strings.Repeat(`\u00e9\n`, 200) + `","time":7`, `"\u0074ime":"` + strings.Repeat("x", 400) + `"`, `"\n\\":{"\"":"\""},"_longer":"` + strings.Repeat(`\"`, 400) + `"`,
	`"cache":{"a":[{},[],true,false,null,-1.5E+3,"\\"]}`, `"cache":nul`, `"cache":"\x"`, `"cache":"\ud8"`, `"cache":1.`, `"cache":-`, `"":0`, `"_é":0`,
}

// same demands that the decoder takes a text for what encoding/json takes it for, or
// leaves it to that; and that it does the same where it looks for the ends of strings itself.
func same(t *testing.T, d *harDecoder, text []byte, marks []mark) (taken bool) {
	t.Helper()
	looking := harDecoder{}
	_, found := looking.decode(text, nil)
	got, ok := d.decode(text, marks)
	looking.unquote()
	d.unquote()
	if ok != found || ok && shownEntry(*got) != shownEntry(looking.entry) {
		t.Fatalf("with marks %v %s\nwithout    %v %s\nof         %s", ok, shownEntry(*got), found, shownEntry(looking.entry), text)
	}
	if !ok {
		return false
	}
	var want harEntry
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatalf("taken, but %v: %s", err, text)
	}
	if a, b := shownEntry(*got), shownEntry(want); a != b {
		t.Fatalf("got  %s\nwant %s\nof   %s", a, b, text)
	}
	return true
}

// shownEntry is an entry with what its pointers point to. That a list is empty says as
// much as that it is not there.
func shownEntry(e harEntry) string {
	text, _ := json.Marshal(e)
	return strings.ReplaceAll(string(text), ":[]", ":null") + fmt.Sprint(1/e.Time)
}

// kept is what the scanner keeps of a text that is one value; false for none.
func kept(text string) ([]byte, []mark, bool) {
	s := scanner{source: source{buffer: []byte(text)}, keep: true, longest: 300}
	if s.value() != nil || s.at != len(text) || s.twice != "" || !utf8.Valid(s.kept) {
		return nil, nil, false
	}
	return s.kept, s.marks, true
}

// oddObject is an object of a few members; one in three has a wrong byte.
func oddObject(random *rand.Rand, members []string) string {
	var chosen []string
	for range random.IntN(5) {
		chosen = append(chosen, members[random.IntN(len(members))])
	}
	text := []byte("{" + strings.Join(chosen, []string{",", ", "}[random.IntN(2)]) + "}")
	if random.IntN(3) == 0 {
		text[random.IntN(len(text))] = "\"\\{}[],:0e-n\x00\xff "[random.IntN(15)]
	}
	return string(text)
}

func TestEntriesAreDecodedAsEncodingJSONDoes(t *testing.T) {
	random, d, taken := rand.New(rand.NewPCG(1, 2)), harDecoder{}, 0
	for range 20000 {
		if text, marks, ok := kept(oddObject(random, entryParts)); ok && same(t, &d, text, marks) {
			taken++
		}
	}
	if taken < 2000 {
		t.Errorf("only %d texts are taken", taken)
	}
}

func FuzzEntry(f *testing.F) {
	for _, part := range entryParts {
		f.Add("{" + part + "}")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text, marks, ok := kept(text); ok {
			same(t, &harDecoder{}, text, marks)
		}
	})
}

// The entries that browsers write are not left to encoding/json.
func TestCapturedEntriesAreTaken(t *testing.T) {
	var d harDecoder
	for _, entry := range sharedEntries(t) {
		text, marks, ok := kept(string(entry))
		if !ok || !same(t, &d, text, marks) {
			t.Errorf("not taken: %s", entry)
		}
	}
}

func sharedEntries(t testing.TB) []json.RawMessage {
	t.Helper()
	text, err := os.ReadFile("../testdata/captures/elma365.har")
	var archive struct {
		Log struct{ Entries []json.RawMessage }
	}
	if err := errors.Join(err, json.Unmarshal(text, &archive)); err != nil || len(archive.Log.Entries) == 0 {
		t.Fatal(err)
	}
	return archive.Log.Entries
}
