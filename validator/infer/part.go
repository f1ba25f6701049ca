package infer

import (
	"bytes"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/pairs"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// part is what was seen of messages of one kind: the requests of an operation, or its
// answers with one status.
type part struct {
	seen    int
	bodies  int
	untyped int // bodies without a Content-Type, or with one that nobody can read
	cut     int // bodies that were not recorded whole
	kinds   map[string]*kind
}

// kind is what was seen of bodies of one media type.
type kind struct {
	seen    int
	broken  int // not readable as the type says
	shape   *shape
	fields  fields
	samples []sample // the first, and the one with the most members where it has more
}

func newKind() *kind { return &kind{shape: &shape{}, fields: fields{}} }

// sample is a body that was seen, without its secrets.
type sample struct {
	text    []byte     // of JSON
	form    url.Values // of a form
	members int
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// largest is the longest body, in bytes, that is kept as a sample.
const largest = 64 << 10

func (p *part) add(header, shownHeader http.Header, body, shown traffic.Body) {
	p.seen++
	switch {
	case body.Cut():
		p.bodies++
		p.cut++
	case len(body.Kept) == 0:
		return
	default:
		p.bodies++
	}
	name, ok := mediaType(header)
	if !ok {
		p.untyped++
		return
	}
	if p.kinds == nil {
		p.kinds = map[string]*kind{}
	}
	if p.kinds[name] == nil {
		p.kinds[name] = newKind()
	}
	if body.Cut() {
		return
	}
	k := p.kinds[name]
	switch specs.MediaOf(name) {
	case specs.JSON:
		k.addJSON(body.Kept, shown.Kept)
	case specs.Form:
		k.addForm(body.Kept, shown.Kept)
	default:
		k.seen++
	}
}

// mediaType is the type of a message without parameters; false where it has none, or
// one that no contract can ask for.
func mediaType(header http.Header) (string, bool) {
	if len(header.Values("Content-Type")) != 1 {
		return "", false
	}
	name, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	charset := parameters["charset"]
	return name, err == nil && strings.Contains(name, "/") && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

func (k *kind) addJSON(body, shown []byte) {
	k.seen++
	read := validator.Decode(body)
	if !read.Valid || len(read.Findings) > 0 {
		k.broken++
		return
	}
	redacted := validator.Decode(shown)
	k.shape.add(read.Value(), redacted.Value())
	if redacted.Valid && len(shown) <= largest {
		k.keep(sample{text: bytes.TrimPrefix(shown, byteOrderMark), members: members(redacted.Value())})
	}
}

func (k *kind) addForm(body, shown []byte) {
	k.seen++
	values, err := pairs.Parse(string(body))
	if err != nil {
		k.broken++
		return
	}
	redacted, err := pairs.Parse(string(shown))
	k.fields.add(values, redacted)
	if err == nil && len(shown) <= largest {
		k.keep(sample{form: redacted, members: len(redacted)})
	}
}

func (k *kind) keep(one sample) {
	switch {
	case len(k.samples) == 0:
		k.samples = []sample{one}
	case one.members > k.samples[len(k.samples)-1].members:
		k.samples = append(k.samples[:1:1], one)
	}
}

// members counts the members of all objects in a value.
func members(value any) int {
	n := 0
	switch value := value.(type) {
	case map[string]any:
		for _, inside := range value {
			n += 1 + members(inside)
		}
	case []any:
		if len(value) > 0 { // of a list, how long it is says nothing
			n = members(value[0])
		}
	}
	return n
}

func (p *part) merge(o *part) {
	p.seen, p.bodies, p.untyped, p.cut = p.seen+o.seen, p.bodies+o.bodies, p.untyped+o.untyped, p.cut+o.cut
	for _, name := range slices.Sorted(maps.Keys(o.kinds)) {
		if p.kinds == nil {
			p.kinds = map[string]*kind{}
		}
		if p.kinds[name] == nil {
			p.kinds[name] = newKind()
		}
		k, other := p.kinds[name], o.kinds[name]
		k.seen, k.broken = k.seen+other.seen, k.broken+other.broken
		k.shape.merge(other.shape)
		k.fields.merge(other.fields)
		for _, one := range other.samples {
			k.keep(one)
		}
	}
}
