package traffic

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// The parts of a HAR entry that an exchange has a place for (HAR 1.2, "entries").
// Names that begin with _ are what browsers add.
type harEntry struct {
	Started  string       `json:"startedDateTime"`
	Time     float64      `json:"time"` // milliseconds
	Request  *harRequest  `json:"request"`
	Response *harResponse `json:"response"`
}

type harRequest struct {
	Method   string     `json:"method"`
	URL      string     `json:"url"`
	Headers  []harPair  `json:"headers"`
	Cookies  harCookies `json:"cookies"`
	PostData *harPost   `json:"postData"`
	BodySize float64    `json:"bodySize"` // -1: not known
}

type harResponse struct {
	Status   float64    `json:"status"` // 0: none came
	Headers  []harPair  `json:"headers"`
	Cookies  harCookies `json:"cookies"`
	Content  harContent `json:"content"`
	BodySize float64    `json:"bodySize"` // -1: not known
	Error    string     `json:"_error"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// harCookies are cookies beside the headers, which name them too: without them, or with
// some that nobody can read, all else can be judged.
type harCookies []harPair

// UnmarshalJSON takes no cookies for what is none.
func (c *harCookies) UnmarshalJSON(data []byte) error {
	var list []harPair
	if json.Unmarshal(data, &list) == nil {
		*c = list
	}
	return nil
}

type harPost struct {
	MimeType string     `json:"mimeType"`
	Text     *string    `json:"text"`
	Encoding string     `json:"encoding"` // not in HAR 1.2, but written for bodies that are no text
	Params   []harParam `json:"params"`
}

type harParam struct {
	Name        string  `json:"name"`
	Value       *string `json:"value"`
	FileName    string  `json:"fileName"`
	ContentType string  `json:"contentType"`
}

// text is what a parameter says; of a file that is often left out.
func (p harParam) text() string {
	switch {
	case p.Value != nil && (*p.Value != "" || p.FileName == ""):
		return *p.Value
	case p.FileName != "":
		return Redacted
	}
	return ""
}

type harContent struct {
	Size     *float64 `json:"size"` // -1: not known
	MimeType string   `json:"mimeType"`
	Text     *string  `json:"text"`
	Encoding string   `json:"encoding"`
}

// NoResponseKept is the Error of an exchange whose answer a capture does not hold: nobody
// knows whether one came.
const NoResponseKept = "the capture holds no response"

// harProblem says what is wrong with an entry in the words of HAR.
func harProblem(err error) error {
	var kind *json.UnmarshalTypeError
	if !errors.As(err, &kind) {
		return err
	}
	what, _, _ := strings.Cut(kind.Value, " ")
	if number, ok := strings.CutPrefix(kind.Value, "number "); ok && kind.Type.Kind().String() == "float64" {
		what = "the number " + number + ", which is out of range"
	}
	return fmt.Errorf("%s is %s, which HAR 1.2 does not allow there", cmp.Or(kind.Field, "the entry"), what)
}

// exchange is the entry as an exchange without bodies.
func (entry *harEntry) exchange(headers *harHeaders) (*Exchange, error) {
	q := entry.Request
	switch {
	case q == nil:
		return nil, errors.New("it has no request; an entry of HAR 1.2 has the keys request and response")
	case q.Method == "":
		return nil, errors.New("request.method is missing")
	case q.URL == "":
		return nil, errors.New("request.url is missing")
	}
	sent := ""
	if q.PostData != nil {
		sent = q.PostData.MimeType
	}
	e := &Exchange{Request: Request{Method: q.Method, URL: q.URL, Header: headers.of(q.Headers, sent, "Cookie", q.Cookies)}}
	e.Time, _ = time.Parse(time.RFC3339, entry.Started) // without a time it is judged all the same
	if ms := entry.Time; ms > 0 && ms < float64(math.MaxInt64/time.Millisecond) {
		e.Duration = time.Duration(math.Round(ms * float64(time.Millisecond)))
	}
	r := entry.Response
	if r == nil || r.Status <= 0 {
		e.Error = NoResponseKept
		if r != nil {
			e.Error = "no response came"
		}
		if r != nil && r.Error != "" {
			e.Error = r.Error
		}
		return e, nil
	}
	if r.Status > 999 {
		return nil, fmt.Errorf("response.status is %v, which no status is", r.Status)
	}
	received := ""
	if len(r.Headers) == 0 {
		received = r.Content.MimeType
	}
	e.Response = &Response{Status: int(r.Status), Header: headers.of(r.Headers, received, "Set-Cookie", r.Cookies)}
	return e, nil
}

// bodies adds the bodies to its exchange. Of each limit bytes are kept; of their texts
// dropped bytes are missing.
func (entry *harEntry) bodies(e *Exchange, limit int, dropped int64) {
	bodies := harBodies{limit, dropped}
	e.Request.Body = bodies.request(entry.Request, e.Request.Header)
	if e.Response != nil {
		e.Response.Body = bodies.response(entry.Response, e.Response.Header, entry.Request.Method)
	}
}
