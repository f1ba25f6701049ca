package elma365

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// callChecks: every message of the run so far, retries included, is as documented.
var callChecks = []conformance.Check{
	{
		ID: "elma365/client/method", Title: "calls ELMA365 with POST",
		Requirements: []string{"ELMA365-GEN-017"},
		Run: everyMessage(func(_ *conformance.Partner, c call) error {
			if c.Request.Method != http.MethodPost {
				return conformance.Fail("POST", c.Request.Method, c.Exchange)
			}
			return nil
		}),
	},
	{
		ID: "elma365/client/url", Title: "calls the URL that it got in data.webhook of connect",
		Requirements: []string{"ELMA365-CON-008", "ELMA365-IN-001"},
		Run:          everyMessage(knownURL),
	},
	{
		ID: "elma365/client/token", Title: "sends the channel's token in each message",
		Requirements: []string{"ELMA365-IN-003", "ELMA365-IN-016"},
		Run:          everyReadable(rightToken),
	},
	{
		ID: "elma365/client/message", Title: "sends its messages with the names and types of the page",
		Requirements: []string{"ELMA365-GEN-001", "ELMA365-IN-002", "ELMA365-IN-004", "ELMA365-IN-005", "ELMA365-IN-006", "ELMA365-IN-007", "ELMA365-IN-011"},
		Run: everyReadable(func(_ *conformance.Partner, c call) error {
			if f, ok := finding(c, aboutMessage); ok {
				return broken("a message as documented", c, f)
			}
			return nil
		}),
	},
	{
		ID: "elma365/client/files", Title: "sends its files as a list of objects with name and URL",
		Requirements: []string{"ELMA365-IN-008", "ELMA365-IN-009", "ELMA365-IN-010"},
		Run:          filesAsDocumented,
	},
	{
		ID: "elma365/client/contents", Title: "sends messages that have text, files or both",
		Requirements: []string{"ELMA365-IN-013"},
		Run: everyReadable(func(p *conformance.Partner, c call) error {
			if c.data["text"] == nil && c.data["files"] == nil && p.Reading("ELMA365-R-16") != "both-optional" {
				return conformance.Fail("text, files or both", "a message with neither", c.Exchange)
			}
			return nil
		}),
	},
}

// every returns a Run that judges all calls of a kind so far; if there is none, a
// message is provoked.
func every(of func(*conformance.Partner) []call, judge func(*conformance.Partner, call) error) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		all := of(p)
		if len(all) == 0 {
			c, err := wrote(ctx, p)
			if err != nil {
				return err
			}
			all = []call{c}
		}
		return conformance.JudgeEach(p, all, judge)
	}
}

// everyMessage is every for messages.
func everyMessage(judge func(*conformance.Partner, call) error) func(context.Context, *conformance.Partner) error {
	return every(messages, judge)
}

// everyReadable is everyMessage for checks of what stands in the body.
func everyReadable(judge func(*conformance.Partner, call) error) func(context.Context, *conformance.Partner) error {
	return everyMessage(func(p *conformance.Partner, c call) error {
		switch {
		case !c.readable:
			return conformance.CouldNotRun("a message is not one JSON object; see elma365/client/json", c.Exchange)
		case c.Request.Method != http.MethodPost:
			return conformance.CouldNotRun("a message came with "+c.Request.Method+"; see elma365/client/method", c.Exchange)
		}
		return judge(p, c)
	})
}

// knownURL demands that a call went to a URL that some connect with the channel's
// token has named: which one a messenger with several channels takes is its own
// matter.
func knownURL(p *conformance.Partner, c call) error {
	own := p.Channel()
	if c.Request.URL == requestURI(own.Address) {
		return nil
	}
	connects := readAll(p.Sandbox().Journal().Find(func(e *traffic.Exchange) bool { return e.Operation == "events/connect" }), nil)
	for _, connect := range connects {
		if address, ok := connect.data["webhook"].(string); ok && connect.token == own.Token && c.Request.URL == requestURI(address) {
			return nil
		}
	}
	return conformance.Fail(requestURI(own.Address), c.Request.URL, c.Exchange)
}

func rightToken(p *conformance.Partner, c call) error {
	_, isString := c.token.(string)
	switch {
	case c.token == nil:
		return conformance.Breaking(conformance.Fail("a token", "none", c.Exchange), carriesToken(c))
	case !isString:
		return conformance.Breaking(conformance.Fail("a token that is a string", fmt.Sprintf("%T", c.token), c.Exchange), carriesToken(c))
	case c.token == p.Channel().Token || c.Channel != p.Channel().ID:
		return nil
	case p.Reading("ELMA365-R-08") == "any":
		return nil
	case p.Channel().Token == "" && p.Reading("ELMA365-R-09") == "no-check":
		return nil
	}
	return conformance.WithHint(conformance.Breaking(conformance.Fail("the channel's token", "another one", c.Exchange), "ELMA365-IN-016"),
		"With --reading ELMA365-R-08=any ELMA365 takes a token of the messenger's own.")
}

// carriesToken is the requirement that a call of this type carries a token.
func carriesToken(c call) string {
	switch strings.ToLower(c.kind) {
	case "userinfo":
		return "ELMA365-INU-002"
	case "disconnect":
		return "ELMA365-IND-002"
	}
	return "ELMA365-IN-003"
}

// aboutMessage are the findings of the check message: what has no check of its own.
func aboutMessage(f traffic.Finding) bool {
	return (strings.HasPrefix(f.Code, "body.") || strings.HasPrefix(f.Code, "operation.")) &&
		!aboutFiles(f) && f.Code != "body.any-of" && f.Code != "operation.path" && f.Pointer != "/token"
}

func aboutFiles(f traffic.Finding) bool { return strings.HasPrefix(f.Pointer, "/data/files") }

func filesAsDocumented(ctx context.Context, p *conformance.Partner) error {
	sent := false
	err := everyReadable(func(_ *conformance.Partner, c call) error {
		sent = sent || c.data["files"] != nil
		if f, ok := finding(c, aboutFiles); ok {
			return broken("files with name and URL", c, f)
		}
		return nil
	})(ctx, p)
	if err == nil && !sent {
		return conformance.NotApplicable("no message of the messenger's had files")
	}
	return err
}

// finding returns what is worst among the findings in the request that match: errors,
// and warnings about the body or its type.
func finding(c call, match func(traffic.Finding) bool) (traffic.Finding, bool) {
	return conformance.GravestFinding(c.Exchange, func(f traffic.Finding) bool {
		about := f.Severity == traffic.Error || strings.HasPrefix(f.Code, "content-type.") || strings.HasPrefix(f.Code, "body.")
		return about && match(f)
	})
}

func broken(expected string, c call, f traffic.Finding) error {
	if f.Requirement == "" { // what has none of its own is not as printed
		f.Requirement = "ELMA365-GEN-001"
	}
	return conformance.FailWithFinding(expected, f, c.Exchange)
}
