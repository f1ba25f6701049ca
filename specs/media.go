package specs

import (
	"maps"
	"mime"
	"slices"
	"strings"
)

// Body is the payload that a request with this Content-Type has; "" for one of
// which no schema is documented.
func (o *Operation) Body(contentType string) string {
	return payloadFor(o.Payload, o.Bodies, contentType)
}

// Body is the payload that an answer with this Content-Type has; "" for one of which
// no schema is documented.
func (r Response) Body(contentType string) string {
	return payloadFor(r.Payload, r.Bodies, contentType)
}

// Payloads are those of the request and of all answers, each once and sorted.
func (o *Operation) Payloads() []string {
	names := append(slices.Collect(maps.Values(o.Bodies)), o.Payload)
	for _, r := range o.Responses {
		names = append(slices.AppendSeq(names, maps.Values(r.Bodies)), r.Payload)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

// MediaTypes are the content types that bodies of a payload have, each once and sorted.
func (c *Contract) MediaTypes(payload string) []string {
	var kinds []string
	add := func(documented []string, body func(string) string) {
		for _, kind := range documented {
			if body(kind) == payload {
				kinds = append(kinds, kind)
			}
		}
	}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		add(o.ContentTypes, o.Body)
		for _, r := range o.Responses {
			add(r.ContentTypes, r.Body)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func payloadFor(one string, bodies map[string]string, contentType string) string {
	if len(bodies) == 0 || contentType == "" {
		return one
	}
	return bodies[BestMedia(slices.Sorted(maps.Keys(bodies)), contentType)]
}

// BestMedia returns the documented media type that describes a Content-Type best: one
// with its parameters before one without, and that before a range, of which text/* and
// application/*+json are narrower than */*. "" when none does.
func BestMedia(documented []string, contentType string) string {
	if slices.Contains(documented, contentType) { // the common case
		return contentType
	}
	kind, params := splitMedia(contentType)
	best, rank := "", 0
	for _, one := range documented {
		if r := mediaRank(one, kind, params); r > rank {
			best, rank = one, r
		}
	}
	return best
}

// Ranks of a documented media type for a given one.
const (
	ofOther     = iota
	ofAll       // */*
	ofFamily    // text/*
	ofStructure // application/*+json
	ofType      // and one more for each parameter
)

func mediaRank(documented, kind string, params map[string]string) int {
	wanted, demanded := splitMedia(documented)
	family, subtype, _ := strings.Cut(wanted, "/")
	givenFamily, givenSubtype, _ := strings.Cut(kind, "/")
	rank := ofOther
	switch suffix, structured := strings.CutPrefix(subtype, "*+"); {
	case wanted == kind:
		rank = ofType
	case family != "*" && family != givenFamily:
	case structured && strings.HasSuffix(givenSubtype, "+"+suffix):
		rank = ofStructure
	case subtype == "*" && family == "*":
		rank = ofAll
	case subtype == "*":
		rank = ofFamily
	}
	if rank == ofOther {
		return rank
	}
	for name, value := range demanded {
		given, there := params[name]
		switch {
		case name == "charset" || name == "boundary" || !there: // of how it is written
		case given != value:
			return ofOther
		default:
			rank++
		}
	}
	return rank
}

// splitMedia returns the lower-case type, and its parameters where they can be read.
func splitMedia(text string) (string, map[string]string) {
	kind, params, err := mime.ParseMediaType(text)
	if err != nil {
		kind, _, _ = strings.Cut(text, ";")
	}
	return strings.ToLower(strings.TrimSpace(kind)), params
}

// Media is how the body of a media type is read.
type Media int8

// The readings of a body.
const (
	JSON      Media = iota // also what has no type, and what nobody knows
	Form                   // application/x-www-form-urlencoded
	Multipart              // parts, of which those of multipart/form-data are judged
	Text                   // as it is: text, markup, pictures, any bytes
)

// MediaOf tells how the body of a Content-Type is read.
func MediaOf(contentType string) Media {
	if contentType == "application/json" || contentType == "" { // the common cases
		return JSON
	}
	kind, _ := splitMedia(contentType)
	family, subtype, _ := strings.Cut(kind, "/")
	switch {
	case subtype == "json" || strings.HasSuffix(subtype, "+json"):
		return JSON
	case kind == "application/x-www-form-urlencoded":
		return Form
	case family == "multipart":
		return Multipart
	case slices.Contains([]string{"text", "image", "audio", "video", "font"}, family), isAsItIs(subtype):
		return Text
	}
	return JSON
}

// asTheyAre are types of application whose bodies are no JSON, and are not read.
var asTheyAre = []string{
	"octet-stream", "pdf", "zip", "gzip", "x-tar", "wasm", "x-ndjson", "jsonl", "yaml", "x-yaml", "xml",
	"cbor", "msgpack", "x-msgpack", "protobuf", "x-protobuf", "vnd.google.protobuf",
}

// isAsItIs also takes structured types, such as cose+cbor.
func isAsItIs(subtype string) bool {
	_, suffix, _ := strings.Cut(subtype, "+")
	return slices.Contains(asTheyAre, subtype) || slices.Contains([]string{"xml", "cbor", "zip", "gzip", "yaml"}, suffix)
}
