package traffic

import (
	"bufio"
	"cmp"
	"encoding/base64"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
)

// HAROptions say what exchanges do not know of themselves.
type HAROptions struct {
	Version string // of Parley
	Base    string // stands before URLs that are paths; default "http://localhost"
}

// WriteHAR writes exchanges as an HTTP Archive 1.2, one after the other. It writes what
// it is given: redact first what leaves the machine. Each entry has besides what HAR has
// no place for, under _parley.
func WriteHAR(w io.Writer, list iter.Seq[*Exchange], o HAROptions) error {
	out := bufio.NewWriter(w)
	out.WriteString(HARHead(o) + "\n")
	divider := " "
	for e := range list {
		out.WriteString(divider)
		if err := WriteHAREntry(out, e, o); err != nil {
			return err
		}
		divider = ","
	}
	out.WriteString("]}}\n")
	return out.Flush()
}

// HARBeginning is how every archive of Parley's begins, whatever its version.
const HARBeginning = `{"log":{"version":"1.2","creator":{"name":"Parley","version":`

// HARHead is what stands before the first entry.
func HARHead(o HAROptions) string {
	version, err := plainjson.Marshal(o.Version)
	if err != nil {
		version = []byte(`""`) // a string can always be written
	}
	return HARBeginning + visible.Text(string(version)) + `},"entries":[`
}

// WriteHAREntry writes an exchange as an entry of an archive, in a line of its own.
func WriteHAREntry(w io.Writer, e *Exchange, o HAROptions) error {
	text, err := plainjson.Marshal(writtenEntry(e, cmp.Or(o.Base, "http://localhost")))
	if err == nil {
		_, err = io.WriteString(w, visible.Text(string(text))+"\n")
	}
	return err
}

// What is written of an entry. The empty lists and the times that are not known are what
// HAR 1.2 demands.
type writtenHAR struct {
	Started  string            `json:"startedDateTime"`
	Time     float64           `json:"time"` // milliseconds
	Request  writtenRequest    `json:"request"`
	Response writtenResponse   `json:"response"`
	Cache    struct{}          `json:"cache"`
	Timings  writtenTimings    `json:"timings"`
	Parley   writtenParticular `json:"_parley"`
}

type writtenRequest struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	HTTPVersion string       `json:"httpVersion"`
	Cookies     []harPair    `json:"cookies"`
	Headers     []harPair    `json:"headers"`
	QueryString []harPair    `json:"queryString"`
	PostData    *writtenPost `json:"postData,omitempty"`
	HeadersSize int64        `json:"headersSize"`
	BodySize    int64        `json:"bodySize"`
}

type writtenPost struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Encoding string `json:"encoding,omitempty"` // not in HAR 1.2, but written for bodies that are no text
}

type writtenResponse struct {
	Status      int            `json:"status"` // 0: none came
	StatusText  string         `json:"statusText"`
	HTTPVersion string         `json:"httpVersion"`
	Cookies     []harPair      `json:"cookies"`
	Headers     []harPair      `json:"headers"`
	Content     writtenContent `json:"content"`
	RedirectURL string         `json:"redirectURL"`
	HeadersSize int64          `json:"headersSize"`
	BodySize    int64          `json:"bodySize"`
	Error       string         `json:"_error,omitempty"`
}

type writtenContent struct {
	Size     int64   `json:"size"` // -1: not known
	MimeType string  `json:"mimeType"`
	Text     *string `json:"text,omitempty"`
	Encoding string  `json:"encoding,omitempty"`
}

type writtenTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// writtenParticular is what HAR has no place for.
type writtenParticular struct {
	ID        string    `json:"id,omitempty"`
	Sandbox   string    `json:"sandbox,omitempty"`
	Vendor    string    `json:"vendor"`
	Caller    Caller    `json:"caller"`
	Operation string    `json:"operation,omitempty"`
	Channel   string    `json:"channel,omitempty"`
	Delivery  string    `json:"delivery,omitempty"`
	Attempt   int       `json:"attempt,omitempty"`
	Findings  []Finding `json:"findings,omitempty"`
	Faults    []string  `json:"faults,omitempty"`
	Check     string    `json:"check,omitempty"`
}

