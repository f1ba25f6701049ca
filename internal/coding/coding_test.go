package coding_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/parleykit/parley/internal/coding"
)

const text = `{"text":"Hello, hello, hello"}`

func encoded(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var to io.WriteCloser
	switch name {
	case "gzip", "x-gzip":
		to = gzip.NewWriter(&out)
	case "deflate":
		to = zlib.NewWriter(&out)
	case "bare":
		to, _ = flate.NewWriter(&out, 5)
	case "br":
		to = brotli.NewWriter(&out)
	case "zstd":
		to, _ = zstd.NewWriter(&out)
	}
	to.Write(data)
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestEveryCodingIsUndone(t *testing.T) {
	for _, name := range []string{"gzip", "x-gzip", "deflate", "br", "zstd"} {
		got, err := coding.Decode(encoded(t, name, []byte(text)), name, 1<<20)
		if err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := coding.Decode(encoded(t, "bare", []byte(text)), "deflate", 1<<20); err != nil || string(got) != text {
		t.Errorf("deflate without zlib's head: %q, %v", got, err)
	}
	twice := encoded(t, "br", encoded(t, "gzip", []byte(text)))
	if got, err := coding.Decode(twice, "gzip, br", 1<<20); err != nil || string(got) != text {
		t.Errorf("gzip, br: %q, %v", got, err)
	}
}

func TestBoundsHold(t *testing.T) {
	zeros := make([]byte, 8<<20)
	for _, name := range []string{"gzip", "deflate", "br", "zstd"} {
		got, err := coding.Decode(encoded(t, name, zeros), name, 1000)
		if !errors.Is(err, coding.ErrTooLarge) || len(got) != 1000 {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if _, err := coding.Decode(encoded(t, name, []byte(text))[:12], name, 1000); err == nil {
			t.Errorf("%s: a body that breaks off was taken for whole", name)
		}
	}
	for _, name := range []string{"compress", "gzip, gzip, gzip, gzip"} {
		if _, err := coding.Decode([]byte(text), name, 1000); !errors.Is(err, coding.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamesOfCodings(t *testing.T) {
	for given, want := range map[string]string{"": "", "identity": "", " GZIP ": "gzip", "gzip, identity,br": "gzip, br"} {
		if got := coding.Of(http.Header{"Content-Encoding": {given}}); got != want {
			t.Errorf("%q: %q", given, got)
		}
	}
	if got := coding.Readable([]string{"compress, br;q=1.0", "gzip"}); got[0] != "br;q=1.0, gzip" {
		t.Errorf("%q", got)
	}
	if got := coding.Readable([]string{"compress"}); got[0] != "identity" {
		t.Errorf("%q", got)
	}
}
