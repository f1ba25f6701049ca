package tracecontext

import (
	"strings"

	"github.com/parleykit/parley/internal/lazy"
)

// maxMembers is how many members a tracestate has at most.
const maxMembers = 32

// member is KEY=VALUE, where KEY is that of a system, or of a tenant of one: TENANT@SYSTEM.
var member = lazy.Regexp(`^([a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})=[ -+\--<>-~]{0,255}[!-+\--<>-~]$`)

// stateIsValid reports whether a tracestate can be passed on: members that are well
// formed, not too many, and none twice. There may be empty ones.
func stateIsValid(state string) bool {
	keys := map[string]bool{}
	for text := range strings.SplitSeq(state, ",") {
		text = strings.Trim(text, " \t")
		if text == "" {
			continue
		}
		key, _, _ := strings.Cut(text, "=")
		if keys[key] || !member().MatchString(text) {
			return false
		}
		keys[key] = true
	}
	return len(keys) <= maxMembers && len(keys) > 0
}
