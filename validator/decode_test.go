package validator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
)

// textual writes findings of a text as "line:column code pointer".
func textual(found []traffic.Finding) string {
	var lines []string
	for _, f := range found {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%d:%d %s %s", f.Line, f.Column, f.Code, f.Pointer)))
	}
	return strings.Join(lines, "\n")
}

func TestDecodeReadsWhatEncodingJSONReads(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `false`, `0`, `-1.5e+3`, `""`, `"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, `[]`, `{}`, ` [1, "a", null, {"b": [true]}] `,
		`{"": 1, "a/b": {"c~d": 2}, "é👋": 3}`, `12345678901234567890`, `1e400`,
	} {
		d := Decode([]byte(text))
		var want any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if !d.Valid || len(d.Findings) > 0 || !reflect.DeepEqual(d.Value(), want) {
			t.Errorf("%s became %#v, %s", text, d.Value(), textual(d.Findings))
		}
	}
}

func TestDecodeFindings(t *testing.T) {
	for _, c := range []struct {
		text, want string
		readable   bool
	}{
		{"", "0:0 json.empty", false},
		{" \n\t", "0:0 json.empty", false},
		{"{}\n x", "2:2 json.trailing-data", true},
		{`{"a":1}{"a":2}`, "1:8 json.trailing-data", true},
		{`{"a":1}}`, "1:8 json.trailing-data", true},
		{"{\"a\":1,\n\"b\":{\"c\":1,\"c\":2},\"a\":3}", "2:12 json.duplicate-key /b/c\n2:19 json.duplicate-key /a", true},
		{`{"a":1,"\u0061":2}`, "1:8 json.duplicate-key /a", true},
		{`[{"x":1},{"a~b/c":1,"a~b/c":1}]`, "1:21 json.duplicate-key /1/a~0b~1c", true},
		{"{\"a\":[\"é\",\"x\xff\xfey\"]}", "1:13 json.utf8 /a/1", true},
		{"{\"k\xff\":1}", "1:4 json.utf8 /k\ufffd", true},
		{`{"a":"\ud800x"}`, "1:6 json.surrogate /a", true},
		{`{"a":01}`, "1:7 json.syntax", false},
		{`{"a":"\x"}`, "1:7 json.syntax /a", false},
		{`{"a":1`, "1:7 json.syntax", false},
		{`{"a"`, "1:5 json.syntax", false},
		{`{"a":"b`, "1:6 json.syntax", false},
		{`tru`, "1:1 json.syntax", false},
		{`]`, "1:1 json.syntax", false},
		{strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), "", true},
		{strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1), "1:1001 json.depth", false},
		{strings.Repeat("[", 100_000), "1:1001 json.depth", false},
		{strings.Repeat(`{"a":`, 100_000), "1:5001 json.depth", false},
	} {
		d := Decode([]byte(c.text))
		if got := textual(d.Findings); got != c.want || d.readable() != c.readable {
			t.Errorf("%.60q\n got %s, readable %v\nwant %s, readable %v", c.text, got, d.readable(), c.want, c.readable)
		}
		if valid := json.Valid([]byte(c.text)) && c.want == ""; d.Valid && !valid && !strings.Contains(c.want, "duplicate") && !strings.Contains(c.want, "surrogate") {
			t.Errorf("%.60q is said to be valid", c.text)
		}
	}
}

