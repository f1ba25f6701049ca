package traffic

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"reflect"
	"slices"
	"time"
)

// An exchange in a slab: its bodies and headers stand before its members, which say where; a
// header, and the body of an answer, that was written lately is not written again.
//
// Numbers are varints; a string is its length and its bytes; a list is 0 for nil, or the
// number of its elements plus one, and these.
//
// What writes takes a text and returns the longer one, as append does: a text that is
// changed in a structure costs a write barrier at each change.

// placed is what was written lately and may come again.
type placed struct {
	headers [4]placedHeader
	next    int // of them
	answer  extent
}

// placedHeader is a header and where it stands. Most that come again are the same map, which
// need not be written to be known.
type placedHeader struct {
	header http.Header
	extent
}

// extent is a part of a slab's text.
type extent struct{ at, length int }

func (x extent) of(text []byte) []byte { return text[x.at : x.at+x.length] }

// write writes an exchange behind a text, and returns where its members begin.
func (p *placed) write(text []byte, e *Exchange) (longer []byte, at int) {
	var headers, bodies [2]extent
	text, headers[0] = p.header(text, e.Request.Header)
	text, bodies[0] = appendBytes(text, e.Request.Body.Kept)
	if e.Response != nil {
		text, headers[1] = p.header(text, e.Response.Header)
		text, bodies[1] = p.body(text, e.Response.Body.Kept)
	}
	at = len(text)
	for _, s := range [...]string{
		e.ID, e.Sandbox, e.Vendor, string(e.Caller), e.Operation, e.Channel, e.Delivery, e.Request.Method, e.Request.URL, e.Error, e.Check,
	} {
		text = appendString(text, s)
	}
	text = appendTime(text, e.Time)
	text = appendNumber(text, int64(e.Attempt))
	text = appendNumber(text, int64(e.Duration))
	text = appendList(text, len(e.Findings), e.Findings == nil)
	for i := range e.Findings {
		text = appendFinding(text, &e.Findings[i])
	}
	text = appendStrings(text, e.Faults)
	text = appendExtent(text, headers[0], e.Request.Header == nil)
	text = appendBody(text, bodies[0], &e.Request.Body)
	if e.Response == nil {
		return appendCount(text, 0), at
	}
	text = appendCount(text, 1)
	text = appendNumber(text, int64(e.Response.Status))
	text = appendExtent(text, headers[1], e.Response.Header == nil)
	return appendBody(text, bodies[1], &e.Response.Body), at
}

// body is where the body of an answer stands, which may be that of the last one.
func (p *placed) body(text, data []byte) ([]byte, extent) {
	if p.answer.length != len(data) || !bytes.Equal(p.answer.of(text), data) {
		text, p.answer = appendBytes(text, data)
	}
	return text, p.answer
}

// header is where a header stands. A partner sends the same ones again and again.
func (p *placed) header(text []byte, h http.Header) ([]byte, extent) {
	if known := p.known(h); known != nil {
		return text, known.extent
	}
	if h == nil {
		return text, extent{}
	}
	at := len(text)
	text = appendHeader(text, h)
	written := extent{at, len(text) - at}
	for i := range p.headers {
		known := &p.headers[i]
		if known.length == written.length && bytes.Equal(known.of(text), written.of(text)) {
			known.header = h
			return text[:at], known.extent
		}
	}
	p.headers[p.next] = placedHeader{h, written}
	p.next = (p.next + 1) % len(p.headers)
	return text, written
}

// known is the place of a map that was written lately; nil: it is another.
func (p *placed) known(h http.Header) *placedHeader {
	which := reflect.ValueOf(h).Pointer()
	for i := range p.headers {
		if known := &p.headers[i]; known.header != nil && reflect.ValueOf(known.header).Pointer() == which {
			return known
		}
	}
	return nil
}

func appendHeader(text []byte, h http.Header) []byte {
	var few [16]string
	names := sortedNames(few[:0], h)
	text = appendCount(text, len(names))
	for _, name := range names {
		text = appendStrings(appendString(text, name), h[name])
	}
	return text
}

