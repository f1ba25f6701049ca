package fault

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/problem"
)

// maxDelay bounds how long a request may ask to be delayed.
const maxDelay = time.Minute

// Preferences are what a request asks of the mock in its Prefer headers (RFC 7240).
// Preferences that are not Parley's are ignored.
type Preferences struct {
	Code    int    // status; 0: none
	Example string // name of a sample
	Dynamic *bool  // a body made from the schema, or a sample; nil: not said
	Delay   time.Duration
}

// ErrPrefer says that a preference cannot be followed.
var ErrPrefer error = &problem.Reason{Status: http.StatusBadRequest, Kind: "prefer", Text: "Prefer"}

// Preferred reads "Prefer: code=404, example=name, dynamic=true, delay=800", in one header or in
// several; of a preference that is given twice the first counts. The error wraps
// ErrPrefer and says what can be written instead.
func Preferred(header http.Header) (Preferences, error) {
	var p Preferences
	if len(header["Prefer"]) == 0 {
		return p, nil
	}
	seen := map[string]bool{}
	for _, part := range outsideQuotes(strings.Join(header["Prefer"], ","), ',') {
		part = outsideQuotes(part, ';')[0] // parameters of a preference are none of ours
		name, value, _ := strings.Cut(part, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if seen[name] {
			continue
		}
		seen[name] = true
		if refused := p.take(name, unquoted(strings.TrimSpace(value))); refused != nil {
			return p, refused
		}
	}
	return p, nil
}

// take notes one preference.
func (p *Preferences) take(name, value string) error {
	switch name {
	case "code":
		code, err := strconv.Atoi(value)
		if err != nil || code < 200 || code > 599 {
			return fmt.Errorf("%w: code=%s is no final HTTP status; write for instance code=404", ErrPrefer, value)
		}
		p.Code = code
	case "example":
		if value == "" {
			return fmt.Errorf("%w: example has no value; write for instance example=documented", ErrPrefer)
		}
		p.Example = value
	case "dynamic":
		if value != "true" && value != "false" {
			return fmt.Errorf("%w: dynamic=%s is neither; write dynamic=true for a body made from the schema, or dynamic=false for a sample", ErrPrefer, value)
		}
		dynamic := value == "true"
		p.Dynamic = &dynamic
	case "delay":
		ms, err := strconv.Atoi(value)
		if err != nil || ms < 0 || time.Duration(ms) > maxDelay/time.Millisecond {
			return fmt.Errorf("%w: delay=%s is none; write milliseconds, at most %d", ErrPrefer, value, maxDelay.Milliseconds())
		}
		p.Delay = time.Duration(ms) * time.Millisecond
	}
	return nil
}

// outsideQuotes splits at a separator that does not stand in a quoted string.
func outsideQuotes(text string, separator byte) []string {
	var parts []string
	begin, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch {
		case quoted && text[i] == '\\':
			i++ // what follows is taken as it is
		case text[i] == '"':
			quoted = !quoted
		case text[i] == separator && !quoted:
			parts = append(parts, text[begin:i])
			begin = i + 1
		}
	}
	return append(parts, text[begin:])
}

// unquoted is the value of a word: a token, or a quoted string.
func unquoted(word string) string {
	if len(word) < 2 || word[0] != '"' || word[len(word)-1] != '"' {
		return word
	}
	var plain strings.Builder
	for i := 1; i < len(word)-1; i++ {
		if word[i] == '\\' && i+1 < len(word)-1 {
			i++
		}
		plain.WriteByte(word[i])
	}
	return plain.String()
}

// Applied is the value of Preference-Applied, "" when there is nothing to say.
func (p Preferences) Applied() string {
	var list []string
	if p.Code != 0 {
		list = append(list, "code="+strconv.Itoa(p.Code))
	}
	if p.Example != "" {
		list = append(list, "example="+quotedIfNeeded(p.Example))
	}
	if p.Dynamic != nil {
		list = append(list, "dynamic="+strconv.FormatBool(*p.Dynamic))
	}
	if p.Delay != 0 {
		list = append(list, "delay="+strconv.FormatInt(p.Delay.Milliseconds(), 10))
	}
	return strings.Join(list, ", ")
}

// quotedIfNeeded writes a value as a token where it is one.
func quotedIfNeeded(value string) string {
	if strings.ContainsAny(value, " \t\",;=\\") {
		return strconv.Quote(value)
	}
	return value
}
