package expertflow

import (
	"bytes"
	"net/http"

	"github.com/parleykit/parley/mockserver/expertflow"
)

// misstatedHeader are the defects in the header of every message, each with what
// it does to it.
var misstatedHeader = map[string]func(header map[string]any){
	sendsNoSender:              func(header map[string]any) { delete(header, "sender") },
	sendsBlankSenderID:         inSender(func(sender map[string]any) { sender["id"] = " " }),
	sendsSenderTypeAsNumber:    inSender(func(sender map[string]any) { sender["type"] = 4 }),
	sendsSenderTypeInLowerCase: inSender(func(sender map[string]any) { sender["type"] = "app" }),
	sendsAsAgent:               inSender(func(sender map[string]any) { sender["type"] = "AGENT" }),
	sendsNoSenderName:          inSender(func(sender map[string]any) { delete(sender, "senderName") }),
	sendsNoSelector:            unselected,
	sendsCustomerWithoutID: func(header map[string]any) {
		unselected(header)
		header["customer"] = map[string]any{"firstName": "Alex"}
	},
	namesCustomerAsOnThePage: func(header map[string]any) {
		unselected(header)
		header["customer"] = map[string]any{"Id": expertflow.SampleCustomer}
	},
	sendsSessionAsNumber: func(header map[string]any) { header["channelSessionId"] = 4711 },
	misspellsSession: func(header map[string]any) {
		if session, ok := header["channelSessionId"]; ok {
			delete(header, "channelSessionId")
			header["ChannelSessionID"] = session
		}
	},
	misspellsConversation:     func(header map[string]any) { header["ConversationID"] = expertflow.ActiveConversation },
	sendsSeconds:              func(header map[string]any) { header["timestamp"] = 1680560551 },
	sendsTimestampAsText:      func(header map[string]any) { header["timestamp"] = "1680560551000" },
	sendsHalfChannelData:      channelData(map[string]any{"serviceIdentifier": "1122"}),
	sendsPriorityAsText:       channelData(map[string]any{"channelCustomerIdentifier": "+15550100", "serviceIdentifier": "1122", "requestPriority": "high"}),
	sendsUnknownAttributeType: channelData(map[string]any{"channelCustomerIdentifier": "+15550100", "serviceIdentifier": "1122", "additionalAttributes": []any{map[string]any{"key": "mood", "type": "Mood", "value": "good"}}}),
	sendsBlankIdentifiers:     channelData(map[string]any{"channelCustomerIdentifier": "", "serviceIdentifier": ""}),
	namesReplyAsBefore2023:    func(header map[string]any) { header["replyToMessageId"] = "message-1" },
	repliesToNothing:          func(header map[string]any) { header["intent"] = "REPLY_TO" },
	sendsIntentAsObject:       func(header map[string]any) { header["intent"] = map[string]any{"name": "NONE"} },
}

// misstatedKind are the defects in one kind of activity.
var misstatedKind = map[string]struct {
	kind string
	do   func(header, body map[string]any)
}{
	surveyNamesCustomerOnly:    {survey.name, onlyCustomer},
	recordingNamesCustomerOnly: {recording.name, onlyCustomer},
	scheduleNamesConversation: {schedule.name, func(header, _ map[string]any) {
		header["conversationId"] = expertflow.ActiveConversation
	}},
	recordingNamesNoSession: {recording.name, func(header, _ map[string]any) {
		unselected(header)
		header["conversationId"] = expertflow.ActiveConversation
	}},
	sendsRecordingWithoutLink: {recording.name, func(_, body map[string]any) {
		body["type"] = "VOICE_RECORDING"
		delete(body, "mediaUrl")
	}},
	sendsRelativeLink:       {recording.name, func(_, body map[string]any) { body["mediaUrl"] = "/calls/4711.wav" }},
	sendsRecordingAsOwnType: {recording.name, func(_, body map[string]any) { body["type"] = "CALL_RECORDING" }},
	spellsRecordingAsInTheTable: {recording.name, func(_, body map[string]any) {
		body["type"], body["mediaURL"] = "VOICE_RECORDING", body["mediaUrl"]
		delete(body, "mediaUrl")
	}},
}

func inSender(do func(sender map[string]any)) func(map[string]any) {
	return func(header map[string]any) { do(header["sender"].(map[string]any)) }
}

func channelData(data map[string]any) func(map[string]any) {
	return func(header map[string]any) { header["channelData"] = data }
}

func unselected(header map[string]any) {
	for _, name := range []string{"customer", "conversationId", "channelSessionId"} {
		delete(header, name)
	}
}

func onlyCustomer(header, _ map[string]any) {
	unselected(header)
	header["customer"] = map[string]any{"_id": expertflow.SampleCustomer}
}

// misstate is where the defects of a message are. A wrong body is a survey's.
func (a *application) misstate(k kind, message, header, body map[string]any) {
	for name, misstate := range misstatedHeader {
		if a.has(name) {
			misstate(header)
		}
	}
	for name, misstate := range misstatedKind {
		if a.has(name) && misstate.kind == k.name {
			misstate.do(header, body)
		}
	}
	for _, wrong := range wrongBodies {
		if a.has(wrong.defect) && k.name == survey.name {
			message["body"] = wrong.body
		}
	}
	switch {
	case a.has(sendsNoHeader):
		delete(message, "header")
	case a.has(sendsNoID):
		delete(message, "id")
	case a.has(sendsNoBody):
		delete(message, "body")
	case a.has(sendsNoType):
		delete(body, "type")
	case a.has(sendsTextAsList):
		body["markdownText"] = []any{body["markdownText"]}
	}
}

// misstateRequest is where the defects of a request's form are.
func (a *application) misstateRequest(r *http.Request, text []byte) []byte {
	switch {
	case a.has(sendsNoBreakSpaces):
		return bytes.ReplaceAll(text, []byte(`,"`), []byte(",\u00a0\""))
	case a.has(sendsList):
		return []byte("[" + string(text) + "]")
	case a.has(sendsAsText):
		r.Header.Set("Content-Type", "text/plain")
	case a.has(pushesWithPut):
		r.Method = http.MethodPut
	case a.has(pushesToForms):
		r.URL.Path = "/conversation-manager/forms"
	}
	return text
}
