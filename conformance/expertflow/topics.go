package expertflow

import (
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
	return conformance.GravestFinding(a.Exchange, func(f traffic.Finding) bool { return f.Code != "call.refused" && match(f) })
}

// found returns a verdict on the first finding of a topic in a push, or nil.
func found(a activity, topic, expected string) error {
	f, ok := firstFinding(a, func(f traffic.Finding) bool { return topicOf(a, f) == topic })
	if !ok {
		return nil
	}
	return failBy(expected, f, a)
}

// failBy is conformance.FailWithFinding, with the requirement deciding alone how grave it is
// where a finding is a warning by its code: what was agreed on can fail.
func failBy(expected string, f traffic.Finding, a activity) error {
	switch {
	case f.Code == mockserver.CodeDoubtful, f.Code == "body.unit", f.Code == "body.unknown-value", strings.HasPrefix(f.Code, "content-type."):
		f.Severity = traffic.Error
	}
	switch {
	case f.Code == "body.unknown-key" && within(f.Pointer, "/body"):
		f.Requirement = "EF-BODY-029" // how a member is spelled, not that it is there
	case f.Code == "body.type" && f.Pointer == "/header/timestamp":
		f.Requirement, f.Severity = "EF-HDR-010", traffic.Error // the place has the requirement of its unit
	}
	return conformance.FailWithFinding(expected, f, a.Exchange)
}
