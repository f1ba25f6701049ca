package mockserver

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

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

// preferred reads "Prefer: code=404, example=name, delay=800". It answers a value
// that it cannot follow with a problem.
func preferred(header http.Header) (preferences, *problem) {
	var p preferences
	if len(header["Prefer"]) == 0 {
		return p, nil
	}
	for part := range strings.SplitSeq(strings.Join(header["Prefer"], ","), ",") {
		part, _, _ = strings.Cut(part, ";")
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "code":
			code, err := strconv.Atoi(value)
			if err != nil || code < 100 || code > 599 {
				return p, badPreference("code=%s is no HTTP status; write for instance code=404", value)
			}
			p.code = code
		case "example":
			p.example = value
		case "delay":
			ms, err := strconv.Atoi(value)
			if err != nil || ms < 0 || time.Duration(ms)*time.Millisecond > maxDelay {
				return p, badPreference("delay=%s is none; write milliseconds, at most %d", value, maxDelay.Milliseconds())
			}
			p.delay = time.Duration(ms) * time.Millisecond
		}
	}
	return p, nil
}

func badPreference(format string, args ...any) *problem {
	return &problem{Status: http.StatusBadRequest, Kind: "prefer", Detail: "Prefer: " + fmt.Sprintf(format, args...)}
}

// answer returns the reply that is asked for, or nil when none is.
func (p preferences) answer(c *Call, v *vendor, o *specs.Operation) (*Reply, *problem) {
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
		list = append(list, "example="+p.example)
	}
	if p.delay != 0 {
		list = append(list, "delay="+strconv.FormatInt(p.delay.Milliseconds(), 10))
	}
	return strings.Join(list, ", ")
}
