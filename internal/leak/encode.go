package leak

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

func (f *Form) encode(encoding string) {
	switch encoding {
	case "":
	case "bom":
		f.Body = append([]byte("\xef\xbb\xbf"), f.Body...)
	case "utf-16le":
		f.Body = append([]byte{0xff, 0xfe}, wide(string(f.Body), false)...)
	case "utf-16be":
		f.Body = append([]byte{0xfe, 0xff}, wide(string(f.Body), true)...)
	case "utf-16 bare":
		f.Body = wide(string(f.Body), false)
	case "gzip broken":
		f.Header["Content-Encoding"] = "gzip"
		packed := Encode("gzip", append(f.Body, bytes.Repeat([]byte(" "), 100)...))
		f.Body = packed[:len(packed)-6]
	case "unknown coding":
		f.Header["Content-Encoding"] = "x-unknown"
	case "gzip unsaid":
		f.Body = Encode("gzip", f.Body)
	default:
		f.Header["Content-Encoding"] = strings.TrimPrefix(encoding, "bare ")
		if encoding == "gzip, br" {
			f.Body = Encode("br", Encode("gzip", f.Body))
			return
		}
		f.Body = Encode(encoding, f.Body)
	}
}

// Encode applies a content coding.
func Encode(coding string, data []byte) []byte {
	var out bytes.Buffer
	var to io.WriteCloser
	switch coding {
	case "gzip":
		to = gzip.NewWriter(&out)
	case "deflate":
		to = zlib.NewWriter(&out)
	case "bare deflate":
		to, _ = flate.NewWriter(&out, flate.BestCompression)
	case "br":
		to = brotli.NewWriter(&out)
	case "zstd":
		to, _ = zstd.NewWriter(&out)
	default:
		panic("leak: no coding " + coding)
	}
	to.Write(data)
	to.Close()
	return out.Bytes()
}

func wide(text string, big bool) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		if big {
			out = append(out, byte(unit>>8), byte(unit))
		} else {
			out = append(out, byte(unit), byte(unit>>8))
		}
	}
	return out
}
