package mockserver

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/problem"
	"github.com/parleykit/parley/specs"
)

// maxDelay bounds how long a request may ask to be delayed.
const maxDelay = time.Minute

// preferences are what a request asks of the mock in its Prefer headers (RFC
// 7240). Preferences that are not Parley's are ignored.
type preferences struct {
	code    int
	example string
	delay   time.Duration
}

// preferred reads "Prefer: code=404, example=name, delay=800", in one header or in
// several; of a preference that is given twice the first counts. It answers a value
// that it cannot follow with a problem.
func preferred(header http.Header) (preferences, *problem.Problem) {
	var p preferences
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
func (p *preferences) take(name, value string) *problem.Problem {
	switch name {
	case "code":
		code, err := strconv.Atoi(value)
		if err != nil || code < 200 || code > 599 {
			return badPreference("code=%s is no final HTTP status; write for instance code=404", value)
		}
		p.code = code
	case "example":
		if value == "" {
			return badPreference("example has no value; write for instance example=documented")
		}
		p.example = value
	case "delay":
		ms, err := strconv.Atoi(value)
		if err != nil || ms < 0 || time.Duration(ms) > maxDelay/time.Millisecond {
			return badPreference("delay=%s is none; write milliseconds, at most %d", value, maxDelay.Milliseconds())
		}
		p.delay = time.Duration(ms) * time.Millisecond
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

func badPreference(format string, args ...any) *problem.Problem {
	return &problem.Problem{Status: http.StatusBadRequest, Kind: "prefer", Detail: "Prefer: " + fmt.Sprintf(format, args...)}
}

// answer returns the reply that is asked for, or nil when none is.
func (p preferences) answer(c *Call, v *vendor, o *specs.Operation) (*Reply, *problem.Problem) {
	if p.code == 0 && p.example == "" {
		return nil, nil
	}
	status := p.code
	if status == 0 {
		status = successOf(o)
	}
	if !documents(o, status) {
		return nil, badPreference(`status %d is not documented for %s (documented: %s); a fault with "undocumented" answers it all the same`, status, o.Name(), statuses(o))
	}
	if p.example == "" {
		reply := c.forced(v, o, status)
		return &reply, nil
	}
	reply, err := sampleReply(v.contract, o, status, p.example)
	if err != nil {
		return nil, badPreference("example=%s: %v", p.example, err)
	}
	return &reply, nil
}

// applied is the value of Preference-Applied, "" when there is nothing to say.
func (p preferences) applied() string {
	var list []string
	if p.code != 0 {
		list = append(list, "code="+strconv.Itoa(p.code))
	}
	if p.example != "" {
		list = append(list, "example="+quotedIfNeeded(p.example))
	}
	if p.delay != 0 {
		list = append(list, "delay="+strconv.FormatInt(p.delay.Milliseconds(), 10))
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
