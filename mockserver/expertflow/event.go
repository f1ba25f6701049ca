package expertflow

import (
	"bytes"
	"encoding/json"
	"maps"

	"github.com/parleykit/parley/mockserver"
)

// thirdPartyActivity is how the event is called, unless EF-R-20 says otherwise.
const thirdPartyActivity = "THIRD_PARTY_ACTIVITY"

// completed returns a message with the ID and the time of receipt that the vendor's
// classes give to one without, and its text: as it was sent where nothing is
// missing. The document stays as it is.
func (x *expertflow) completed(c *mockserver.Call) (map[string]any, json.RawMessage, error) {
	message, _ := c.Document.Value().(map[string]any)
	header, _ := message["header"].(map[string]any)
	if message["id"] != nil && header["timestamp"] != nil {
		return message, c.Body, nil
	}
	message = maps.Clone(message)
	if message["id"] == nil {
		message["id"] = x.stage.NewID()
	}
	if header["timestamp"] == nil {
		header = maps.Clone(header)
		header["timestamp"] = x.stage.Now().UnixMilli()
		if x.stage.Reading("EF-R-15") == "seconds" {
			header["timestamp"] = x.stage.Now().Unix()
		}
		message["header"] = header
	}
	text, err := encoded(message)
	return message, text, err
}

// envelope is the event of payload topic/thirdPartyActivity.
type envelope struct {
	ChannelSession map[string]any  `json:"channelSession"`
	ConversationID *string         `json:"conversationId"`
	Data           json.RawMessage `json:"data"`
	EventEmitter   any             `json:"eventEmitter"`
	ID             string          `json:"id"`
	Name           string          `json:"name"`
	RoomInfo       map[string]any  `json:"roomInfo"`
	Timestamp      int64           `json:"timestamp"`
	Type           string          `json:"type"`
}

// event wraps a message into its envelope. Data is the message as it stands there.
func (x *expertflow) event(message map[string]any, data json.RawMessage, o owner) (json.RawMessage, error) {
	header, _ := message["header"].(map[string]any)
	event := envelope{
		ID: x.stage.NewID(), Name: x.eventName(header), Type: "NOTIFICATION",
		Timestamp:    x.stage.Now().UnixMilli(),
		EventEmitter: header["sender"], Data: data,
	}
	if o.conversation != "" {
		event.ConversationID = &o.conversation
	}
	if o.foundSession != nil {
		event.ChannelSession = x.channelSession(*o.foundSession)
	}
	if o.foundConversation != nil {
		event.RoomInfo = roomInfo(*o.foundConversation)
	}
	return encoded(event)
}

func encoded(value any) (json.RawMessage, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
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
