package mockserver

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// leastCompressed is how long a body is that is worth to be compressed.
const leastCompressed = 1 << 10

var compressors = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// takesGzip reports whether a caller takes a body in gzip (RFC 9110, 12.5.3).
func takesGzip(headers []string) bool {
	for _, part := range strings.Split(strings.Join(headers, ","), ",") {
		name, params, _ := strings.Cut(part, ";")
		if name = strings.ToLower(strings.TrimSpace(name)); name != "gzip" && name != "x-gzip" && name != "*" {
			continue
		}
		_, weight, _ := strings.Cut(params, "=")
		return strings.Trim(strings.TrimSpace(weight), "0.") != "" || strings.TrimSpace(weight) == ""
	}
	return false
}

// compressed is a body in gzip where that is shorter and the header says no coding, and
// else the body itself.
func compressed(header http.Header, body []byte) []byte {
	if len(body) < leastCompressed || header.Get("Content-Encoding") != "" {
		return body
	}
	var short bytes.Buffer
	writer := compressors.Get().(*gzip.Writer)
	defer compressors.Put(writer)
	writer.Reset(&short)
	_, err := writer.Write(body)
	if writer.Close() != nil || err != nil || short.Len() >= len(body) {
		return body
	}
	header.Set("Content-Encoding", "gzip")
	header.Add("Vary", "Accept-Encoding")
	return short.Bytes()
}
