package expertflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
)

// headerChecks: the members of each header that need not be there, or not in one
// form only.
var headerChecks = []conformance.Check{
	{
		ID: "expertflow/client/sender-type", Title: "says that its sender is an application, with the type APP",
		Requirements: []string{"EF-HDR-003", "EF-HDR-004"},
		Run:          everyHeader(senderType),
	},
	{
		ID: "expertflow/client/sender-name", Title: "gives its sender a name",
		Requirements: []string{"EF-HDR-005"},
		Run: everyHeader(func(_ *conformance.Partner, a activity) error {
			sender, ok := a.header["sender"].(map[string]any)
			if !ok {
				return unclear(a, "has no sender", "sender")
			}
			if err := found(a, "sender-name", "senderName"); err != nil || sender["senderName"] != nil {
				return err
			}
			return conformance.Fail("senderName", "none", a.Exchange)
		}),
	},
	{
		ID: "expertflow/client/timestamp", Title: "sends the timestamp as a number of milliseconds",
		Requirements: []string{"EF-HDR-009", "EF-HDR-010"},
		Run:          where(has("timestamp"), free("timestamp", "a number of milliseconds since 1970")),
	},
	{
		ID: "expertflow/client/channel-data", Title: "sends channelData with both identifiers, and the rest as documented",
		Requirements: []string{"EF-HDR-011", "EF-HDR-014", "EF-HDR-015"},
		Run:          where(has("channelData"), free("channel-data", "channel data with channelCustomerIdentifier and serviceIdentifier")),
	},
	{
		ID: "expertflow/client/channel-identifiers", Title: "fills in both identifiers of channelData",
		Requirements: []string{"EF-HDR-013"},
		Run:          where(has("channelData"), free("channel-identifiers", "identifiers that are not blank")),
	},
	{
		ID: "expertflow/client/header-names", Title: "spells the members of the header as the samples do",
		Requirements: []string{"EF-HDR-016"},
		Run:          everyHeader(spelledRight),
	},
	{
		ID: "expertflow/client/reply-name", Title: "names the message that it answers in originalMessageId",
		Requirements: []string{"EF-HDR-017"},
		Run: where(func(a activity) bool { return has("originalMessageId")(a) || has("replyToMessageId")(a) },
			free("reply-name", "originalMessageId")),
	},
	{
		ID: "expertflow/client/reply-to", Title: "says with the intent REPLY_TO what it answers",
		Requirements: []string{"EF-HDR-018"},
		Run: where(func(a activity) bool { return a.header["intent"] == "REPLY_TO" },
			free("reply-to", "the message that is answered, and its ID at the provider")),
	},
}

// has is true for messages with a member in the header, other than null.
func has(name string) func(activity) bool {
	return func(a activity) bool { return a.header[name] != nil }
}

func senderType(p *conformance.Partner, a activity) error {
	sender, _ := a.header["sender"].(map[string]any)
	given, ok := sender["type"].(string)
	if !ok {
		return unclear(a, "has no type of its sender", "sender")
	}
	expected := "APP"
	if strings.EqualFold(given, expected) {
		switch p.Reading("EF-R-14") {
		case "lower-case":
			expected = "app"
		case "either":
			return nil
		}
	}
	if given != expected {
		return conformance.Fail(expected, fmt.Sprintf("%q", given), a.Exchange)
	}
	return nil
}

// spelledRight compares the members of a header with those of the contract. What
// is like none of them is somebody's own, and no matter of this check.
func spelledRight(p *conformance.Partner, a activity) error {
	names := map[string]string{} // by plain
	for _, f := range p.Contract().Fields("parts/header") {
		if name := strings.TrimPrefix(f.Pointer, "/"); !strings.Contains(name, "/") {
			names[plain(name)] = name
		}
	}
	var wrong []string
	for given := range a.header {
		if name, ok := names[plain(given)]; ok && name != given {
			wrong = append(wrong, fmt.Sprintf("%s for %s", given, name))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return conformance.Fail("the members of the header as the samples spell them", strings.Join(wrong, ", "), a.Exchange)
}

// plain is a name without capitals, spaces, dashes and underscores.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(name))
}
