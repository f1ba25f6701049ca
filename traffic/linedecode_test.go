package traffic

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// lineParts are what stands in lines, plain and odd.
var lineParts = []string{
	`"id":"ex-1"`, `"id":null`, `"ID":"x"`, `"time":"2026-11-20T12:03:41.5+03:00"`, `"time":"2026-11-20"`, `"time":"2026\u002d11-20T12:03:41Z"`, `"time":null`,
	`"sandbox":"s","vendor":"acme","caller":"partner","operation":"operations/x","channel":"c","delivery":"d","attempt":2,"error":"e\n","check":"k"`,
	`"attempt":2.0`, `"attempt":99999999999999999999`, `"duration_ns":-0`, `"duration_ns":1e3`, `"faults":["a","b"]`, `"faults":[null]`, `"faults":[]`, `"faults":null`,
	`"request":{"method":"GET","url":"\/a","header":{"A":["b","c"],"\u0042":[]},"body":{"text":"\ud83d\ude00","size":4}}`,
	`"request":{"method":"GET","header":{"A":null},"body":null}`, `"request":{"header":{"A":[1]}}`, `"request":{"header":null,"body":{"base64":"AAH/","size":3,"cut":true,"sha256":"00"}}`,
	`"request":{"header":{"A":["b"],"\u0041":["c"]}}`, `"request":{"header":{},"body":{"base64":"%","size":3}}`, `"request":{"body":{"size":0,"cut":true}}`, `"request":{"body":{"cut":1}}`,
	`"response":{"status":200,"body":{"size":1.5}}`, `"response":{"status":200,"header":{"A":["b"]},"body":{"text":null,"size":0,"cut":false}}`, `"response":null`, `"response":[]`,
	`"findings":[{"code":"c","severity":"error","part":"request","pointer":"/a","expected":"e","actual":"a","requirement":"R","hint":"h","line":1,"column":2,"more":[{}]}]`,
	`"findings":[{"line":"1"}]`, `"findings":[null,{}]`, `"findings":[]`, `"unknown":{"a":[tru]}`, `"unknown":-1.5e3`,
}

// sameLine is same for lines.
func sameLine(t *testing.T, d *lineDecoder, line string) (taken bool) {
	t.Helper()
	if d.wellFormed([]byte(line)) != nil {
		return false
	}
	looking := lineDecoder{}
	found, also := looking.decode(d.scanner.kept, nil)
	also = also && d.scanner.at == len(d.scanner.buffer)
	got, ok := d.decode(d.scanner.kept, d.scanner.marks)
	if ok != also || ok && !reflect.DeepEqual(got, found) {
		t.Fatalf("with marks %v %+v\nwithout    %v %+v\nof         %s", ok, got, also, found, line)
	}
	if !ok {
		return false
	}
	var want Exchange
	if err := json.Unmarshal([]byte(line), &want); err != nil {
		t.Fatalf("taken, but %v: %s", err, line)
	}
	if !reflect.DeepEqual(*got, want) {
		t.Fatalf("got  %+v\nwant %+v\nof   %s", *got, want, line)
	}
	return true
}

func TestLinesAreDecodedAsEncodingJSONDoes(t *testing.T) {
	random, d, taken := rand.New(rand.NewPCG(5, 6)), lineDecoder{}, 0
	for range 20000 {
		if sameLine(t, &d, oddObject(random, lineParts)) {
			taken++
		}
	}
	if taken < 2000 {
		t.Errorf("only %d lines are taken", taken)
	}
	if !sameLine(t, &d, strings.TrimSpace(line(t))) {
		t.Error("a line that Write wrote is not taken")
	}
}

func FuzzLine(f *testing.F) {
	for _, part := range lineParts {
		f.Add("{" + part + "}")
	}
	f.Fuzz(func(t *testing.T, line string) { sameLine(t, &lineDecoder{}, line) })
}