func TestRepairs(t *testing.T) {
	const want = `{"type":"message","list":[1,"a"],"ok":true}`
	for name, c := range map[string]struct{ text, findings, hint string }{
		"no-break spaces":     {"{\n\u00a0\u00a0\"type\":\u00a0\"message\",\n\u00a0\"list\":[1,\"a\"],\"ok\":true}", "2:1 json.syntax", "(4 places"},
		"byte order mark":     {"\ufeff" + want, "1:1 json.syntax", "replace it by a space"},
		"typographic quotes":  {`{“type”:“message”,"list":[1,„a“],"ok":true}`, "1:2 json.syntax", "(3 places"},
		"half typographic":    {`{"type”:"message“,"list":[1,"a"],"ok":true}`, "1:7 json.syntax", "(2 places"},
		"single quotes":       {`{'type':'message','list':[1,'a'],'ok':true}`, "1:2 json.syntax", "double quotes"},
		"typographic singles": {`{‘type’:‘message’,"list":[1,‚a‘],"ok":true}`, "1:2 json.syntax", "word processor"},
		"bare keys":           {`{type:"message",list:[1,"a"],ok:true}`, "1:2 json.syntax", "JavaScript"},
		"missing comma":       {"{\"type\":\"message\"\n\"list\":[1 \"a\"]\n\"ok\":true}", "2:1 json.syntax", "(3 places"},
		"trailing comma":      {`{"type":"message","list":[1,"a",],"ok":true,}`, "1:32 json.syntax", "(2 places"},
		"Python's words":      {`{"type":"message","list":[1,"a"],"ok":True}`, "1:39 json.syntax", "lower case"},
		"quotes and spaces":   {"{\u00a0“type”:\"message\",\"list\":[1,\"a\"],\"ok\":true}", "1:2 json.syntax\n1:3 json.syntax", "web page"},
		"many kinds":          {"{type:'message',\n\"list\":[1 “a”],\n\"ok\":TRUE,}", "1:2 json.syntax\n1:7 json.syntax\n2:11 json.syntax\n2:11 json.syntax\n3:6 json.syntax\n3:10 json.syntax", "JavaScript"},
		"trailing data":       {`{'type':"message","list":[1,"a"],"ok":true} x`, "1:2 json.syntax\n1:45 json.trailing-data", "double quotes"},
	} {
		d := Decode([]byte(c.text))
		if got := textual(d.Findings); got != c.findings || !strings.Contains(d.Findings[0].Hint, c.hint) {
			t.Errorf("%s: got %s, %q\nwant %s, %q", name, got, d.Findings[0].Hint, c.findings, c.hint)
		}
		if d.Valid || !d.Repaired() || !reflect.DeepEqual(d.Value(), Decode([]byte(want)).Value()) {
			t.Errorf("%s became %v", name, d.Value())
		}
	}
}

func TestRepairsKeepWhatStringsSay(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": “say "hi" to him”}`:         `say "hi" to him`,
		`{'a': 'it\'s "x"'}`:               `it's "x"`,
		`{'a': 'it's'}`:                    `it's`,
		"{\"a\": 'x\u00a0y'}":              "x\u00a0y",
		"{\"a\": \"one\ntwo\t\u00a0“x”\"}": "one\ntwo\t\u00a0“x”",
		`{"a": „Zitat“}`:                   `Zitat`,
		`{“a”: "b”}`:                       `b`,
		`{"a": "a "b" c"}`:                 `a "b" c`,
		`{"a": "a, “b”, c",}`:              `a, “b”, c`,
		`{"a": "C:\\dir\\",}`:              `C:\dir\`,
	} {
		if got := Decode([]byte(text)).Text("/a"); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// The vendor prints its samples with no-break spaces; whoever copies them learns
// where, and what else is wrong.
func TestCopiedSampleIsJudgedFurther(t *testing.T) {
	c := specstest.Contract(t, "elma365")
	s, _ := c.Payloads["operations/message"].Sample("")
	text := strings.ReplaceAll(string(s.Body), "    ", "\u00a0\u00a0\u00a0 ")
	found := elma(t).Payload("operations/message", Decode([]byte(strings.Replace(text, `"user12"`, `12`, 1))))
	if got := brief(found); got != "error json.syntax\nwarn body.type /data/externalUserId" {
		t.Fatalf("got %s", got)
	}
	spaces, wrong := found[0], found[1]
	if spaces.Line != 2 || spaces.Column != 1 || spaces.Actual != "a no-break space (U+00A0)" {
		t.Errorf("the space: %+v", spaces)
	}
	if wrong.Line != 8 || wrong.Column != 27 || !strings.Contains(wrong.Hint, "found in the repaired text") {
		t.Errorf("the type: %+v", wrong)
	}
}

func TestLikelyCauses(t *testing.T) {
	for text, hint := range map[string]string{
		`<!doctype html><p>Bad gateway`:  "HTML",
		`type=message&token=x`:           "form-encoded",
		`{"at": {{$timestamp}}}`:         "variable of a template",
		`{"at": ${now}}`:                 "variable of a template",
		`{"a": NaN}`:                     "NaN",
		`{"a": hello}`:                   "quotes",
		`{"a" 1}`:                        "colon",
		`{"a": [1, 2`:                    "cut off",
		`{"a": "b`:                       "never closed",
		`{"path": "C:\dir"}`:             `\\`,
		`{"n": 007}`:                     "leading zero",
		`{"n": 1.}`:                      "point",
		"{\"a\": \"one\ntwo\", \"b\": }": `\n`,
	} {
		d := Decode([]byte(text))
		if len(d.Findings) == 0 || !strings.Contains(d.Findings[0].Hint, hint) {
			t.Errorf("%s: got %+v, want a hint with %q", text, d.Findings, hint)
		}
	}
}

func TestFindingsAreBounded(t *testing.T) {
	v := elma(t)
	message := func(data string) string {
		return `{"type":"message","token":"","channelId":"c","data":{"targetChatId":"1","text":"",` + data + `}}`
	}
	var unknown strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&unknown, `"k%d":1,`, i)
	}
	for name, c := range map[string]struct{ body, left string }{
		"duplicates":    {message(strings.Repeat(`"x":1,`, 400) + `"y":1`), "at least 301 more"},
		"unknown keys":  {message(unknown.String() + `"z":1`), "at least 4901 more"},
		"wrong types":   {message(`"files":[` + strings.Repeat("1,", 500) + `1]`), "at least 401 more"},
		"a large array": {message(`"files":[` + strings.Repeat("{},", 100_000) + `1]`), "at least 1900 more"},
	} {
		d := Decode([]byte(c.body))
		first := v.Payload("events/message", d)
		if len(first) != maxFindings+1 || first[maxFindings].Code != "findings.left-out" || first[maxFindings].Actual != c.left {
			t.Errorf("%s: %d findings, the last is %+v, want %q", name, len(first), first[len(first)-1], c.left)
		}
		if second := v.Payload("events/message", d); !reflect.DeepEqual(first, second) {
			t.Errorf("%s: judged twice, the findings differ", name)
		}
	}
}

