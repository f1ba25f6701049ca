package traffic

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// harDecoder makes entries of the text that a scanner kept: without spaces, and with its
// brackets, commas and colons where they belong. It is written by hand because
// encoding/json took more than half of the time in which an archive is judged. It takes
// what HAR 1.2 allows; where a text is odd, encoding/json decides what it means or what is
// wrong with it. What it returns lasts until the next entry.
type harDecoder struct {
	jsonText
	headers  harHeaders
	entry    harEntry
	request  harRequest
	response harResponse
	post     harPost
	texts    [2]string  // of the bodies of request and response, once somebody asks for them
	raw      [2]rawText // likewise, as they stand in the entry
	size     float64
}

// rawText is a string with its escapes.
type rawText struct {
	text    []byte
	escaped bool
}

// exchange makes an exchange of an entry. It has bodies only if it is taken: most of an
// archive is what a page loaded from elsewhere, and most of that is bodies.
func (d *harDecoder) exchange(c captured, o CaptureOptions) (e *Exchange, taken bool, err error) {
	entry, err := d.entryOf(c)
	if err != nil {
		return nil, false, err
	}
	if e, err = entry.exchange(&d.headers); err != nil {
		return nil, false, err
	}
	e.ID = "entry-" + strconv.Itoa(c.at.Entry)
	if !o.takes(e) {
		return e, false, nil
	}
	d.unquote()
	entry.bodies(e, o.Body, c.dropped)
	return e, true, nil
}

// unquote makes the texts of bodies, if decode left them as they were.
func (d *harDecoder) unquote() {
	for i, r := range d.raw {
		text := r.text
		if r.escaped {
			d.unquoted = appendUnquoted(d.unquoted[:0], text)
			text = d.unquoted
		}
		d.texts[i] = string(text)
	}
	d.raw = [2]rawText{}
}

func (d *harDecoder) entryOf(c captured) (*harEntry, error) {
	switch {
	case c.over:
		return nil, fmt.Errorf("it is larger than %d MiB, even without its longest strings", c.limit>>20)
	case !utf8.Valid(c.text):
		return nil, errNotUTF8
	case c.twice != "":
		return nil, fmt.Errorf("the key %s stands in one object twice", c.twice)
	}
	if entry, ok := d.decode(c.text, c.marks); ok {
		return entry, nil
	}
	var entry harEntry
	if err := json.Unmarshal(c.text, &entry); err != nil {
		return nil, harProblem(err)
	}
	return &entry, nil
}

// decode is false for a text that is odd. The texts of bodies are made by unquote.
func (d *harDecoder) decode(text []byte, marks []mark) (*harEntry, bool) {
	q, r, p := &d.request, &d.response, &d.post
	d.begin(text, marks)
	d.entry, d.raw = harEntry{}, [2]rawText{}
	*q = harRequest{Headers: q.Headers[:0], Cookies: q.Cookies[:0]}
	*r = harResponse{Headers: r.Headers[:0], Cookies: r.Cookies[:0]}
	*p = harPost{Params: p.Params[:0]}
	d.object(entryKeys, d.entryMember)
	return &d.entry, !d.odd && d.at == len(text)
}

// The keys that are read, in the order of the members below.
var (
	entryKeys    = []string{"startedDateTime", "time", "request", "response"}
	requestKeys  = []string{"method", "url", "headers", "cookies", "postData", "bodySize"}
	responseKeys = []string{"status", "headers", "cookies", "content", "bodySize", "_error"}
	pairKeys     = []string{"name", "value"}
	postKeys     = []string{"mimeType", "text", "encoding", "params"}
	paramKeys    = []string{"name", "value", "fileName", "contentType"}
	contentKeys  = []string{"size", "mimeType", "text", "encoding"}
)

func (d *harDecoder) entryMember(key int) {
	switch key {
	case 0:
		d.entry.Started = d.string()
	case 1:
		d.entry.Time = d.number()
	case 2:
		d.entry.Request = &d.request
		d.object(requestKeys, d.requestMember)
	case 3:
		d.entry.Response = &d.response
		d.object(responseKeys, d.responseMember)
	}
}

func (d *harDecoder) requestMember(key int) {
	q := &d.request
	switch key {
	case 0:
		q.Method = d.known()
	case 1:
		q.URL = d.string()
	case 2:
		q.Headers = d.pairs(q.Headers)
	case 3:
		q.Cookies = d.pairs(q.Cookies)
	case 4:
		q.PostData = &d.post
		d.object(postKeys, d.postMember)
	case 5:
		q.BodySize = d.number()
	}
}

func (d *harDecoder) responseMember(key int) {
	r := &d.response
	switch key {
	case 0:
		r.Status = d.number()
	case 1:
		r.Headers = d.pairs(r.Headers)
	case 2:
		r.Cookies = d.pairs(r.Cookies)
	case 3:
		d.object(contentKeys, d.contentMember)
	case 4:
		r.BodySize = d.number()
	case 5:
		r.Error = d.string()
	}
}

func (d *harDecoder) postMember(key int) {
	p := &d.post
	switch key {
	case 0:
		p.MimeType = d.known()
	case 1:
		d.raw[0].text, d.raw[0].escaped = d.quoted()
		p.Text = &d.texts[0]
	case 2:
		p.Encoding = d.known()
	case 3:
		d.list(func() {
			p.Params = append(p.Params, harParam{})
			if last := &p.Params[len(p.Params)-1]; !d.null() {
				d.object(paramKeys, func(key int) { d.paramMember(last, key) })
			}
		})
	}
}

func (d *harDecoder) paramMember(p *harParam, key int) {
	switch key {
	case 0:
		p.Name = d.string()
	case 1:
		value := d.string()
		p.Value = &value
	case 2:
		p.FileName = d.string()
	case 3:
		p.ContentType = d.string()
	}
}

func (d *harDecoder) contentMember(key int) {
	c := &d.response.Content
	switch key {
	case 0:
		d.size = d.number()
		c.Size = &d.size
	case 1:
		c.MimeType = d.known()
	case 2:
		d.raw[1].text, d.raw[1].escaped = d.quoted()
		c.Text = &d.texts[1]
	case 3:
		c.Encoding = d.known()
	}
}

// pairs appends headers or cookies to list.
func (d *harDecoder) pairs(list []harPair) []harPair {
	d.list(func() {
		list = append(list, harPair{})
		if last := &list[len(list)-1]; !d.null() {
			d.object(pairKeys, func(key int) {
				if key == 0 {
					last.Name = d.known()
				} else {
					last.Value = d.string()
				}
			})
		}
	})
	return list
}
