package mockserver

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

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
		return body, &traffic.Finding{
			Code: codeTooLarge, Severity: traffic.Error, Part: traffic.InRequest,
			Expected: fmt.Sprintf("at most %d bytes", limit), Actual: "more",
			Hint: "the limit is Parley's, not the vendor's; start the mock with a larger one (parley serve --body-limit) if such bodies are meant",
		}
	case err != nil:
		return body, &traffic.Finding{
			Code: codeIncomplete, Severity: traffic.Error, Part: traffic.InRequest,
			Expected: "the whole body", Actual: fmt.Sprintf("%d bytes, then: %v", size, err),
			Hint: "the client was too slow, broke off, or sent a Content-Length larger than its body",
		}
	}
	return body, nil
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
