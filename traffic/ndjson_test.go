package traffic

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/unset"
)

func sample() *Exchange {
	return &Exchange{
		ID: "ex-0041", Time: time.Date(2026, 11, 20, 12, 3, 41, 5000, time.UTC), Sandbox: "default", Vendor: "elma365",
		Caller: Vendor, Operation: "events/message", Channel: "c1", Delivery: "d-1", Attempt: 2,
		Request: Request{Method: "POST", URL: "http://localhost:3000/webhook?a=1&b=2",
			Header: http.Header{"Content-Type": {"application/json"}}, Body: NewBody([]byte(`{"text":"<שלום> 👋"}`), 0)},
		Response: &Response{Status: 200, Header: http.Header{"X": {"1", "2"}}, Body: NewBody([]byte{0xff, 0x00, 0xfe}, 0)},
		Duration: 23 * time.Millisecond,
		Findings: []Finding{{Code: "body.required", Severity: Error, Part: InRequest, Pointer: "/data", Expected: "the key data", Line: 1, Column: 2}},
		Faults:   []string{"f-1"}, Check: "ELMA365-C-01",
	}
}

func TestNDJSONRoundTrip(t *testing.T) {
	var file bytes.Buffer
	first, second := sample(), &Exchange{ID: "ex-0042", Vendor: "elma365", Caller: Partner, Request: Request{Method: "GET"}, Error: "connection refused"}
	second.Request.Body = NewBody(bytes.Repeat([]byte("a"), 100), 10)
	if missing := unset.Fields(*first); !slices.Equal(missing, []string{"Error"}) { // which the second has
		t.Errorf("sample has no %v; a field that is not in it is not known to survive", missing)
	}
	for _, e := range []*Exchange{first, second} {
		if err := Write(&file, e); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Count(file.String(), "\n") != 2 || strings.Contains(file.String(), `\u003c`) {
		t.Errorf("two lines, readable, are expected:\n%s", file.String())
	}
	r := NewReader(&file, 0)
	for _, want := range []*Exchange{first, second} {
		got, err := r.Read()
		if err != nil {
			t.Fatal(err)
		}
		if want.Request.Body.Kept == nil {
			want.Request.Body.Kept = []byte{}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	if !second.Request.Body.Cut() || len(second.Request.Body.SHA256) != 64 {
		t.Errorf("the cut body is %+v", second.Request.Body)
	}
	if _, err := r.Read(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestReadingGoesOnAfterABrokenLine(t *testing.T) {
	good := `{"id":"a","request":{"method":"POST"}}`
	lines := []string{good, "", `{"id":`, `{"log":{"entries":[]}}`, `{"id":"` + strings.Repeat("x", 5000) + `"}`, "  " + good, `{"request":{"method":"GET","body":{"base64":"*"}}}`, good}
	r := NewReader(strings.NewReader(strings.Join(lines, "\n")), 1000)
	want := []string{"", "line 3: not an exchange", "line 4: not an exchange: request.method is missing", "line 5: longer than 1000 bytes", "", "line 7: not an exchange: base64 of a body", ""}
	for _, text := range want {
		e, err := r.Read()
		switch {
		case text == "" && (err != nil || e.ID != "a"):
			t.Errorf("got %v, %v; want an exchange", e, err)
		case text != "" && (err == nil || !strings.HasPrefix(err.Error(), text)):
			t.Errorf("got %v, want %s…", err, text)
		}
		if broken := new(LineError); text != "" && !errors.As(err, &broken) {
			t.Errorf("%v is no *LineError", err)
		}
	}
	if _, err := r.Read(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }

func TestASourceThatFailsEndsReading(t *testing.T) {
	_, err := NewReader(io.MultiReader(strings.NewReader(`{"id":"a"`), failing{}), 0).Read()
	if broken := new(LineError); err == nil || errors.As(err, &broken) || !strings.Contains(err.Error(), "disk on fire") {
		t.Errorf("got %v", err)
	}
}

func TestBodyIsCutBetweenCharacters(t *testing.T) {
	b := NewBody([]byte("añ👋b"), 5) // a, two bytes of ñ, four of the hand
	if b.String() != "añ" || b.Size != 8 || !b.Cut() {
		t.Errorf("got %q of %d bytes", b.String(), b.Size)
	}
	if binary := NewBody(bytes.Repeat([]byte{0x80}, 20), 10); len(binary.Kept) != 10 {
		t.Errorf("kept %d bytes of what is no text", len(binary.Kept))
	}
}
