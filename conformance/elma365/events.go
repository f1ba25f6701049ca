package elma365

import (
	"context"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// eventChecks: the messenger executes each of the six events. Disconnect is
// among channelChecks.
var eventChecks = []conformance.Check{
	{
		ID: "elma365/webhook/connect", Title: "answers connect with 200",
		Requirements: []string{"ELMA365-GEN-002", "ELMA365-GEN-006", "ELMA365-CON-002"},
		Run:          firstConnect,
	},
	{
		ID: "elma365/webhook/connect-again", Title: "answers 200 when the connect of its channel comes a second time",
		Requirements: []string{"ELMA365-CON-010"},
		Run: all(accepted, func(p *conformance.Partner) []request {
			return []request{valid(p, "connect", "connect", nil), valid(p, "connect", "the same connect again", nil)}
		}),
	},
	{
		ID: "elma365/webhook/message", Title: "answers an operator's message with text and a file with 200",
		Requirements: []string{"ELMA365-GEN-002", "ELMA365-GEN-006", "ELMA365-MSG-001", "ELMA365-MSG-002", "ELMA365-MSG-003"},
		Run:          all(accepted, one("message", nil)),
	},
	{
		ID: "elma365/webhook/message-text-only", Title: "accepts an operator's message that has text and no files",
		Requirements: []string{"ELMA365-MSG-005"},
		Run:          all(unlessReading("ELMA365-R-16", "both-required", accepted), change("message", "a message without files", without("data.files"))),
	},
	{
		ID: "elma365/webhook/message-files-only", Title: "accepts an operator's message that has files and no text",
		Requirements: []string{"ELMA365-MSG-005"},
		Run:          all(unlessReading("ELMA365-R-16", "both-required", accepted), change("message", "a message without text", without("data.text"))),
	},
	{
		ID: "elma365/webhook/message-empty-files", Title: "accepts an operator's text with an empty list of files",
		Requirements: []string{"ELMA365-MSG-005"},
		Run:          all(accepted, one("message", map[string]any{"data.files": []any{}})),
	},
	{
		ID: "elma365/webhook/message-several-files", Title: "accepts an operator's message with several files",
		Requirements: []string{"ELMA365-MSG-001", "ELMA365-MSG-003"},
		Run: all(accepted, one("message", map[string]any{
			"data.files": []any{file("one.png"), file("two.pdf"), file("three.txt")},
		})),
	},
	{
		ID: "elma365/webhook/message-file-without-size", Title: "accepts an operator's file that comes without its size",
		Requirements: []string{"ELMA365-MSG-003"},
		Run: all(unlessReading("ELMA365-R-17", "required-from-elma365", accepted), change("message", "a message whose file has no size", with("data.files", []any{
			map[string]any{"name": "one.png", "URL": "https://files.example/attachment"},
		}))),
	},
	{
		ID: "elma365/webhook/message-twice", Title: "accepts the same operator's message a second time",
		Requirements: []string{"ELMA365-MSG-001"},
		Run: all(accepted, func(p *conformance.Partner) []request {
			first := valid(p, "message", "a message", nil)
			return []request{first, {first.Raw, "the same message again"}}
		}),
	},
	{
		ID: "elma365/webhook/outcome", Title: "answers a messageOutcome with success true with 200",
		Requirements: []string{"ELMA365-OUT-001"},
		Run:          all(accepted, one("messageOutcome", map[string]any{"data.success": true})),
	},
	{
		ID: "elma365/webhook/outcome-failed", Title: "answers a messageOutcome with success false with 200",
		Requirements: []string{"ELMA365-OUT-001"},
		Run:          all(accepted, one("messageOutcome", map[string]any{"data.success": false})),
	},
	{
		ID: "elma365/webhook/mark-as-read", Title: "answers markAsRead with 200",
		Requirements: []string{"ELMA365-READ-001"},
		Run:          all(accepted, one("markAsRead", nil)),
	},
	{
		ID: "elma365/webhook/user-info", Title: "answers userInfo for a user that it has, or for that of the page's sample, with data",
		Requirements: []string{"ELMA365-USR-001", "ELMA365-USR-002", "ELMA365-USR-003"},
		Run:          userInfo,
	},
	{
		ID: "elma365/webhook/user-info-unknown", Title: "answers userInfo for a user that it does not know with 200 or 404",
		Requirements: []string{"ELMA365-USR-007"},
		Run:          all(unknownUser, one("userInfo", nil)),
	},
	{
		ID: "elma365/webhook/optional-channel", Title: "accepts messageOutcome, userInfo and markAsRead that carry channelId",
		Requirements: []string{"ELMA365-GEN-021"},
		Run:          withOptionalChannel,
	},
}

// firstConnect judges the connect with which the run opened its channel: one that
// comes later is a second one.
func firstConnect(ctx context.Context, p *conformance.Partner) error {
	own := p.Channel().ID
	sent := p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool {
		return e.Operation == "events/connect" && e.Delivery != "" && e.Channel == own
	})
	if len(sent) == 0 {
		return each(ctx, p, accepted, valid(p, "connect", "connect", nil))
	}
	return accepted(p, "connect", sent[len(sent)-1])
}

// one is a single valid event.
func one(event string, set map[string]any) func(*conformance.Partner) []request {
	return func(p *conformance.Partner) []request { return []request{valid(p, event, event, set)} }
}

// change is a single event with one change.
func change(event, what string, how func(map[string]any)) func(*conformance.Partner) []request {
	return func(p *conformance.Partner) []request { return []request{changed(p, event, what, how)} }
}

func withOptionalChannel(ctx context.Context, p *conformance.Partner) error {
	var requests []request
	for _, event := range []string{"messageOutcome", "userInfo", "markAsRead"} {
		requests = append(requests, valid(p, event, event+" with channelId", map[string]any{"channelId": p.Channel().ID}))
	}
	return each(ctx, p, taken, requests...)
}

// taken is accepted, for checks that are not about the user of userInfo, whom the
// messenger need not know.
func taken(p *conformance.Partner, what string, e *traffic.Exchange) error {
	if e.Operation == "events/userInfo" {
		return unknownUser(p, what, e)
	}
	return accepted(p, what, e)
}
