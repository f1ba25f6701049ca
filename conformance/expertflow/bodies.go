package expertflow

import (
	"slices"

	"github.com/parleykit/parley/conformance"
)

// bodyRule is the rule of one or more recognised types.
type bodyRule struct {
	name         string // of the check
	types        []string
	title        string
	requirements []string
	expected     string
}

// bodyRules has each recognised type that has rules of its own. PLAIN has a text at
// most, which every body may have, CUSTOM may have anything, and StructuredMessage has
// additionalDetails only. What a table spells otherwise than its sample, and what the
// vendor's code alone asks for, is in EF-BODY-029 and EF-BODY-030.
var bodyRules = []bodyRule{
	{"media", []string{"IMAGE", "VIDEO", "AUDIO", "FILE", "MULTIMEDIA"}, "sends a file in attachment, with mediaUrl", []string{"EF-BODY-008", "EF-BODY-009", "EF-BODY-030"}, "an attachment with mediaUrl, a URL"},
	{"sticker", []string{"STICKER"}, "sends a STICKER with mediaUrl", []string{"EF-BODY-010"}, "mediaUrl, a URL"},
	{"location", []string{"LOCATION"}, "sends a LOCATION with two numbers", []string{"EF-BODY-011", "EF-BODY-029"}, "latitude and longitude, two numbers"},
	{"contact", []string{"CONTACT"}, "sends a CONTACT with name and phones", []string{"EF-BODY-012", "EF-BODY-029", "EF-BODY-030"}, "contacts with name.formattedName and phones"},
	{"url", []string{"URL"}, "sends a URL message with mediaUrl", []string{"EF-BODY-013", "EF-BODY-029"}, "mediaUrl, a URL"},
	{"button", []string{"BUTTON"}, "sends a BUTTON message with its kind and complete buttons", []string{"EF-BODY-014", "EF-BODY-015", "EF-BODY-029", "EF-BODY-030"}, "buttonMessageType, and buttons with title, payload and type"},
	{"carousel", []string{"CAROUSEL"}, "sends a CAROUSEL with its kind", []string{"EF-BODY-016", "EF-BODY-030"}, "carouselMessageType"},
	{"template", []string{"TEMPLATE"}, "sends a TEMPLATE with namespace and name", []string{"EF-BODY-017", "EF-BODY-030"}, "namespace and name, and a whole language"},
	{"receipt", []string{"RECEIPT"}, "sends a RECEIPT with the types of the vendor's code", []string{"EF-BODY-018"}, "the types of the vendor's code"},
	{"email", []string{"EMAIL"}, "sends an EMAIL with from, replyTo and receivingDate", []string{"EF-BODY-019"}, "from, replyTo and receivingDate"},
	{"comment", []string{"COMMENT"}, "sends a COMMENT with postId and itemType", []string{"EF-BODY-020"}, "postId and itemType"},
	{"voice", []string{"VOICE"}, "sends a VOICE message with callId and leg", []string{"EF-BODY-021"}, "callId and leg"},
	{"action", []string{"ACTION"}, "sends an ACTION with name and data", []string{"EF-BODY-022"}, "name and data"},
	{"wrapup", []string{"WRAPUP"}, "sends a WRAPUP whose entries have categoryName and value", []string{"EF-BODY-023"}, "wrapups with categoryName and value"},
	{"notification", []string{"NOTIFICATION"}, "sends a NOTIFICATION of a known type", []string{"EF-BODY-024", "EF-BODY-030"}, "a known notificationType"},
	{"delivery-notification", []string{"DELIVERYNOTIFICATION"}, "sends a DELIVERYNOTIFICATION with messageId, status and reasonCode", []string{"EF-BODY-025", "EF-BODY-029"}, "messageId, status and reasonCode"},
	{"deleted-notification", []string{"DELETEDNOTIFICATION"}, "sends a DELETEDNOTIFICATION with a text as messageId and a number as timestamp", []string{"EF-BODY-027"}, "a string in messageId and a number in timestamp"},
}

// bodyChecks: the bodies of recognised types of the run so far.
var bodyChecks = append(checksOf(bodyRules), conformance.Check{
	ID: "expertflow/client/additional-details", Title: "sends additionalDetails of the type that the reading in force has",
	Requirements: []string{"EF-BODY-026"},
	Run: where(func(a activity) bool { return recognised(a.kind) && a.body["additionalDetails"] != nil },
		free("additional-details", "additionalDetails as reading EF-R-23 has it")),
})

func checksOf(rules []bodyRule) []conformance.Check {
	var checks []conformance.Check
	for _, r := range rules {
		checks = append(checks, conformance.Check{
			ID: "expertflow/client/" + r.name, Title: r.title,
			Requirements: r.requirements,
			Run:          where(r.about, r.judge),
		})
	}
	return checks
}

func (r bodyRule) about(a activity) bool { return slices.Contains(r.types, a.kind) }

func (r bodyRule) judge(_ *conformance.Partner, a activity) error {
	if err := found(a, r.name, r.expected); err != nil {
		return err
	}
	if r.name == "media" && a.body["attachment"] == nil && a.kind != "MULTIMEDIA" { // the schema lets the vendor's class have null
		return conformance.Breaking(conformance.Fail(r.expected, "no attachment", a.Exchange), "EF-BODY-008")
	}
	return nil
}

// bodyTopic is the check of a member of a body.
func bodyTopic(kind, pointer string) string {
	if within(pointer, "/body/additionalDetails") {
		return "additional-details"
	}
	for _, r := range bodyRules {
		if slices.Contains(r.types, kind) {
			return r.name
		}
	}
	return "message"
}

func recognised(kind string) bool {
	return kind == "PLAIN" || kind == "StructuredMessage" || slices.ContainsFunc(bodyRules, func(r bodyRule) bool { return slices.Contains(r.types, kind) })
}
