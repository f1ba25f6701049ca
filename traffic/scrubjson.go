package traffic

import (
	"bytes"
	"encoding/json"
	"strings"
)

// scrubJSON redacts a text that is one JSON value, exactly: no text inside a
// string can mislead it. It returns false for any other text.
func (r *Redactor) scrubJSON(text string) (string, bool) {
	if !json.Valid([]byte(text)) {
		return "", false
	}
	s := jsonScrubber{redactor: r, text: text, decoder: json.NewDecoder(strings.NewReader(text))}
	s.decoder.UseNumber()
	for s.step() {
	}
	if s.from == 0 {
		return text, true
	}
	s.out.WriteString(text[s.from:])
	return s.out.String(), true
}

type jsonScrubber struct {
	redactor *Redactor
	text     string
	decoder  *json.Decoder
	out      strings.Builder
	from     int    // what is not copied yet begins here
	open     []bool // the containers around: true for an object
	key      bool   // a key comes next
}

// step passes one token, or the whole value of a secret key.
func (s *jsonScrubber) step() bool {
	token, err := s.decoder.Token()
	if err != nil {
		return false
	}
	inObject := len(s.open) > 0 && s.open[len(s.open)-1]
	switch token := token.(type) {
	case json.Delim:
		if token == '{' || token == '[' {
			s.open = append(s.open, token == '{')
		} else {
			s.open = s.open[:len(s.open)-1]
		}
		s.key = len(s.open) > 0 && s.open[len(s.open)-1]
	case string:
		if s.key {
			s.key = false
			if s.redactor.names[plain(token)] {
				s.secret()
				return true
			}
			s.inside(token) // a key may be a URL
			return true
		}
		s.inside(token)
		s.key = inObject
	default:
		s.key = inObject
	}
	return true
}

// secret leaves out the next value. An empty string and null hold no secret.
func (s *jsonScrubber) secret() {
	var value json.RawMessage
	if s.decoder.Decode(&value) != nil {
		return
	}
	s.key = true
	if string(value) != `""` && string(value) != "null" {
		end := int(s.decoder.InputOffset())
		s.replace(end-len(value), end, `"`+Redacted+`"`)
	}
}

// inside redacts what a string holds, such as JSON or a URL.
func (s *jsonScrubber) inside(value string) {
	shown := s.redactor.scrub(value, true)
	if shown == value {
		return
	}
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(shown) != nil {
		return
	}
	end := int(s.decoder.InputOffset())
	s.replace(s.startOf(end), end, strings.TrimSpace(encoded.String()))
}

// startOf finds the opening quotation mark of the string that ends at end.
func (s *jsonScrubber) startOf(end int) int {
	for i := end - 2; ; i-- {
		i = strings.LastIndexByte(s.text[:i+1], '"')
		slashes := len(s.text[:i]) - len(strings.TrimRight(s.text[:i], `\`))
		if slashes%2 == 0 {
			return i
		}
	}
}

func (s *jsonScrubber) replace(start, end int, instead string) {
	s.out.WriteString(s.text[s.from:start])
	s.out.WriteString(instead)
	s.from = end
}
