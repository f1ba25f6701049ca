package infer

import (
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/validator"
)

// telling are the names, without case and separators, of members that say which event a
// body is; the first that all bodies have decides.
var telling = []string{"type", "event", "eventtype", "eventname", "action", "topic", "kind"}

// tags are the telling members of a body whose values are words.
func tags(body []byte) map[string]string {
	object, _ := validator.Decode(body).Value().(map[string]any)
	found := map[string]string{}
	for name, value := range object {
		text, _ := value.(string)
		if slices.Contains(telling, tellingName(name)) && word().MatchString(text) && len(text) <= 60 {
			found[name] = text
		}
	}
	return found
}

func tellingName(name string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
}

// event is what was seen of calls to a webhook that are the same by their telling
// members.
type event struct {
	*call
	tags map[string]string
}

// divided returns the events of one method: by a telling member that all bodies have, or
// else by their addresses. Member is "" where it was no member.
func divided(list []*event) (member string, events []*call) {
	member = tellingMember(list)
	byKey := map[string]*call{}
	for _, e := range list {
		key := e.path
		if member != "" {
			key = e.tags[member]
		}
		if byKey[key] == nil {
			byKey[key] = e.blank()
			byKey[key].id = key
		}
		byKey[key].merge(e.call)
	}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		events = append(events, byKey[key])
	}
	return member, events
}

func tellingMember(list []*event) string {
	const most = 50
	for _, wanted := range telling {
		values, name, everywhere := map[string]bool{}, "", true
		for _, e := range list {
			own := ""
			for _, given := range slices.Sorted(maps.Keys(e.tags)) {
				if own == "" && tellingName(given) == wanted && (name == "" || name == given) {
					own = given
				}
			}
			name = own
			if everywhere = everywhere && own != ""; !everywhere {
				break
			}
			values[e.tags[own]] = true
		}
		if everywhere && len(values) <= most {
			return name
		}
	}
	return ""
}
