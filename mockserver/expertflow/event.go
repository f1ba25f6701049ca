package expertflow

import (
	"bytes"
	"encoding/json"
	"maps"

	"github.com/parleykit/parley/validator"
)

// thirdPartyActivity is how the event is called, unless EF-R-20 says otherwise.
const thirdPartyActivity = "THIRD_PARTY_ACTIVITY"

// completed returns a message with the ID and the time of receipt that the vendor's
// classes give to one without. The document stays as it is.
func (x *expertflow) completed(d *validator.Document) map[string]any {
	message, _ := d.Value.(map[string]any)
	message = maps.Clone(message)
	if message["id"] == nil {
		message["id"] = x.stage.NewID()
	}
	header, _ := message["header"].(map[string]any)
	if header["timestamp"] == nil {
		header = maps.Clone(header)
		header["timestamp"] = x.stage.Now().UnixMilli()
		if x.stage.Reading("EF-R-15") == "seconds" {
			header["timestamp"] = x.stage.Now().Unix()
		}
		message["header"] = header
	}
	return message
}

// event wraps a message into the envelope of payload topic/thirdPartyActivity.
func (x *expertflow) event(message map[string]any, o owner) (json.RawMessage, error) {
	header, _ := message["header"].(map[string]any)
	event := map[string]any{
		"id": x.stage.NewID(), "name": x.eventName(header), "type": "NOTIFICATION",
		"timestamp":    x.stage.Now().UnixMilli(),
		"eventEmitter": header["sender"], "data": message,
		"conversationId": nil, "channelSession": nil, "roomInfo": nil,
	}
	if o.conversation != "" {
		event["conversationId"] = o.conversation
	}
	if o.foundSession != nil {
		event["channelSession"] = x.channelSession(*o.foundSession)
	}
	if o.foundConversation != nil {
		event["roomInfo"] = roomInfo(*o.foundConversation)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(event)
	return bytes.TrimSpace(text.Bytes()), err
}

// eventName: EF-R-20.
func (x *expertflow) eventName(header map[string]any) string {
	if intent, _ := header["intent"].(string); intent != "" && x.stage.Reading("EF-R-20") == "intent" {
		return intent
	}
	return thirdPartyActivity
}

func roomInfo(c Conversation) map[string]any {
	return map[string]any{"id": c.Room, "mode": "CONTACT_CENTER"}
}

// channelSession is a session in the form in which events carry it, as in the
// sample of the contract.
func (x *expertflow) channelSession(s ChannelSession) map[string]any {
	state := map[string]any{"name": "STARTED", "reasonCode": "CUSTOMER"}
	if !s.Active {
		state["name"] = "ENDED"
	}
	form := map[string]any{
		"id": s.ID, "participantType": "ChannelSession", "conversationId": s.Conversation,
		"isActive": s.Active, "active": s.Active, "state": state, "channelSessionDirection": "INBOUND",
	}
	conversation, err := x.conversations.Get(s.Conversation)
	if err != nil {
		return form
	}
	form["roomInfo"] = roomInfo(conversation)
	if c, err := x.customers.Get(conversation.Customer); err == nil {
		form["customer"] = map[string]any{"_id": c.ID, "firstName": c.FirstName, "phoneNumber": c.PhoneNumber, "isAnonymous": false}
	}
	return form
}