// sortedNames appends the names of a header, which stand in memory of the caller's where
// they are few.
func sortedNames(to []string, h http.Header) []string {
	for name := range h {
		to = append(to, name)
	}
	slices.Sort(to)
	return to
}

func appendNumber(text []byte, n int64) []byte { return binary.AppendVarint(text, n) }

func appendCount(text []byte, n int) []byte { return binary.AppendUvarint(text, uint64(n)) }

func appendString(text []byte, s string) []byte { return append(appendCount(text, len(s)), s...) }

func appendBytes(text, data []byte) ([]byte, extent) {
	return append(text, data...), extent{len(text), len(data)}
}

// appendList begins a list.
func appendList(text []byte, n int, isNil bool) []byte {
	if isNil {
		n = -1
	}
	return appendCount(text, n+1)
}

func appendStrings(text []byte, list []string) []byte {
	text = appendList(text, len(list), list == nil)
	for _, s := range list {
		text = appendString(text, s)
	}
	return text
}

// appendExtent points to what stands before the members.
func appendExtent(text []byte, x extent, isNil bool) []byte {
	text = appendList(text, x.length, isNil)
	if x.length > 0 {
		text = appendCount(text, x.at)
	}
	return text
}

// appendBody writes all of a body but its bytes.
func appendBody(text []byte, kept extent, b *Body) []byte {
	text = appendNumber(appendExtent(text, kept, b.Kept == nil), b.Size)
	return appendString(appendString(text, b.SHA256), b.Rewritten)
}

// The zones of a time. Another one is its name and its offset.
const (
	zoneUTC = iota
	zoneLocal
	zoneOther
)

func appendTime(text []byte, t time.Time) []byte {
	text = appendCount(appendNumber(text, t.Unix()), t.Nanosecond())
	switch t.Location() {
	case time.UTC:
		return appendCount(text, zoneUTC)
	case time.Local:
		return appendCount(text, zoneLocal)
	}
	name, offset := t.Zone()
	return appendNumber(appendString(appendCount(text, zoneOther), name), int64(offset))
}

func appendFinding(text []byte, f *Finding) []byte {
	for _, s := range f.texts() {
		text = appendString(text, *s)
	}
	text = appendString(appendString(text, string(f.Severity)), string(f.Part))
	return appendNumber(appendNumber(text, int64(f.Line)), int64(f.Column))
}

// texts are the members of a finding that are free text.
func (f *Finding) texts() [6]*string {
	return [...]*string{&f.Code, &f.Pointer, &f.Expected, &f.Actual, &f.Requirement, &f.Hint}
}

// bound is more than the bytes that an exchange takes in a slab.
func (p *placed) bound(e *Exchange) int {
	const members, finding, length = 250, 60, 5 // bytes of lengths and numbers
	bound := members + len(e.ID) + len(e.Sandbox) + len(e.Vendor) + len(e.Caller) + len(e.Operation) + len(e.Channel) + len(e.Delivery) +
		len(e.Request.Method) + len(e.Request.URL) + len(e.Error) + len(e.Check) + p.headerBound(e.Request.Header) + e.Request.Body.bound()
	if _, offset := e.Time.Zone(); offset != 0 {
		bound += 100 // the name of a zone
	}
	if e.Response != nil {
		bound += p.headerBound(e.Response.Header) + e.Response.Body.bound()
	}
	for i := range e.Findings {
		f := &e.Findings[i]
		bound += finding + len(f.Severity) + len(f.Part)
		for _, s := range f.texts() {
			bound += len(*s)
		}
	}
	for _, s := range e.Faults {
		bound += length + len(s)
	}
	return bound
}

func (b *Body) bound() int { return len(b.Kept) + len(b.SHA256) + len(b.Rewritten) }

func (p *placed) headerBound(h http.Header) int {
	if p.known(h) != nil {
		return 0
	}
	const length = 5
	bound := length
	for name, values := range h {
		bound += 2*length + len(name)
		for _, v := range values {
			bound += length + len(v)
		}
	}
	return bound
}
