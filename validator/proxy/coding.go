package proxy

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
)

// errCoding is a Content-Encoding that the standard library does not read.
var errCoding = errors.New("not a coding that Parley reads")

// errTooLarge is a body that is larger than the limit when decoded.
var errTooLarge = errors.New("too large")

// coding is the Content-Encoding of a message, "" for none.
func coding(h http.Header) string {
	if len(h["Content-Encoding"]) == 0 {
		return ""
	}
	var names []string
	for _, name := range strings.Split(strings.ToLower(strings.Join(h.Values("Content-Encoding"), ",")), ",") {
		if name = strings.TrimSpace(name); name != "" && name != "identity" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// errTrailing is a body that goes on after its coding has ended: a receiver may read
// what was not judged.
var errTrailing = errors.New("bytes stand after its end")

// decoded undoes one coding, up to limit bytes.
func decoded(body []byte, coding string, limit int64) ([]byte, error) {
	source := bytes.NewReader(body)
	reader, err := decoder(source, coding)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(reader, limit+1))
	if int64(len(data)) > limit {
		return data[:limit], errTooLarge
	}
	if err == nil && source.Len() > 0 { // it is read byte by byte, no further than needed
		err = errTrailing
	}
	return data, err
}

func decoder(source *bytes.Reader, coding string) (io.Reader, error) {
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewReader(source)
	case "deflate": // zlib by RFC 9110, section 8.4.1.2; bare by some senders
		var head [2]byte
		if n, _ := source.ReadAt(head[:], 0); n == len(head) && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
			return zlib.NewReader(source)
		}
		return flate.NewReader(source), nil
	}
	return nil, errCoding
}

// readable are the codings that are judged; a strict proxy offers no others.
func readable(accepted []string) []string {
	var names []string
	for _, one := range strings.Split(strings.Join(accepted, ","), ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(one), ";")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "x-gzip", "deflate", "identity":
			names = append(names, strings.TrimSpace(one))
		}
	}
	if len(names) == 0 {
		return []string{"identity"}
	}
	return []string{strings.Join(names, ", ")}
}
