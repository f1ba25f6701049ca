package traffic

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

// lineDecoder makes exchanges of lines of NDJSON. As harDecoder it takes what Write writes,
// and leaves to encoding/json what is odd.
type lineDecoder struct {
	jsonText
	scanner scanner
	e       *Exchange
}

func (d *lineDecoder) exchange(line []byte) (*Exchange, error) {
	err := d.wellFormed(line)
	e, ok := (*Exchange)(nil), false
	if err == nil {
		if e, ok = d.decode(d.scanner.kept, d.scanner.marks); !ok {
			e = &Exchange{}
			err = json.Unmarshal(line, e)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("not an exchange: %v; each line is one JSON object, as `Write` writes it", err)
	}
	if e.Request.Method == "" {
		return nil, errors.New("not an exchange: request.method is missing; each line is one JSON object with a request")
	}
	return e, nil
}

// wellFormed finds what encoding/json would pass over or make its own of.
func (d *lineDecoder) wellFormed(line []byte) error {
	if !utf8.Valid(line) {
		return errNotUTF8
	}
	s := &d.scanner
	*s = scanner{source: source{buffer: line}, keep: true, kept: s.kept[:0], marks: s.marks[:0], open: s.open, keys: s.keys, frames: s.frames}
	if err := s.value(); err != nil {
		return err
	}
	if s.twice != "" {
		return fmt.Errorf("the key %s stands in one object twice", s.twice)
	}
	return nil
}

// decode is false for a text that is odd.
func (d *lineDecoder) decode(text []byte, marks []mark) (*Exchange, bool) {
	d.begin(text, marks)
	d.noNull = true // Write writes none, and a body makes something of it
	d.e = &Exchange{}
	d.object(exchangeKeys, d.member)
	whole := d.scanner.at == len(d.scanner.buffer) // else something stands behind the object
	return d.e, whole && !d.odd && d.at == len(text)
}

// The keys of an exchange and its parts, in the order of the members below.
var (
	exchangeKeys = []string{"id", "time", "sandbox", "vendor", "caller", "operation", "channel", "delivery", "attempt", "request", "response", "error", "duration_ns", "findings", "faults", "check"}
	halfKeys     = []string{"header", "body", "method", "url"}
	answerKeys   = []string{"header", "body", "status"}
	bodyKeys     = []string{"text", "base64", "size", "cut", "sha256"}
	findingKeys  = []string{"code", "severity", "part", "pointer", "expected", "actual", "requirement", "hint", "line", "column"}
)

func (d *lineDecoder) member(key int) {
	e := d.e
	switch key {
	case 0:
		e.ID = d.string()
	case 1:
		e.Time = d.time()
	case 2:
		e.Sandbox = d.known()
	case 3:
		e.Vendor = d.known()
	case 4:
		e.Caller = Caller(d.known())
	case 5:
		e.Operation = d.known()
	case 6:
		e.Channel = d.known()
	case 7:
		e.Delivery = d.string()
	case 8:
		e.Attempt = int(d.integer())
	case 9:
		d.object(halfKeys, d.requestMember)
	case 10:
		e.Response = &Response{}
		d.object(answerKeys, d.responseMember)
	case 11:
		e.Error = d.string()
	case 12:
		e.Duration = time.Duration(d.integer())
	case 13:
		e.Findings = []Finding{}
		d.list(func() { e.Findings = append(e.Findings, d.finding()) })
	case 14:
		e.Faults = []string{}
		d.list(func() { e.Faults = append(e.Faults, d.string()) })
	case 15:
		e.Check = d.string()
	}
}

func (d *lineDecoder) requestMember(key int) {
	switch q := &d.e.Request; key {
	case 0:
		q.Header = d.header()
	case 1:
		q.Body = d.body()
	case 2:
		q.Method = d.known()
	case 3:
		q.URL = d.string()
	}
}

func (d *lineDecoder) responseMember(key int) {
	switch r := d.e.Response; key {
	case 0:
		r.Header = d.header()
	case 1:
		r.Body = d.body()
	case 2:
		r.Status = int(d.integer())
	}
}

func (d *lineDecoder) header() http.Header {
	h := http.Header{}
	for more := d.enter('{', '}'); more; more = d.more('}') {
		name := d.known()
		d.at++ // the colon
		if _, twice := h[name]; twice {
			d.odd = true
			break
		}
		values := make([]string, 0, 1)
		d.list(func() { values = append(values, d.string()) })
		h[name] = values
	}
	return h
}

func (d *lineDecoder) body() Body {
	var in bodyJSON
	d.object(bodyKeys, func(key int) {
		switch key {
		case 0:
			text := d.string()
			in.Text = &text
		case 1:
			in.Base64 = d.string()
		case 2:
			in.Size = d.integer()
		case 3:
			word := string(d.single())
			in.Cut = word == "true"
			d.odd = d.odd || !in.Cut && word != "false"
		case 4:
			in.SHA256 = d.string()
		}
	})
	body, err := in.body()
	d.odd = d.odd || err != nil
	return body
}

func (d *lineDecoder) finding() (f Finding) {
	d.object(findingKeys, func(key int) {
		switch key {
		case 1:
			f.Severity = Severity(d.known())
		case 2:
			f.Part = Part(d.known())
		case 8:
			f.Line = int(d.integer())
		case 9:
			f.Column = int(d.integer())
		default:
			*[]*string{0: &f.Code, 3: &f.Pointer, 4: &f.Expected, 5: &f.Actual, 6: &f.Requirement, 7: &f.Hint}[key] = d.string()
		}
	})
	return f
}

// time passes a time, which encoding/json reads without looking for escapes.
func (d *lineDecoder) time() (at time.Time) {
	raw, _ := d.quoted()
	d.odd = d.odd || at.UnmarshalText(raw) != nil
	return at
}

// integer passes a number without fraction or exponent.
func (d *lineDecoder) integer() int64 {
	text := d.single()
	n, err := strconv.ParseInt(string(text), 10, strconv.IntSize)
	d.odd = d.odd || err != nil || !isNumber(text)
	return n
}
