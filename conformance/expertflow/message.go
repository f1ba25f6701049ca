package expertflow

import (
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// messageChecks: the mandatory parts of each message of the run so far.
var messageChecks = []conformance.Check{
	{
		ID: "expertflow/client/header", Title: "sends a header, an object in the message",
		Requirements: []string{"EF-ACT-007"},
		Run: everyMessage(func(_ *conformance.Partner, a activity) error {
			return conformance.Breaking(found(a, "header", "a header"), "EF-ACT-007")
		}),
	},
	{
		ID: "expertflow/client/sender", Title: "names its sender with id and type",
		Requirements: []string{"EF-ACT-004", "EF-HDR-001", "EF-HDR-002", "EF-HDR-021"},
		Run:          everyHeader(free("sender", "a sender with id and type")),
	},
	{
		ID: "expertflow/client/selector", Title: "names a customer, a conversation or a channel session in each header",
		Requirements: []string{"EF-ACT-006", "EF-HDR-006", "EF-HDR-007", "EF-HDR-008", "EF-HDR-020"},
		Run:          everyHeader(free("selector", "customer with _id, conversationId or channelSessionId")),
	},
	{
		ID: "expertflow/client/body", Title: "sends a body with a type and, if any, a text",
		Requirements: []string{"EF-ACT-005", "EF-BODY-001", "EF-BODY-002"},
		Run:          everyMessage(free("body", "a body with a type")),
	},
	{
		ID: "expertflow/client/id", Title: "gives each activity an id",
		Requirements: []string{"EF-ACT-008"},
		Run: everyMessage(func(_ *conformance.Partner, a activity) error {
			if err := found(a, "id", "an id, a string that is not empty"); err != nil {
				return err
			}
			if a.id == "" {
				return conformance.Fail("an id, a string that is not empty", "none", a.Exchange)
			}
			return nil
		}),
	},
	{
		ID: "expertflow/client/message", Title: "sends valid CIM messages in all that has no check of its own",
		Requirements: []string{"EF-ACT-002", "EF-HDR-019"},
		Run:          everyMessage(invalid),
	},
}

// invalid is a verdict on what no other check is about. A key or a value that the
// contract does not know is none.
func invalid(_ *conformance.Partner, a activity) error {
	f, ok := firstFinding(a, func(f traffic.Finding) bool {
		return topicOf(a, f) == "message" && strings.HasPrefix(f.Code, "body.") && !strings.HasPrefix(f.Code, "body.unknown-")
	})
	if !ok {
		return nil
	}
	return failBy("a valid CIM message", f, a)
}