// unknownVersion stands for the version of HTTP, which exchanges do not know.
const unknownVersion = "unknown"

func writtenEntry(e *Exchange, base string) writtenHAR {
	ms := float64(e.Duration) / float64(time.Millisecond)
	entry := writtenHAR{
		Started: e.Time.Format(time.RFC3339Nano), Time: ms, Timings: writtenTimings{Wait: ms},
		Request: writtenRequest{
			Method: e.Request.Method, URL: absolute(e.Request.URL, base), HTTPVersion: unknownVersion, HeadersSize: Unknown,
			Headers: headerPairs(e.Request.Header), Cookies: cookiePairs((&http.Request{Header: e.Request.Header}).Cookies()),
			QueryString: queryPairs(e.Request.URL), BodySize: e.Request.Body.Size,
		},
		Response: writtenResponse{HTTPVersion: unknownVersion, Cookies: []harPair{}, Headers: []harPair{}, HeadersSize: Unknown, BodySize: Unknown, Error: e.Error},
		Parley: writtenParticular{
			e.ID, e.Sandbox, e.Vendor, e.Caller, e.Operation, e.Channel, e.Delivery, e.Attempt, e.Findings, e.Faults, e.Check,
		},
	}
	if body := e.Request.Body; len(body.Kept) > 0 {
		text, encoding := harText(body.Kept)
		entry.Request.PostData = &writtenPost{e.Request.Header.Get("Content-Type"), text, encoding}
	}
	if e.Response != nil {
		entry.Response = responseOf(e.Response)
	}
	return entry
}

func responseOf(r *Response) writtenResponse {
	next := writtenResponse{
		Status: r.Status, StatusText: http.StatusText(r.Status), HTTPVersion: unknownVersion, Headers: headerPairs(r.Header),
		Cookies: cookiePairs((&http.Response{Header: r.Header}).Cookies()), RedirectURL: r.Header.Get("Location"),
		HeadersSize: Unknown, BodySize: r.Body.Size, Content: writtenContent{Size: r.Body.Size, MimeType: r.Header.Get("Content-Type")},
	}
	if len(r.Body.Kept) > 0 || !r.Body.Cut() {
		text, encoding := harText(r.Body.Kept)
		next.Content.Text, next.Content.Encoding = &text, encoding
	}
	return next
}

// harText is a body as it is, or in base64 when it is no text.
func harText(body []byte) (text, encoding string) {
	if utf8.Valid(body) {
		return string(body), ""
	}
	return base64.StdEncoding.EncodeToString(body), "base64"
}

// absolute puts an address before a URL that is a path, as HAR demands.
func absolute(text, base string) string {
	if u, err := url.Parse(text); err == nil && u.IsAbs() {
		return text
	}
	return strings.TrimRight(base, "/") + "/" + strings.TrimPrefix(text, "/")
}

func headerPairs(h http.Header) []harPair {
	pairs := []harPair{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			pairs = append(pairs, harPair{name, value})
		}
	}
	return pairs
}

func cookiePairs(cookies []*http.Cookie) []harPair {
	pairs := []harPair{}
	for _, c := range cookies {
		pairs = append(pairs, harPair{c.Name, c.Value})
	}
	return pairs
}

// queryPairs are the parameters of a query in their order. One that is not encoded well
// stands there as it is.
func queryPairs(text string) []harPair {
	pairs := []harPair{}
	text, _, _ = strings.Cut(text, "#")
	_, query, _ := strings.Cut(text, "?")
	for _, one := range strings.FieldsFunc(query, func(r rune) bool { return r == '&' }) {
		name, value, _ := strings.Cut(one, "=")
		pairs = append(pairs, harPair{queryText(name), queryText(value)})
	}
	return pairs
}

func queryText(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}
