package mockserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/parleykit/parley/internal/coding"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// bodyReader reads a body into memory that is used again. What it returns is a
// copy of the exact size, because the journal keeps it.
type bodyReader struct {
	buffer  bytes.Buffer
	limited io.LimitedReader
}

var bodyReaders = sync.Pool{New: func() any { return new(bodyReader) }}

// maxPooled is how large a buffer may be to be used again.
const maxPooled = 64 << 10

// readBody reads the body of a request up to a limit. Where that fails, the
// finding says why.
func readBody(r *http.Request, limit int64) ([]byte, *traffic.Finding) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	reader := bodyReaders.Get().(*bodyReader)
	reader.limited = io.LimitedReader{R: r.Body, N: limit + 1}
	_, err := reader.buffer.ReadFrom(&reader.limited)
	size := int64(reader.buffer.Len())
	body := bytes.Clone(reader.buffer.Bytes()[:min(size, limit)])
	reader.limited.R = nil
	reader.buffer.Reset()
	if reader.buffer.Cap() <= maxPooled {
		bodyReaders.Put(reader)
	}
	switch {
	case size > limit:
		return body, tooLarge(fmt.Sprintf("at most %d bytes", limit))
	case err != nil:
		return body, &traffic.Finding{
			Code: codeIncomplete, Severity: traffic.Error, Part: traffic.InRequest,
			Expected: "the whole body", Actual: fmt.Sprintf("%d bytes, then: %v", size, err),
			Hint: "the client was too slow, broke off, or sent a Content-Length larger than its body",
		}
	}
	return body, nil
}

func tooLarge(expected string) *traffic.Finding {
	return &traffic.Finding{
		Code: codeTooLarge, Severity: traffic.Error, Part: traffic.InRequest, Expected: expected, Actual: "more",
		Hint: "the limit is Parley's, not the vendor's; start the mock with a larger one (parley serve --body-limit) if such bodies are meant",
	}
}

// uncoded undoes the codings of a body up to a limit. Where that fails, the finding
// says why, and the body is as it was sent.
func uncoded(body []byte, h http.Header, limit int64) ([]byte, *traffic.Finding) {
	codings := coding.Of(h)
	if codings == "" || len(body) == 0 {
		return body, nil
	}
	plain, err := coding.Decode(body, codings, limit)
	f := &traffic.Finding{
		Code: codeCoding, Severity: traffic.Error, Part: traffic.InRequest, Pointer: "header:Content-Encoding",
		Expected: "a body in " + codings, Actual: "one that can't be decoded", Hint: "the header names a coding that the body does not have",
	}
	switch {
	case err == nil:
		return plain, nil
	case errors.Is(err, coding.ErrTooLarge):
		f = tooLarge(fmt.Sprintf("at most %d bytes when decoded", limit))
	case errors.Is(err, coding.ErrUnknown):
		f.Severity, f.Expected, f.Actual, f.Hint = traffic.Warn, coding.Names, codings, "the mock can't read this coding, so the body was not judged"
	default:
		f.Actual += ": " + err.Error()
	}
	return body, f
}

const formType = "application/x-www-form-urlencoded"

// decode reads a body as a form where the contract takes forms and this is one,
// and else as JSON, whatever its content type.
func decode(route *route, r *http.Request, body []byte) *validator.Document {
	if route.takesForms && strings.HasPrefix(r.Header.Get("Content-Type"), formType) {
		return validator.DecodeForm(body)
	}
	return validator.Decode(body)
}
