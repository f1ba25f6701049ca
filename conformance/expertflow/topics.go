package expertflow

import (
	"context"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// topicOf is the check that a finding belongs to, by the last part of its ID. What
// has no check of its own belongs to the check message.
func topicOf(a activity, f traffic.Finding) string {
	at := f.Pointer
	switch {
	case strings.HasPrefix(f.Code, "operation."):
		return "path"
	case strings.HasPrefix(f.Code, "content-type."):
		return "content-type"
	case strings.HasPrefix(f.Code, "json."), at == "", f.Code == "body.missing":
		return "json"
	case f.Code == mockserver.CodeDoubtful && at == "/header":
		return "" // several selectors, which EF-R-07 allows
	case at == "/id":
		return "id"
	case within(at, "/header"):
		return headerTopic(f)
	case at == "/body", at == "/body/type", at == "/body/markdownText":
		return "body"
	case within(at, "/body"):
		return bodyTopic(a.kind, at)
	}
	return "message"
}

func headerTopic(f traffic.Finding) string {
	at := strings.TrimPrefix(f.Pointer, "/header")
	switch {
	case at == "" && (f.Code == "body.any-of" || f.Code == "body.one-of"), within(at, "/customer"), at == "/conversationId", at == "/channelSessionId":
		return "selector"
	case at == "":
		return "header"
	case at == "/sender/senderName":
		return "sender-name"
	case f.Code == "body.unknown-value" && at == "/sender/type":
		return "sender-type"
	case within(at, "/sender"):
		return "sender"
	case at == "/timestamp":
		return "timestamp"
	case f.Requirement == "EF-HDR-013":
		return "channel-identifiers"
	case within(at, "/channelData"):
		return "channel-data"
	case f.Requirement == "EF-HDR-017":
		return "reply-name"
	case at == "/originalMessageId", at == "/replyToMessageId", at == "/providerMessageId":
		return "reply-to"
	case f.Code == "body.unknown-key":
		return "header-names"
	}
	return "message"
}

func within(pointer, prefix string) bool {
	return pointer == prefix || strings.HasPrefix(pointer, prefix+"/")
}

// firstFinding returns the first error or warning in the request that matches,
// errors before warnings.
func firstFinding(a activity, match func(traffic.Finding) bool) (traffic.Finding, bool) {
	for _, severity := range []traffic.Severity{traffic.Error, traffic.Warn} {
		for _, f := range a.Findings {
			if f.Part == traffic.InRequest && f.Severity == severity && f.Code != "call.refused" && match(f) {
				return f, true
			}
		}
	}
	return traffic.Finding{}, false
}

// found returns a verdict on the first finding of a topic in a push, or nil.
func found(a activity, topic, expected string) error {
	f, ok := firstFinding(a, func(f traffic.Finding) bool { return topicOf(a, f) == topic })
	if !ok {
		return nil
	}
	return conformance.FailBy(expected, f, a.Exchange)
}

// judge says of one push what a check says of it.
type judge func(*conformance.Partner, activity) error

// everyPush returns a Run that judges all pushes of the run so far. If there is
// none, each kind of activity is asked for.
func everyPush(judge judge) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		if err := anyPush(ctx, p); err != nil {
			return err
		}
		var verdicts []error
		for _, a := range activities(p) {
			if err := judge(p, a); err != nil && len(verdicts) < 3 { // a report stays readable when all are wrong alike
				verdicts = append(verdicts, err)
			}
		}
		return conformance.Worst(verdicts...)
	}
}

// anyPush makes sure that there is an activity to judge.
func anyPush(ctx context.Context, p *conformance.Partner) error {
	if len(activities(p)) > 0 {
		return nil
	}
	if _, err := pushed(ctx, p, AskRecording); err != nil {
		return err
	}
	for _, ask := range []string{AskSurvey, AskSchedule} {
		if _, err := pushed(ctx, p, ask); err != nil && ctx.Err() != nil {
			return err // an application may have one kind of activity only
		}
	}
	return nil
}

// everyMessage is everyPush for checks of what stands in the message.
func everyMessage(judge judge) func(context.Context, *conformance.Partner) error {
	return everyPush(func(p *conformance.Partner, a activity) error {
		if err := readable(a); err != nil {
			return err
		}
		return judge(p, a)
	})
}

// free returns a judge who wants a message without findings of a topic.
func free(topic, expected string) judge {
	return func(_ *conformance.Partner, a activity) error { return found(a, topic, expected) }
}

// where returns a Run that judges the messages about which the check is, and says
// in words which the application never sent when there is none.
func where(about func(activity) bool, what string, judge judge) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		there := false
		err := everyMessage(func(p *conformance.Partner, a activity) error {
			if !about(a) {
				return nil
			}
			there = true
			return judge(p, a)
		})(ctx, p)
		if err == nil && !there {
			return conformance.NotApplicable("the application sent no " + what)
		}
		return err
	}
}
