package leak

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"html"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Finder finds the marks of forms.
type Finder struct{ forms map[string]Form } // by mark

// NewFinder looks for the secrets of the forms.
func NewFinder(forms []Form) *Finder {
	f := &Finder{map[string]Form{}}
	for _, one := range forms {
		f.forms[one.Mark] = one
	}
	return f
}

// Find returns the forms of which a mark stands in some data: as it is, or once
// escapes, base64, hexadecimal, UTF-16 and compression are undone, several times.
func (f *Finder) Find(data []byte) []Form {
	seen := map[string]bool{}
	var found []Form
	note := func(mark string) {
		if one, ok := f.forms[mark]; ok && !seen[mark] {
			seen[mark] = true
			found = append(found, one)
		}
	}
	for _, view := range viewsOf(data) {
		if strings.Contains(view, "Q") {
			for _, mark := range marks.FindAllString(view, -1) {
				note(mark)
			}
		}
		for i, run := 0, 0; i < len(view); i++ {
			if run++; view[i] < '0' || view[i] > '9' {
				run = 0
			}
			if run >= numberSize {
				note(view[i+1-numberSize : i+1])
			}
		}
	}
	return found
}

// numberSize is how many digits a mark has of a secret that is a number.
const numberSize = 15

var marks = regexp.MustCompile(`Q[a-z]+Z[0-9a-j]{4}W`)

var (
	percents   = regexp.MustCompile(`%[0-9a-fA-F]{2}`)
	jsonEscape = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\["\\/]`)
)

const (
	hexDigits    = "0123456789abcdefABCDEF"
	base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
)

// runs are the parts of a text, of at least so many bytes, that have certain bytes
// only. A regular expression would be most of what a search costs.
func runs(text, allowed string, least int) []string {
	var is [256]bool
	for _, c := range []byte(allowed) {
		is[c] = true
	}
	var list []string
	begin := 0
	for i := range len(text) + 1 {
		if i < len(text) && is[text[i]] {
			continue
		}
		if i-begin >= least {
			list = append(list, text[begin:i])
		}
		begin = i + 1
	}
	return list
}

// fromURL makes base64 of what stands in URLs that of everywhere.
var fromURL = strings.NewReplacer("-", "+", "_", "/")

// viewsOf returns the data in all ways to read it, four layers deep.
func viewsOf(data []byte) []string {
	const layers = 4
	seen := map[string]bool{}
	var views []string
	level := []string{string(data)}
	for range layers {
		var next []string
		for _, text := range level {
			if seen[text] || len(text) < 6 {
				continue
			}
			seen[text] = true
			views = append(views, text)
			next = append(next, readings(text)...)
		}
		level = next
	}
	for _, text := range level {
		if !seen[text] {
			views = append(views, text)
		}
	}
	return views
}

func readings(text string) []string {
	list := []string{strings.ReplaceAll(text, "\x00", ""), html.UnescapeString(text), unpercent(text), unescape(text)}
	var joined, joinedHex strings.Builder // runs together, so that few views are made
	for _, run := range runs(text, base64Digits, 12) {
		run = fromURL.Replace(run)
		for shift := 0; shift < 4 && shift < len(run); shift++ {
			part := run[shift:]
			decoded, _ := base64.RawStdEncoding.DecodeString(part[:len(part)-len(part)%4])
			if len(part)%4 > 1 {
				if whole, err := base64.RawStdEncoding.DecodeString(part); err == nil {
					decoded = whole
				}
			}
			joined.WriteString("\n" + string(decoded) + "\n")
			if plain := inflate(decoded); plain != "" {
				list = append(list, plain)
			}
		}
	}
	for _, run := range runs(text, hexDigits, 16) {
		for shift := range 2 {
			part := run[shift:]
			decoded, _ := hex.DecodeString(part[:len(part)/2*2])
			joinedHex.WriteString("\n" + string(decoded))
		}
	}
	list = append(list, joined.String(), joinedHex.String())
	if plain := inflate([]byte(text)); plain != "" {
		list = append(list, plain)
	}
	return list
}

func inflate(data []byte) string {
	var from io.Reader
	var err error
	switch {
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		from, err = gzip.NewReader(bytes.NewReader(data))
	case bytes.HasPrefix(data, []byte{0x78}):
		from, err = zlib.NewReader(bytes.NewReader(data))
	case bytes.HasPrefix(data, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		from, err = zstd.NewReader(bytes.NewReader(data), zstd.WithDecoderConcurrency(1))
	default:
		return ""
	}
	if err != nil {
		return ""
	}
	plain, _ := io.ReadAll(io.LimitReader(from, 1<<20))
	return string(plain)
}

func unpercent(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	return percents.ReplaceAllStringFunc(text, func(one string) string {
		plain, err := url.PathUnescape(one)
		if err != nil {
			return one
		}
		return plain
	})
}

func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	return jsonEscape.ReplaceAllStringFunc(text, func(one string) string {
		if one[1] != 'u' {
			return one[1:]
		}
		n, _ := strconv.ParseUint(one[2:], 16, 16)
		return string(rune(n))
	})
}
