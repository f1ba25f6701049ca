package expertflow

import (
	"bytes"
	"encoding/json"
	"maps"

	"github.com/parleykit/parley/mockserver"
)

// thirdPartyActivity is how the event is called, unless EF-R-20 says otherwise.
const thirdPartyActivity = "THIRD_PARTY_ACTIVITY"

// completed returns a message's ID and its text with the ID and the time of receipt that
// the vendor's classes give to one without: as it was sent where nothing is missing. The
// document stays as it is.
func (x *expertflow) completed(c *mockserver.Call) (id string, text json.RawMessage, err error) {
	given, _ := c.Document.Lookup("/id")
	received, _ := c.Document.Lookup("/header/timestamp")
	if given != nil && received != nil {
		id, _ = given.(string)
		return id, c.Body, nil
	}
	message, _ := c.Document.Value().(map[string]any)
	message = maps.Clone(message)
	if given == nil {
		message["id"] = x.stage.NewID()
	}
	if received == nil {
		header, _ := message["header"].(map[string]any)
		header = maps.Clone(header)
		header["timestamp"] = x.stage.Now().UnixMilli()
		if x.stage.Reading("EF-R-15") == "seconds" {
			header["timestamp"] = x.stage.Now().Unix()
		}
		message["header"] = header
	}
	id, _ = message["id"].(string)
	text, err = encoded(message)
	return id, text, err
}

// envelope is the event of payload topic/thirdPartyActivity.
type envelope struct {
	ChannelSession *sessionForm    `json:"channelSession"`
	ConversationID *string         `json:"conversationId"`
	Data           json.RawMessage `json:"data"`
	EventEmitter   any             `json:"eventEmitter"`
	ID             string          `json:"id"`
	Name           string          `json:"name"`
	RoomInfo       *room           `json:"roomInfo"`
	Timestamp      int64           `json:"timestamp"`
	Type           string          `json:"type"`
}

// event wraps a message into its envelope. Data is the message as it stands there.
func (x *expertflow) event(message *document, data json.RawMessage, o owner) (json.RawMessage, error) {
	sender, _ := message.Lookup("/header/sender")
	event := envelope{
		ID: x.stage.NewID(), Name: x.eventName(message), Type: "NOTIFICATION",
		Timestamp:    x.stage.Now().UnixMilli(),
		EventEmitter: sender, Data: data,
	}
	if o.conversation != "" {
		event.ConversationID = &o.conversation
	}
	if o.foundSession != nil {
		event.ChannelSession = x.channelSession(*o.foundSession)
	}
	if o.foundConversation != nil {
		event.RoomInfo = roomOf(*o.foundConversation)
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
func (x *expertflow) eventName(message *document) string {
	if x.stage.Reading("EF-R-20") == "intent" {
		if intent := message.Text("/header/intent"); intent != "" {
			return intent
		}
	}
	return thirdPartyActivity
}

type room struct {
	ID   string `json:"id"`
	Mode string `json:"mode"`
}

func roomOf(c Conversation) *room { return &room{ID: c.Room, Mode: "CONTACT_CENTER"} }

// sessionForm is a session in the form in which events carry it, as in the sample of
// the contract; its members stand in the order of their names, as those of a map would.
type sessionForm struct {
	Active          bool          `json:"active"`
	Direction       string        `json:"channelSessionDirection"`
	Conversation    string        `json:"conversationId"`
	Customer        *customerForm `json:"customer,omitempty"`
	ID              string        `json:"id"`
	IsActive        bool          `json:"isActive"`
	ParticipantType string        `json:"participantType"`
	RoomInfo        *room         `json:"roomInfo,omitempty"`
	State           struct {
		Name   string `json:"name"`
		Reason string `json:"reasonCode"`
	} `json:"state"`
}

type customerForm struct {
	ID          string   `json:"_id"`
	FirstName   string   `json:"firstName"`
	IsAnonymous bool     `json:"isAnonymous"`
	PhoneNumber []string `json:"phoneNumber"`
}

func (x *expertflow) channelSession(s ChannelSession) *sessionForm {
	form := &sessionForm{
		ID: s.ID, ParticipantType: "ChannelSession", Conversation: s.Conversation,
		IsActive: s.Active, Active: s.Active, Direction: "INBOUND",
	}
	form.State.Name, form.State.Reason = "STARTED", "CUSTOMER"
	if !s.Active {
		form.State.Name = "ENDED"
	}
	conversation, err := x.conversations.Get(s.Conversation)
	if err != nil {
		return form
	}
	form.RoomInfo = roomOf(conversation)
	if c, err := x.customers.Get(conversation.Customer); err == nil {
		form.Customer = &customerForm{ID: c.ID, FirstName: c.FirstName, PhoneNumber: c.PhoneNumber}
	}
	return form
}
