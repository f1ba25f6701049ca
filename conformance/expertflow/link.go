package expertflow

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// link is where the body of an activity has a web address.
type link struct {
	member string // "" without one
	whole  bool   // with scheme and host
}

// linkIn finds the address: in mediaUrl, spelled like that, or in a member that holds
// a whole address, or in one that is named for it.
func linkIn(a activity) link {
	names := slices.Sorted(maps.Keys(a.body))
	for _, matches := range []func(name string) bool{
		func(name string) bool { return plain(name) == "mediaurl" && a.body[name] != nil },
		func(name string) bool { return isWhole(textOf(a.body, name)) },
		func(name string) bool {
			return textOf(a.body, name) != "" && (strings.Contains(plain(name), "url") || strings.Contains(plain(name), "link"))
		},
	} {
		if i := slices.IndexFunc(names, matches); i >= 0 {
			return link{member: names[i], whole: isWhole(textOf(a.body, names[i]))}
		}
	}
	return link{}
}

func isWhole(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && u.Host != ""
}

// isRecording is true for an activity that is the link to a recording, as far as one
// can tell: by its type, or because it has a link when one was asked for.
func isRecording(a activity) bool {
	return a.kind == "URL" || strings.Contains(strings.ToUpper(a.kind), "RECORDING") || linkIn(a).member != ""
}
