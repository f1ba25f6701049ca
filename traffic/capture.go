package traffic

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/parleykit/parley/internal/visible"
)

// Position says where in a capture an exchange stands. The zero Position belongs
// to what was seen on the wire.
type Position struct {
	Source string `json:"source,omitempty"` // the file's name; "-" is standard input
	Entry  int    `json:"entry,omitempty"`  // from 1
	Offset int64  `json:"offset,omitempty"` // of its first byte, in the text as it is after decompression
	Line   int    `json:"line,omitempty"`   // of its first byte, from 1
}

// String is the position for a person: "shop.har entry 5 (line 77, byte 10342)".
func (p Position) String() string {
	var words []string
	if p.Source == "-" {
		words = append(words, "standard input")
	} else if p.Source != "" {
		words = append(words, p.Source)
	}
	if p.Entry > 0 {
		words = append(words, fmt.Sprintf("entry %d", p.Entry))
	}
	switch {
	case p.Line > 0 && p.Entry == 0 && p.Offset == 0: // of a body
		words = append(words, fmt.Sprintf("(line %d)", p.Line))
	case p.Line > 0:
		words = append(words, fmt.Sprintf("(line %d, byte %d)", p.Line, p.Offset))
	}
	return visible.Line(strings.Join(words, " "))
}

// CaptureOptions bound what a capture may cost. Zero values mean the defaults.
type CaptureOptions struct {
	Source   string // what positions call the capture
	Entry    int    // the largest entry, in bytes without its longest strings; default 8 MiB
	Body     int    // how much of a body is kept; default 1 MiB
	Inflated int64  // of a capture that is compressed itself, what is read at most; default 8 GiB

	// Take, unless nil, is asked about every exchange before its bodies are read: one that it
	// refuses may lack them, and is not judged.
	Take func(*Exchange) bool

	// Judge, unless nil, is called with every exchange that is taken before it is yielded, by
	// several goroutines, as Take is, for several exchanges. The source is then read by another
	// goroutine, a few exchanges ahead, and reading ends with its last Read.
	Judge func(*Exchange)
}

func (o CaptureOptions) withDefaults() CaptureOptions {
	if o.Entry <= 0 {
		o.Entry = 8 << 20
	}
	if o.Body <= 0 {
		o.Body = 1 << 20
	}
	if o.Inflated <= 0 {
		o.Inflated = 8 << 30
	}
	return o
}

func (o CaptureOptions) takes(e *Exchange) bool { return o.Take == nil || o.Take(e) }

// Entry is one entry of a capture.
type Entry struct {
	Exchange *Exchange // nil when it could not be read
	At       Position
	Judged   bool // CaptureOptions.Judge was called with it
}

// EntryError is an entry that could not be read. Reading can go on after it.
type EntryError struct {
	At   Position
	Text string // what is wrong, and what to do
}

// Error names the position and what is wrong there.
func (e *EntryError) Error() string { return e.At.String() + ": " + e.Text }

// ReadCapture reads a capture entry by entry: HAR 1.2 or NDJSON, told apart by
// their content, compressed by gzip or not. An entry that cannot be read comes
// with an *EntryError, and reading goes on after it. Any other error is the last:
// the source failed, or it holds neither format. What has arrived is yielded
// before more is waited for, and memory stays flat whatever the length.
//
// Exchanges of a HAR have no caller and no vendor: it does not say who is who.
func ReadCapture(r io.Reader, o CaptureOptions) iter.Seq2[Entry, error] {
	o = o.withDefaults()
	return func(yield func(Entry, error) bool) {
		format, text, err := Recognise(r, o)
		switch {
		case err != nil:
			yield(Entry{}, err)
		case format == "":
			yield(Entry{}, ErrNoCapture)
		case o.Judge != nil:
			sideBySide(format, text, o, yield)
		default:
			var d decoder
			readCaptured(format, text, o, func(c captured) bool { return yield(d.entry(c, o)) })
		}
	}
}

// ErrNoCapture is the error of a text that is in neither format.
var ErrNoCapture = fmt.Errorf("this is neither HAR (a JSON object with the key log) nor NDJSON of exchanges (one JSON object per line, with request.method)")

// captured is an entry as it stands in a capture, not decoded yet.
type captured struct {
	at   Position
	text []byte // lasts until the next one is read; nil with err
	err  error  // what keeps the entry, or all that comes after, from being read

	line bool // of NDJSON; the rest is for entries of a HAR:

	marks   []mark // of those in text; they last as long as it
	dropped int64  // bytes that its strings lack
	over    bool   // text is cut, because it is longer than limit
	limit   int    // in bytes
	twice   string // a key that one of its objects has twice
}

// readCaptured hands on the entries of a capture until take is false.
func readCaptured(format Format, text io.Reader, o CaptureOptions, take func(captured) bool) {
	if format == HAR {
		newHAR(text, o).read(take)
	} else {
		readLines(text, o, take)
	}
}

// readLines reads NDJSON.
func readLines(text io.Reader, o CaptureOptions, take func(captured) bool) {
	lines := NewReader(text, o.Entry)
	for n := 1; ; n++ {
		line, err := lines.text()
		at := Position{Source: o.Source, Entry: n, Offset: lines.start, Line: lines.line}
		broken, isLine := err.(*LineError)
		switch {
		case err == io.EOF:
			return
		case isLine:
			err = &EntryError{at, broken.Text}
		case err != nil:
			take(captured{err: err})
			return
		}
		if !take(captured{at: at, text: line, err: err, line: true}) {
			return
		}
	}
}

// decoder makes exchanges of entries, one after the other.
type decoder struct {
	har  harDecoder
	line lineDecoder
}

// entry is the exchange of an entry, judged if that is asked for.
func (d *decoder) entry(c captured, o CaptureOptions) (Entry, error) {
	if c.err != nil {
		return Entry{At: c.at}, c.err
	}
	var e *Exchange
	var taken bool
	var err error
	if c.line {
		if e, err = d.line.exchange(c.text); err == nil {
			taken = o.takes(e)
		}
	} else {
		e, taken, err = d.har.exchange(c, o)
	}
	if err != nil {
		return Entry{At: c.at}, &EntryError{c.at, err.Error()}
	}
	judged := taken && o.Judge != nil
	if judged {
		o.Judge(e)
	}
	return Entry{Exchange: e, At: c.at, Judged: judged}, nil
}
