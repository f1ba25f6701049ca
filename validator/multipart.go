package validator

import (
	"bytes"
	"io"
	"mime/multipart"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/traffic"
)

// multipartEnd reads the parts of a multipart body (RFC 2046) to their end. D may
// have more of the body than was kept.
func multipartEnd(boundary string, b traffic.Body, d *Document) (traffic.Finding, bool) {
	text := b.Kept
	if d != nil && len(d.raw) > len(text) {
		text = d.raw
	} else if b.Cut() {
		return traffic.Finding{}, false // its end is not here
	}
	if boundary == "" {
		return traffic.Finding{}, false // said of the content type
	}
	reader, parts := multipart.NewReader(bytes.NewReader(text), boundary), 0
	for {
		part, err := reader.NextRawPart()
		if err == nil {
			parts++
			_, err = io.Copy(io.Discard, part)
		}
		switch {
		case err == io.EOF && parts > 0: // not wrapped: that is an end too early
			return traffic.Finding{}, false
		case err != nil:
			return finding("multipart.syntax", traffic.Finding{
				Expected: "parts between lines --" + shorten(boundary) + ", the last followed by --" + shorten(boundary) + "--",
				Actual:   plural.Of(parts, "part") + ", then: " + err.Error(),
				Hint:     "the body was cut off, or has another boundary than its Content-Type",
			}), true
		}
	}
}
