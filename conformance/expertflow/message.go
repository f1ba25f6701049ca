package expertflow

import (
	"context"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// messageChecks: the mandatory parts of each message of the run so far.
var messageChecks = []conformance.Check{
	{
		ID: "expertflow/client/header", Title: "sends a header, an object in the message",
		Requirements: []string{"EF-ACT-007"},
		Run:          everyMessage(free("header", "a header")),
	},
	{
		ID: "expertflow/client/sender", Title: "names its sender with id and type",
		Requirements: []string{"EF-ACT-004", "EF-HDR-001", "EF-HDR-002"},
		Run:          everyHeader(free("sender", "a sender with id and type")),
	},
	{
		ID: "expertflow/client/selector", Title: "names a customer, a conversation or a channel session in each header",
		Requirements: []string{"EF-ACT-006", "EF-HDR-006", "EF-HDR-007", "EF-HDR-008"},
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

// invalid is a verdict on what no other check is about. A warning is none.
func invalid(_ *conformance.Partner, a activity) error {
	for _, f := range a.Findings {
		if topicOf(a, f) == "message" && f.Severity == traffic.Error && f.Part == traffic.InRequest {
			return conformance.FailBy("a valid CIM message", f, a.Exchange)
		}
	}
	return nil
}

// everyHeader is everyMessage for checks of what stands in the header.
func everyHeader(judge judge) func(context.Context, *conformance.Partner) error {
	return everyMessage(func(p *conformance.Partner, a activity) error {
		if a.header == nil {
			return unclear(a, "has no header", "header")
		}
		return judge(p, a)
	})
}
