package expertflow

import "github.com/parleykit/parley/conformance/partner"

// wrongBody is a body of a recognised type that breaks the rules of its type. The
// application sends it instead of the survey's.
type wrongBody struct {
	defect string
	about  string
	body   map[string]any
}

// wrongBodies has one or two for each type that has rules.
var wrongBodies = []wrongBody{
	{"sends-plain-text-as-list", "sends the text of a PLAIN message as a list",
		object{"type": "PLAIN", "markdownText": list{"Good", "day"}}},
	{"sends-image-without-attachment", "sends an IMAGE whose file stands beside attachment",
		object{"type": "IMAGE", "mediaUrl": fileURL}},
	{"sends-file-without-url", "sends a FILE whose attachment has no mediaUrl",
		object{"type": "FILE", "attachment": object{"mimeType": "text/plain", "size": 12}}},
	{"sends-sticker-without-url", "sends a STICKER without mediaUrl", object{"type": "STICKER", "stickerId": "7"}},
	{"sends-location-as-text", "sends the coordinates of a LOCATION as strings",
		object{"type": "LOCATION", "location": object{"latitude": "31.5", "longitude": "74.3"}}},
	{"spells-location-as-in-the-table", "writes Latitude and Longitude in a LOCATION",
		object{"type": "LOCATION", "location": object{"Latitude": 31.5, "Longitude": 74.3}}},
	{"sends-contact-without-phones", "sends a CONTACT without phones",
		object{"type": "CONTACT", "contacts": list{object{"name": object{"formattedName": "Alex Example"}}}}},
	{"spells-phone-as-in-the-table", "writes phone in place of phones in a CONTACT",
		object{"type": "CONTACT", "contacts": list{object{"name": object{"formattedName": "Alex Example"}, "phone": "+15550100"}}}},
	{"sends-url-without-address", "sends a URL message without an address", object{"type": "URL", "markdownText": "See our site"}},
	{"spells-url-as-in-the-table", "writes mediaURL in a URL message", object{"type": "URL", "mediaURL": fileURL}},
	{"sends-buttons-without-kind", "sends a BUTTON message without buttonMessageType",
		object{"type": "BUTTON", "buttons": list{object{"title": "Yes", "payload": "yes", "type": "postback"}}}},
	{"spells-kind-of-buttons-as-in-the-table", "writes Quick_Replies in a BUTTON message",
		object{"type": "BUTTON", "buttonMessageType": "Quick_Replies", "buttons": list{object{"title": "Yes", "payload": "yes", "type": "postback"}}}},
	{"sends-button-without-payload", "sends a button that has no payload",
		object{"type": "BUTTON", "buttonMessageType": "BUTTON", "buttons": list{object{"title": "Yes", "type": "postback"}}}},
	{"sends-blank-button", "sends a button with a blank title",
		object{"type": "BUTTON", "buttonMessageType": "BUTTON", "buttons": list{object{"title": " ", "payload": "yes", "type": "postback"}}}},
	{"sends-carousel-without-kind", "sends a CAROUSEL without carouselMessageType", object{"type": "CAROUSEL", "elements": list{}}},
	{"sends-template-without-namespace", "sends a TEMPLATE without namespace", object{"type": "TEMPLATE", "name": "appointment_reminder"}},
	{"sends-language-without-policy", "sends a TEMPLATE whose language is an object without a policy",
		object{"type": "TEMPLATE", "namespace": "example", "name": "appointment_reminder", "language": object{"code": "en"}}},
	{"sends-receipt-elements-as-text", "sends a RECEIPT whose elements are a text", object{"type": "RECEIPT", "elements": "Headset, 50 EUR"}},
	{"sends-email-without-sender", "sends an EMAIL without from",
		object{"type": "EMAIL", "replyTo": list{"alex@example.com"}, "receivingDate": 1680560551000}},
	{"sends-comment-without-post", "sends a COMMENT without postId", object{"type": "COMMENT", "itemType": "TEXT"}},
	{"sends-voice-without-leg", "sends a VOICE message without leg", object{"type": "VOICE", "callId": "call-4711"}},
	{"sends-action-without-data", "sends an ACTION without data", object{"type": "ACTION", "name": "END_CONVERSATION"}},
	{"sends-wrapup-without-value", "sends a WRAPUP whose entry has no value",
		object{"type": "WRAPUP", "wrapups": list{object{"categoryName": "Complaint"}}}},
	{"sends-unknown-notification", "sends a NOTIFICATION of a type of its own", object{"type": "NOTIFICATION", "notificationType": "COFFEE_READY"}},
	{"sends-delivery-without-status", "sends a DELIVERYNOTIFICATION without status",
		object{"type": "DELIVERYNOTIFICATION", "messageId": "message-1", "reasonCode": "200"}},
	{"spells-status-as-in-the-table", "writes Delivered in a DELIVERYNOTIFICATION",
		object{"type": "DELIVERYNOTIFICATION", "messageId": "message-1", "status": "Delivered", "reasonCode": "200"}},
	{"sends-deletion-with-text-as-time", "sends a DELETEDNOTIFICATION whose timestamp is a date",
		object{"type": "DELETEDNOTIFICATION", "messageId": "message-1", "timestamp": "2023-04-03"}},
	{"sends-details-as-object", "sends additionalDetails as an object, as the samples do and the tables do not",
		object{"type": "STICKER", "mediaUrl": fileURL, "additionalDetails": object{"emoji": "☕"}}},
}

type (
	object = map[string]any
	list   = []any
)

const fileURL = "https://files.example.com/example"

var bodyDefects = defectsOf(wrongBodies)

func defectsOf(wrong []wrongBody) []partner.Defect {
	var defects []partner.Defect
	for _, w := range wrong {
		defects = append(defects, partner.Defect{Name: w.defect, About: w.about})
	}
	return defects
}
