package validator

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime/multipart"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// formData is the one type of multipart bodies whose parts have names (RFC 7578).
const formData = "multipart/form-data"

// part is one of a multipart body.
type part struct {
	kind string // its Content-Type; "" without one
	text []byte
}

// multipart judges a body that has parts: that they can be read to their end, and, of
// multipart/form-data that is documented with a payload, each part by its property.
func (v *Validator) multipart(o *specs.Operation, payload string, r *traffic.Request, d *Document) []traffic.Finding {
	kind, params := mediaType(r.Header)
	documented := specs.BestMedia(o.ContentTypes, r.Header.Get("Content-Type"))
	judged := payload != "" && documented != "" && kind == formData
	body := r.Body
	if d != nil && len(d.raw) > len(body.Kept) { // d may have more of it than was kept
		body = traffic.Body{Kept: d.raw, Size: int64(len(d.raw))}
	}
	switch {
	case params["boundary"] == "":
		return nil // said of the content type
	case body.Cut() && judged:
		return []traffic.Finding{cut(body)}
	case body.Cut():
		return nil // its end is not here
	}
	if d == nil || d.parts == nil {
		d = DecodeMultipart(params["boundary"], body.Kept)
	}
	var found []traffic.Finding
	if !judged {
		if !d.Valid {
			found = d.Findings[:1:1]
		}
	} else {
		form := *d
		form.encoding = v.encodingOf(o, 0, documented)
		found = v.Sent(o.RequestWay()).body(o, payload, body, &form)
	}
	for i, f := range found {
		if strings.HasPrefix(f.Code, "multipart.") {
			found[i] = v.assumed(o, 0, f)
		}
	}
	return found
}

// DecodeMultipart reads a multipart/form-data body: an object whose values are all
// strings, until a payload's schema says otherwise. Of parts with one name the first
// counts, unless the schema has a list there.
func DecodeMultipart(boundary string, body []byte) *Document {
	d := &Document{raw: body, form: true, parts: map[string][]part{}}
	object := map[string]any{}
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for n := 1; ; n++ {
		next, err := reader.NextPart()
		var one part
		if err == nil {
			one, err = readPart(next)
		}
		switch {
		case err == io.EOF && n > 1: // not wrapped: that is an end too early
			d.value, d.Valid = object, true
			return d
		case err != nil:
			d.Findings = []traffic.Finding{finding("multipart.syntax", traffic.Finding{
				Expected: "parts between lines --" + shorten(boundary) + ", the last followed by --" + shorten(boundary) + "--",
				Actual:   plural.Of(n-1, "whole part") + ", then " + ofParts(err),
				Hint:     "the body was cut off, or has another boundary than its Content-Type",
			})}
			return d
		}
		name := next.FormName()
		if name == "" {
			d.add(finding("multipart.name", traffic.Finding{
				Expected: `a header Content-Disposition: form-data; name="…" in each part`, Actual: "none in part " + strconv.Itoa(n),
				Hint: "a part is known by its name alone (RFC 7578, section 4.2)",
			}))
			continue
		}
		if d.parts[name] = append(d.parts[name], one); len(d.parts[name]) == 1 {
			object[name] = string(one.text)
		}
	}
}

// ofParts says what kept parts from being read. It quotes nothing: what stands there may
// be secret, and no name says so.
func ofParts(err error) string {
	var header textproto.ProtocolError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the end of the body"
	case errors.As(err, &header):
		return "a header that is not written as name: value"
	case errors.Is(err, multipart.ErrMessageTooLarge):
		return "a header that is too long"
	}
	return "what is no part"
}

// readPart reads what is in a part. Go undoes quoted-printable; base64 is undone here,
// where it is that (RFC 2045, section 6).
func readPart(from *multipart.Part) (part, error) {
	text, err := io.ReadAll(from)
	if strings.EqualFold(from.Header.Get("Content-Transfer-Encoding"), "base64") {
		if plain, broken := base64.StdEncoding.DecodeString(string(text)); broken == nil {
			text = plain
		}
	}
	return part{from.Header.Get("Content-Type"), text}, err
}
