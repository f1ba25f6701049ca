package validator

import (
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// contentType compares a Content-Type with the documented ones.
func contentType(header http.Header, documented []string) (traffic.Finding, bool) {
	if len(documented) == 0 {
		return traffic.Finding{}, false
	}
	if given := header["Content-Type"]; len(given) == 1 && given[0] == "application/json" && slices.Contains(documented, given[0]) {
		return traffic.Finding{}, false // as most have it
	}
	kind, params, err := parsedType(header)
	place := traffic.Finding{Pointer: "header:Content-Type", Expected: plural.List(documented, "or"), Actual: shorten(header.Get("Content-Type"))}
	switch {
	case len(header["Content-Type"]) > 1:
		place.Expected, place.Actual = "one Content-Type", shorten(strings.Join(header["Content-Type"], " and "))
		return finding("content-type.repeated", place), true
	case kind == "":
		place.Actual = "nothing"
		return finding("content-type.missing", place), true
	case specs.BestMedia(documented, header.Get("Content-Type")) == "":
		return finding("content-type.unexpected", place), true
	}
	if err != nil {
		place.Expected, place.Hint = "parameters as ; name=value", err.Error()
		return finding("content-type.syntax", place), true
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] == "" {
		place.Expected, place.Hint = "a boundary", "let the HTTP library set the Content-Type of a multipart body: only it knows the boundary"
		return finding("content-type.boundary", place), true
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		place.Expected = "charset utf-8, or none"
		return finding("content-type.charset", place), true
	}
	return traffic.Finding{}, false
}

// mediaType returns the lower-case type without parameters, and these.
func mediaType(header http.Header) (string, map[string]string) {
	kind, params, _ := parsedType(header)
	return kind, params
}

// emptyParameters may stand in a Content-Type (RFC 9110, section 5.6.6), which mime
// does not know.
var emptyParameters = lazy.Regexp(`(?:;[ \t]*)+(;|$)`)

// parsedType is mediaType with what is wrong with the parameters.
func parsedType(header http.Header) (string, map[string]string, error) {
	given := header.Get("Content-Type")
	if given == "application/json" || given == "" { // the common case needs no parsing
		return given, nil, nil
	}
	kind, params, err := mime.ParseMediaType(given)
	if err != nil {
		kind, params, err = mime.ParseMediaType(emptyParameters().ReplaceAllString(given, "$1"))
	}
	if err != nil {
		kind, _, _ = strings.Cut(given, ";")
	}
	return strings.ToLower(strings.TrimSpace(kind)), params, err
}

// assumed makes a finding a warning, and says so, when the contract only assumes
// the content types of a request (status 0) or of a response.
func (v *Validator) assumed(o *specs.Operation, status int, f traffic.Finding) traffic.Finding {
	for _, media := range v.content(o, status) {
		if specs.EvidenceOf(media.Extensions).Class == specs.Assumed && f.Severity.AtLeast(traffic.Warn) {
			f.Severity = traffic.Warn
			f.Hint = strings.TrimPrefix(f.Hint+"; the vendor does not document a content type; the contract assumes it", "; ")
		}
	}
	return ofOperation(o, f)
}

// content is what the document has under requestBody or a response.
func (v *Validator) content(o *specs.Operation, status int) openapi3.Content {
	described := v.contract.Described(o)
	if described == nil {
		return nil
	}
	if status == 0 {
		if described.RequestBody == nil || described.RequestBody.Value == nil {
			return nil
		}
		return described.RequestBody.Value.Content
	}
	answer := cmp.Or(described.Responses.Status(status), described.Responses.Value(specs.StatusName(status/100)), described.Responses.Default())
	if answer == nil || answer.Value == nil {
		return nil
	}
	return answer.Value.Content
}
