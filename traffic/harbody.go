package traffic

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxInflated is how much of a compressed body is read to learn its size.
const maxInflated = 16 << 20

// harBodies makes bodies of what an entry says of them.
type harBodies struct {
	limit   int   // how many bytes of a body are kept
	dropped int64 // bytes that the entry's texts lack; those texts end in cutEnd
}

func (b harBodies) request(q *harRequest, h http.Header) Body {
	if q.PostData == nil {
		return missing(h, q.BodySize)
	}
	p := q.PostData
	if (p.Text == nil || *p.Text == "") && len(p.Params) > 0 {
		if body := encodeParams(p.Params, cmp.Or(h.Get("Content-Type"), p.MimeType)); body != nil {
			written := NewBody(body, b.limit)
			written.Rewritten = "the archive has its parameters only"
			return written
		}
	}
	if p.Text == nil {
		return missing(h, q.BodySize)
	}
	body := short(b.body(*p.Text, p.Encoding, h, q.BodySize), q.BodySize)
	if strings.EqualFold(p.Encoding, "base64") {
		if _, whole := decodeBase64(*p.Text); !whole {
			body.Rewritten = "the archive's base64 of it is broken"
		}
		return body
	}
	body.Rewritten = rewritten(int64(len(body.Kept)), missing(h, q.BodySize).Size)
	return body
}

// rewritten is why a text of an archive may be other bytes than were sent: of another
// character set, of other line ends, or decompressed. Sent is 0 where nobody knows.
func rewritten(kept, sent int64) string {
	switch sent {
	case kept:
		return ""
	case 0:
		return "the archive has it as text, and does not say how many bytes were sent"
	}
	return fmt.Sprintf("the archive has %d bytes of it, and %d were sent", kept, sent)
}

func (b harBodies) response(r *harResponse, h http.Header, method string) Body {
	decoded := -1.0
	if r.Content.Size != nil {
		decoded = *r.Content.Size
	}
	size := max(decoded, r.BodySize)
	text := r.Content.Text
	switch {
	case text == nil && size < 0 && h.Get("Content-Length") == "" && hasBody(method, int(r.Status)):
		return Body{Size: Unknown} // whether there was one nobody knows
	case text == nil || *text == "" && decoded > 0:
		return missing(h, size)
	}
	return short(b.body(*text, r.Content.Encoding, h, size), decoded)
}

// short notes that the end of a body was cut off when the archive was written. A whole
// one of another character set is read.
func short(body Body, size float64) Body {
	if cut := int64(size); size < 1<<53 && !body.Cut() && cut > body.Size && !json.Valid(body.Kept) {
		body.Size = cut
	}
	return body
}

// hasBody tells whether an answer may have a body at all (RFC 9110).
func hasBody(method string, status int) bool {
	return method != http.MethodHead && status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// missing is a body that the capture does not hold: none of its bytes are kept,
// where its size says that there were any.
func missing(h http.Header, size float64) Body {
	if size < 0 {
		size, _ = strconv.ParseFloat(h.Get("Content-Length"), 64)
	}
	if !(size > 0 && size < 1<<53) {
		return Body{}
	}
	return Body{Size: int64(size)}
}

// encodeParams writes parameters in their order, as a body of their type has them; nil
// for a type that has none.
func encodeParams(params []harParam, contentType string) []byte {
	kind, about, _ := mime.ParseMediaType(contentType)
	switch {
	case kind == "application/x-www-form-urlencoded":
		var pairs []string
		for _, p := range params {
			pairs = append(pairs, url.QueryEscape(p.Name)+"="+url.QueryEscape(p.text()))
		}
		return []byte(strings.Join(pairs, "&"))
	case kind == "multipart/form-data":
		return encodeParts(params, about["boundary"])
	}
	return nil
}

// encodeParts writes them as parts. A file whose content is not in the archive was
// recorded without it.
func encodeParts(params []harParam, boundary string) []byte {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if w.SetBoundary(boundary) != nil {
		return nil
	}
	for _, p := range params {
		header := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + quoted.Replace(p.Name) + `"`}}
		if p.FileName != "" {
			header["Content-Disposition"][0] += `; filename="` + quoted.Replace(p.FileName) + `"`
		}
		if p.ContentType != "" {
			header.Set("Content-Type", quoted.Replace(p.ContentType))
		}
		part, _ := w.CreatePart(header) // a buffer takes everything
		_, _ = io.WriteString(part, p.text())
	}
	_ = w.Close()
	return body.Bytes()
}

// quoted keeps a text inside its quotation marks, and its line.
var quoted = strings.NewReplacer("\\", "\\\\", `"`, "\\\"", "\r", "%0D", "\n", "%0A")

func (b harBodies) body(text, encoding string, h http.Header, size float64) Body {
	text, cut := strings.CutSuffix(text, cutEnd)
	data := []byte(text)
	if strings.EqualFold(encoding, "base64") {
		data, _ = decodeBase64(text)
	}
	if cut && b.dropped > 0 {
		whole := max(int64(len(data))+b.dropped, missing(nil, size).Size)
		return Body{Kept: bytes.Clone(data[:boundary(data, max(0, min(b.limit, len(data)-1)))]), Size: whole}
	}
	if coding := strings.ToLower(h.Get("Content-Encoding")); coding != "" && !utf8.Valid(data) {
		return b.inflate(data, coding)
	}
	return NewBody(data, b.limit)
}

// decodeBase64 decodes as much as is base64, in either alphabet; whole tells whether all
// is.
func decodeBase64(text string) (data []byte, whole bool) {
	text = strings.NewReplacer("-", "+", "_", "/", "\n", "", "\r", "").Replace(strings.TrimRight(text, "="))
	data = make([]byte, base64.RawStdEncoding.DecodedLen(len(text)))
	n, err := base64.RawStdEncoding.Decode(data, []byte(text))
	if err != nil && n == 0 {
		return []byte(text), false
	}
	return data[:n], err == nil
}

// inflate decodes a body that was written down as it was on the wire. One in a
// coding that is not known here counts as not kept, so that nobody judges it.
func (b harBodies) inflate(data []byte, coding string) Body {
	var from io.Reader
	var err error
	switch coding {
	case "gzip", "x-gzip":
		from, err = gzip.NewReader(bytes.NewReader(data))
	case "deflate":
		from, err = zlib.NewReader(bytes.NewReader(data))
	case "identity":
		return NewBody(data, b.limit)
	default:
		return Body{Size: int64(len(data))}
	}
	if err != nil {
		return NewBody(data, b.limit) // it is not compressed after all
	}
	text, err := io.ReadAll(io.LimitReader(from, int64(b.limit)))
	if err != nil {
		return Body{Kept: text, Size: int64(len(text)) + 1} // it breaks off
	}
	more, _ := io.Copy(io.Discard, io.LimitReader(from, maxInflated))
	if more == 0 {
		return NewBody(text, b.limit)
	}
	return Body{Kept: text[:boundary(text, len(text)-1)], Size: int64(len(text)) + more} // as far as it was read
}