func TestHugeNumbersAreJudged(t *testing.T) {
	v := acme(t)
	for number, want := range map[string]string{
		"1e999999999":                    "error body.maximum /priority",
		"-1e400":                         "error body.minimum /priority",
		"1e-999999999":                   "error body.minimum /priority",
		strings.Repeat("9", 5000):        "error body.maximum /priority",
		"0." + strings.Repeat("9", 5000): "error body.type /priority",
	} {
		if got := brief(v.Payload("operations/ticket", Decode([]byte(ticket+`,"priority":`+number+`}`)))); !strings.Contains(got, want) {
			t.Errorf("%.30s: got %s, want %s", number, got, want)
		}
		v.Payload("operations/ticket", Decode([]byte(ticket+`,"level":`+number+`,"tags":[`+number+`,`+number+`]}`)))
	}
}

func TestDecodeLeavesTheBodyAlone(t *testing.T) {
	body := []byte(" {\"a\": \"b\\n\", 'c': [1,]} x")
	before := bytes.Clone(body)
	d := Decode(body)
	elma(t).Payload("events/message", d)
	if !bytes.Equal(body, before) {
		t.Errorf("the body became %q", body)
	}
}

func TestReadersAreNotShared(t *testing.T) {
	first := Decode([]byte(`{"token":"one","data":{"x":[1,2]}}`))
	for range 100 {
		Decode([]byte(`{"token":"two","data":{"x":[3,4]},"broken`))
	}
	if first.Text("/token") != "one" {
		t.Errorf("the first document says %v", first.Value())
	}
	if n, _ := first.Lookup("/data/x/1"); n != json.Number("2") {
		t.Errorf("the first document has %v", n)
	}
}

func FuzzDecode(f *testing.F) {
	for _, id := range specs.IDs() {
		c := specstest.Contract(f, id)
		for _, name := range c.PayloadNames() {
			for _, s := range c.Payloads[name].Samples {
				if len(s.Body) < 2000 {
					f.Add([]byte(s.Body))
				}
			}
		}
	}
	for _, text := range []string{`{'a': “b”, c: [1 2,],}`, "\ufeff{\u00a0}", `{"a":"\ud800"}`, `{"a":1e999}`, "[\xff]", `{{$x}}`, `“a”: 'b`, `{"a":1,"a":2} x`} {
		f.Add([]byte(text))
	}
	v := acme(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		d := Decode(body)
		if plain := json.Valid(body); plain && d.Repaired() || d.Valid && !plain {
			t.Errorf("%q: valid %v, repaired %v, encoding/json says %v", body, d.Valid, d.Repaired(), plain)
		}
		if !d.Valid && len(d.Findings) == 0 {
			t.Errorf("%q is not valid for no reason", body)
		}
		for _, name := range v.payloadNames() {
			for _, found := range v.Payload(name, d) {
				if found.Severity == "" || found.Line < 0 || found.Line > 1+bytes.Count(body, []byte("\n")) {
					t.Errorf("%q: %+v", body, found)
				}
			}
		}
		v.Guess(d)
	})
}
