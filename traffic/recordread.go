package traffic

import (
	"encoding/binary"
	"net/http"
	"slices"
	"time"
)

// record is an exchange as a slab has it.
type record struct {
	slab    []byte
	at, end uint32 // of its members
}

// may reports whether the exchange can have the traits: whether those do that stand at its
// beginning, see placed.write.
func (r record) may(t Traits) bool {
	members := r.slab[r.at:r.end]
	next := func() (s []byte) {
		n, size := binary.Uvarint(members)
		s, members = members[size:size+int(n)], members[size+int(n):]
		return s
	}
	_, _, vendor, caller, operation, channel := next(), next(), next(), next(), next(), next()
	return (t.Vendor == "" || t.Vendor == string(vendor)) && names(t.Operation, operation) &&
		(t.Caller == "" || string(t.Caller) == string(caller)) && (t.Channel == "" || t.Channel == string(channel))
}

// recordReader reads what placed.write wrote. Exchanges that are read by one reader share
// the headers that they share in their slab.
type recordReader struct {
	slab    []byte
	text    string // of the members, of which all strings are parts: one allocation, not twenty
	headers map[headerPlace]http.Header
}

// headerPlace is where a header stands, in any slab.
type headerPlace struct {
	slab *byte
	at   int
}

func (d *recordReader) exchange(r record) *Exchange {
	d.slab, d.text = r.slab, string(r.slab[r.at:r.end])
	whole := &struct {
		e        Exchange
		response Response
	}{}
	e := &whole.e
	for _, s := range [...]*string{
		&e.ID, &e.Sandbox, &e.Vendor, (*string)(&e.Caller), &e.Operation, &e.Channel, &e.Delivery, &e.Request.Method, &e.Request.URL, &e.Error, &e.Check,
	} {
		*s = d.string()
	}
	e.Time = d.time()
	e.Attempt = int(d.number())
	e.Duration = time.Duration(d.number())
	if n := d.list(); n >= 0 {
		e.Findings = make([]Finding, n)
		for i := range e.Findings {
			d.finding(&e.Findings[i])
		}
	}
	e.Faults = d.strings()
	e.Request.Header = d.header()
	d.body(&e.Request.Body)
	if d.count() == 0 {
		return e
	}
	e.Response = &whole.response
	e.Response.Status = int(d.number())
	e.Response.Header = d.header()
	d.body(&e.Response.Body)
	return e
}

// count passes an unsigned varint.
func (d *recordReader) count() int {
	var n uint64
	for shift := 0; ; shift += 7 {
		b := d.text[0]
		d.text = d.text[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return int(n)
		}
	}
}

// number passes a varint.
func (d *recordReader) number() int64 {
	n := uint64(d.count())
	return int64(n>>1) ^ -int64(n&1)
}

func (d *recordReader) string() (s string) {
	n := d.count()
	s, d.text = d.text[:n], d.text[n:]
	return s
}

// list begins a list, and returns its length; -1: nil.
func (d *recordReader) list() int { return d.count() - 1 }

func (d *recordReader) strings() []string {
	n := d.list()
	if n < 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = d.string()
	}
	return list
}

func (d *recordReader) time() time.Time {
	seconds := d.number()
	t := time.Unix(seconds, int64(d.count()))
	switch d.count() {
	case zoneUTC:
		return t.UTC()
	case zoneLocal:
		return t
	}
	name := d.string()
	return t.In(time.FixedZone(name, int(d.number())))
}

func (d *recordReader) finding(f *Finding) {
	for _, s := range f.texts() {
		*s = d.string()
	}
	f.Severity, f.Part = Severity(d.string()), Part(d.string())
	f.Line, f.Column = int(d.number()), int(d.number())
}

// extent is what stands before the members; false: nil.
func (d *recordReader) extent() (s extent, ok bool) {
	if s.length = d.list(); s.length > 0 {
		s.at = d.count()
	}
	return s, s.length >= 0
}

func (d *recordReader) body(b *Body) {
	if kept, ok := d.extent(); ok {
		b.Kept = append(make([]byte, 0, kept.length), kept.of(d.slab)...)
	}
	b.Size = d.number()
	b.SHA256, b.Rewritten = d.string(), d.string()
}

func (d *recordReader) header() http.Header {
	at, ok := d.extent()
	if !ok {
		return nil
	}
	place := headerPlace{&d.slab[0], at.at}
	if h, known := d.headers[place]; known {
		return h
	}
	members := d.text
	d.text = string(at.of(d.slab))
	h := make(http.Header, 8)
	for range d.count() {
		name := d.string()
		h[name] = slices.Clip(d.strings())
	}
	d.text = members
	if d.headers == nil {
		d.headers = map[headerPlace]http.Header{}
	}
	d.headers[place] = h
	return h
}
