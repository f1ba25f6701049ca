// Package coding undoes the content codings of bodies, within bounds: gzip,
// deflate, br and zstd, also several of them on one body.
package coding

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

var (
	// ErrUnknown is a Content-Encoding that Parley does not read.
	ErrUnknown = errors.New("not a coding that Parley reads")
	// ErrTrailing is a body that goes on after its coding has ended: a receiver may read
	// what was not judged.
	ErrTrailing = errors.New("bytes stand after its end")
	// ErrTooLarge is a body that is larger than the limit when it is decoded.
	ErrTooLarge = errors.New("too large")
)

// Names says for people which codings are read.
const Names = "gzip, deflate, br, zstd or none"

// maxCodings is how many may lie on one body: nobody means more.
const maxCodings = 3

// maxWindow bounds the memory of one zstd decoder: RFC 9659 asks for no more.
const maxWindow = 8 << 20

// Of is the Content-Encoding of a message in lower case, in the order in which it
// was applied; "" is none.
func Of(h http.Header) string {
	if len(h["Content-Encoding"]) == 0 {
		return ""
	}
	var names []string
	for _, name := range strings.Split(strings.ToLower(strings.Join(h["Content-Encoding"], ",")), ",") {
		if name = strings.TrimSpace(name); name != "" && name != "identity" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// Decode undoes what Of names, up to limit bytes after each step. With ErrTooLarge
// it returns so many; any other error is that of a body which does not have this
// coding.
func Decode(body []byte, codings string, limit int64) ([]byte, error) {
	names := strings.Split(codings, ", ")
	if len(names) > maxCodings {
		return nil, ErrUnknown
	}
	for _, name := range slices.Backward(names) {
		var err error
		if body, err = decode(body, name, limit); err != nil {
			return body, err
		}
	}
	return body, nil
}

func decode(body []byte, name string, limit int64) ([]byte, error) {
	source := bytes.NewReader(body)
	from, end, err := reader(source, name)
	if err != nil {
		return nil, err
	}
	defer end()
	data, err := io.ReadAll(io.LimitReader(from, limit+1))
	if int64(len(data)) > limit {
		return data[:limit], ErrTooLarge
	}
	if err == nil && source.Len() > 0 { // it is read byte by byte, no further than needed
		err = ErrTrailing
	}
	return data, err
}

func reader(source *bytes.Reader, name string) (from io.Reader, end func(), err error) {
	none := func() {}
	switch name {
	case "gzip", "x-gzip":
		from, err = gzip.NewReader(source)
	case "deflate": // zlib by RFC 9110, section 8.4.1.2; bare by some senders
		var head [2]byte
		if n, _ := source.ReadAt(head[:], 0); n == len(head) && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
			from, err = zlib.NewReader(source)
		} else {
			from = flate.NewReader(source)
		}
	case "br":
		from = brotli.NewReader(source)
	case "zstd":
		var decoder *zstd.Decoder
		decoder, err = zstd.NewReader(source, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err == nil {
			return decoder, decoder.Close, nil
		}
	default:
		err = ErrUnknown
	}
	return from, none, err
}

// Readable are those of the codings that a caller accepts which can be undone;
// identity where none can.
func Readable(accepted []string) []string {
	var names []string
	for _, one := range strings.Split(strings.Join(accepted, ","), ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(one), ";")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "x-gzip", "deflate", "br", "zstd", "identity":
			names = append(names, strings.TrimSpace(one))
		}
	}
	if len(names) == 0 {
		return []string{"identity"}
	}
	return []string{strings.Join(names, ", ")}
}
