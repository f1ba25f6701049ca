package elma365

import (
	"context"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

// effectChecks: what the two sides say of one message fits together.
var effectChecks = []conformance.Check{
	{
		ID: "elma365/client/one-message", Title: "lets one message of a client become one message in ELMA365, though it sends it twice",
		Requirements: []string{"ELMA365-OUT-005"},
		Run:          oneMessage,
	},
	{
		ID: "elma365/client/distinct-ids", Title: "gives two messages two externalMessageIds",
		Requirements: []string{"ELMA365-IN-012"},
		Run:          distinctIDs,
	},
	{
		ID: "elma365/client/own-outcome", Title: "answers the messageOutcome of its own message with 200",
		Requirements: []string{"ELMA365-OUT-001"},
		Run:          ownOutcome,
	},
	{
		ID: "elma365/client/outcome-of-one", Title: "takes the messageOutcome of one message for that of no other",
		Requirements: []string{"ELMA365-OUT-003"},
		Run:          outcomeOfOne,
	},
	{
		ID: "elma365/client/own-read-mark", Title: "answers markAsRead of its own message with 200",
		Requirements: []string{"ELMA365-READ-001"},
		Run: aboutOwnMessage(func(ctx context.Context, p *conformance.Partner, own call) error {
			return each(ctx, p, accepted, valid(p, "markAsRead", "markAsRead of message "+own.id, map[string]any{"data.messageId": own.id}))
		}),
	},
	{
		ID: "elma365/client/own-user", Title: "answers userInfo for a user that it has named itself with data of the user",
		Requirements: []string{"ELMA365-USR-001", "ELMA365-USR-002", "ELMA365-USR-003"},
		Run: aboutOwnMessage(func(ctx context.Context, p *conformance.Partner, own call) error {
			user, _ := own.data["externalUserId"].(string)
			if user == "" {
				return conformance.NotApplicable("the messenger names no user in its messages; see elma365/client/message")
			}
			e := p.DeliverRaw(ctx, valid(p, "userInfo", "", map[string]any{"data.userId": user}).Raw)
			if err := accepted(p, "userInfo for the user of its message", e); err != nil {
				return conformance.Breaking(err, "ELMA365-USR-001")
			}
			return userData(p, e)
		}),
	},
	{
		ID: "elma365/client/users-apart", Title: "answers userInfo for one user with other data than for another",
		Requirements: []string{"ELMA365-USR-012"},
		Run:          aboutOwnMessage(toldApart),
	},
	{
		ID: "elma365/client/own-chat", Title: "accepts an operator's answer in the chat that it has named itself",
		Requirements: []string{"ELMA365-MSG-001"},
		Run:          aboutOwnMessage(inOwnChats),
	},
}

// inOwnChats answers in the chats that the messenger has named, and not in one alone.
func inOwnChats(ctx context.Context, p *conformance.Partner, _ call) error {
	chats := ownNames(p, "chat")
	if len(chats) == 0 {
		return conformance.NotApplicable("the messenger names no chat in its messages; see elma365/client/message")
	}
	var requests []request
	for _, chat := range chats {
		requests = append(requests, valid(p, "message", "a message to chat "+chat+", which it has named itself,", map[string]any{"data.targetChatId": chat}))
	}
	return each(ctx, p, accepted, requests...)
}

// oneMessage loses the outcome, so that the message comes again, and looks at
// what ELMA365 has in the end.
func oneMessage(ctx context.Context, p *conformance.Partner) error {
	remove := p.Fault(fault.Rule{Event: "messageOutcome", Lose: true, Channel: p.Channel().ID})
	first, err := wroteUsable(ctx, p, http.StatusOK)
	if err != nil {
		return err
	}
	seen, err := again(ctx, p, first, 2)
	remove()
	if err != nil {
		return notRepeated(p, "the message did not come again", "retry-after-silence", first)
	}
	mine := map[string]bool{}
	for _, c := range seen {
		mine[c.id] = true
	}
	state, ok := p.Sandbox().State()["elma365"].(elma365.State)
	if !ok {
		return conformance.CouldNotRun("the mock does not tell what ELMA365 remembers")
	}
	var kept, copies int
	for _, m := range state.Messages {
		if m.From == elma365.FromClient && m.Channel == first.Channel && mine[m.ExternalID] {
			kept, copies = kept+1, copies+m.Copies
		}
	}
	if kept != 1 {
		if p.Reading("ELMA365-R-29") == "each-is-a-message" {
			return conformance.NotApplicable("by reading ELMA365-R-29=each-is-a-message ELMA365 keeps every arrival")
		}
		return conformance.Fail("1 message in ELMA365", fmt.Sprintf("%d, for one message of the client that came %d times", kept, copies), seen[0].Exchange, seen[1].Exchange)
	}
	return nil
}

// distinctIDs provokes two messages. An ID that belongs to a message which had
// its success cannot be a retry.
func distinctIDs(ctx context.Context, p *conformance.Partner) error {
	for range 2 {
		c, err := wrote(ctx, p)
		if err != nil {
			return sharedID(p, err)
		}
		if err := followable(c); err != nil {
			return err
		}
		// Until a message has had its outcome, the next with its ID may be its retry.
		if p.Channel().URL == "" || c.Status() != http.StatusOK || p.Reading("ELMA365-R-21") == "own-id" {
			continue // it has none, or one that names another ID
		}
		if _, err := outcomeOf(ctx, p, c.id); err != nil {
			return err
		}
	}
	return nil
}

// sharedID says that a message has the ID of another, or err.
func sharedID(p *conformance.Partner, err error) error {
	finished := succeededIDs(p)
	for _, e := range p.Calls(nil) {
		c := read(e)
		if told := finished[c.id]; c.isMessage() && told != nil && after(e, told) {
			return conformance.Fail("an externalMessageId of its own", "a further message has the ID "+c.id+" of one that had its success", told, e)
		}
	}
	return err
}

// succeededIDs are the messages whose success the messenger has acknowledged.
func succeededIDs(p *conformance.Partner) map[string]*traffic.Exchange {
	told := map[string]*traffic.Exchange{}
	for _, c := range outcomes(p) {
		if c.data["success"] == true && succeeded(p, c.Exchange) && told[c.id] == nil {
			told[c.id] = c.Exchange
		}
	}
	return told
}

// ownOutcome looks at all outcomes of the run.
func ownOutcome(ctx context.Context, p *conformance.Partner) error {
	if err := needsWebhook(p); err != nil {
		return err
	}
	if len(outcomes(p)) == 0 {
		if _, err := wroteUsable(ctx, p, http.StatusOK); err != nil {
			return err
		}
		if _, err := outcomeOf(ctx, p, ""); err != nil {
			return err
		}
	}
	var verdicts []error
	for _, c := range outcomes(p) {
		what := fmt.Sprintf("messageOutcome of message %s with success %v", c.id, c.data["success"])
		verdicts = append(verdicts, judged(p, accepted, what, c.Exchange))
	}
	return conformance.Join(verdicts...)
}

// aboutOwnMessage runs a check on a message that the messenger has sent, a new one
// if there is none yet.
func aboutOwnMessage(run func(context.Context, *conformance.Partner, call) error) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		if err := needsWebhook(p); err != nil {
			return err
		}
		for _, c := range messages(p) {
			if usable(p, c, http.StatusOK) == nil {
				return run(ctx, p, c)
			}
		}
		c, err := wroteUsable(ctx, p, http.StatusOK)
		if err != nil {
			return err
		}
		return run(ctx, p, c)
	}
}
