package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// Denial says what in the body of an answer speaks against a status of success: a
// page, such as one to log in, or JSON that tells of an error. "" for any other.
func Denial(e *traffic.Exchange) string {
	text := bytes.TrimSpace(e.Response.Body.Kept)
	kind, _, _ := mime.ParseMediaType(e.Response.Header.Get("Content-Type"))
	if kind == "text/html" || bytes.HasPrefix(text, []byte("<")) {
		return "a page of HTML or XML"
	}
	var answer map[string]any
	if json.Unmarshal(text, &answer) != nil {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(answer)) {
		if denies(strings.ToLower(name), answer[name]) {
			return "a body that says " + strconv.Quote(visible.Shorten(name+": "+fmt.Sprint(answer[name]), 80))
		}
	}
	return ""
}

// Assumed: how the bodies of answers tell of success and of errors.
var (
	affirming = []string{"success", "ok", "accepted", "received"}
	accusing  = []string{"error", "errors", "exception", "failed", "failure"}
	telling   = []string{"status", "result", "code", "statuscode", "state", "outcome"}
	denying   = lazy.Regexp(`(?i)\berr\b|error|fail|\bfault|exception|denied|refus|reject|invalid|unauthori|forbid|^n(ot)?[ _-]?ok$|^ko$|^no$`)
)

// denies reports whether a member tells that the event was not taken.
func denies(name string, value any) bool {
	accuses, tells := slices.Contains(accusing, name), slices.Contains(telling, name)
	switch v := value.(type) {
	case nil:
		return false
	case bool:
		return v && accuses || !v && (tells || slices.Contains(affirming, name))
	case string:
		return v != "" && accuses || tells && denying().MatchString(v)
	case float64:
		return tells && v >= 400 && v < 600
	case []any:
		return accuses && len(v) > 0
	}
	return accuses
}
