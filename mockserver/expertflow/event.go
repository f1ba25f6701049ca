package expertflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"strconv"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver"
)

// thirdPartyActivity is how the event is called, unless EF-R-20 says otherwise.
const thirdPartyActivity = "THIRD_PARTY_ACTIVITY"

// completed returns a message's ID and its text with the ID and the time of receipt that
// the vendor's classes give to one without: as it was sent where nothing is missing. The
// document stays as it is.
func (x *expertflow) completed(c *mockserver.Call) (id string, text json.RawMessage, err error) {
	given, received := c.Document.Given("/id"), c.Document.Given("/header/timestamp")
	if given && received {
		return c.Document.Text("/id"), c.Body, nil
	}
	message, _ := c.Document.Value().(map[string]any)
	message = maps.Clone(message)
	if !given {
		message["id"] = x.stage.NewID()
	}
	if !received {
		header, _ := message["header"].(map[string]any)
		header = maps.Clone(header)
		header["timestamp"] = x.stage.Now().UnixMilli()
		if x.stage.Reading("EF-R-15") == "seconds" {
			header["timestamp"] = x.stage.Now().Unix()
		}
		message["header"] = header
	}
	id, _ = message["id"].(string)
	text, err = plainjson.Marshal(message)
	return id, text, err
}

var errNoJSON = errors.New("the activity is no JSON")

// event wraps a message into its envelope, payload topic/thirdPartyActivity. Data is the
// message as it stands there. The members are in the order of their names. Encoding/json,
// which looks at each type and makes a tree of the sender, took a quarter of a call for it.
func (x *expertflow) event(message *document, data json.RawMessage, o owner) (json.RawMessage, error) {
	if !message.Valid && !json.Valid(data) {
		return nil, errNoJSON
	}
	var room [2 << 10]byte // on the stack: what is kept has the exact size
	text := append(room[:0], `{"channelSession":`...)
	if o.foundSession.ID != "" {
		text = x.appendSession(text, o.foundSession)
	} else {
		text = append(text, "null"...)
	}
	text = append(text, `,"conversationId":`...)
	if o.conversation != "" {
		text = plainjson.AppendString(text, o.conversation)
	} else {
		text = append(text, "null"...)
	}
	text = appendCompact(append(text, `,"data":`...), data)
	text, sent := message.AppendJSON(append(text, `,"eventEmitter":`...), "/header/sender")
	if !sent {
		text = append(text, "null"...)
	}
	text = x.stage.AppendID(append(text, `,"id":"`...))
	text = appendText(text, `","name":`, x.eventName(message))
	text = append(text, `,"roomInfo":`...)
	if o.foundConversation.ID != "" {
		text = appendRoom(text, o.foundConversation)
	} else {
		text = append(text, "null"...)
	}
	text = strconv.AppendInt(append(text, `,"timestamp":`...), x.stage.Now().UnixMilli(), 10)
	text = append(text, `,"type":"NOTIFICATION"}`...)
	return bytes.Clone(text), nil
}

func appendText(to []byte, name, text string) []byte {
	return plainjson.AppendString(append(to, name...), text)
}

// appendCompact appends JSON without white space, as json.Compact does, which checks it
// once more.
func appendCompact(to, text []byte) []byte {
	begin := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case c <= ' ':
			to = append(to, text[begin:i]...)
			begin = i + 1
		}
	}
	return append(to, text[begin:]...)
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

func appendRoom(to []byte, c Conversation) []byte {
	return append(appendText(to, `{"id":`, c.Room), `,"mode":"CONTACT_CENTER"}`...)
}

// appendSession appends a session in the form in which events carry it, as in the sample of
// the contract, with its members in the order of their names.
func (x *expertflow) appendSession(to []byte, s ChannelSession) []byte {
	state := "STARTED"
	if !s.Active {
		state = "ENDED"
	}
	to = strconv.AppendBool(append(to, `{"active":`...), s.Active)
	to = appendText(to, `,"channelSessionDirection":"INBOUND","conversationId":`, s.Conversation)
	conversation, unknown := x.conversations.Get(s.Conversation)
	if unknown == nil {
		to = x.appendCustomer(to, conversation.Customer)
	}
	to = appendText(to, `,"id":`, s.ID)
	to = strconv.AppendBool(append(to, `,"isActive":`...), s.Active)
	to = append(to, `,"participantType":"ChannelSession"`...)
	if unknown == nil {
		to = appendRoom(append(to, `,"roomInfo":`...), conversation)
	}
	to = appendText(to, `,"state":{"name":`, state)
	return append(to, `,"reasonCode":"CUSTOMER"}}`...)
}

// appendCustomer appends the member of a customer who is known.
func (x *expertflow) appendCustomer(to []byte, id string) []byte {
	c, err := x.customers.Get(id)
	if err != nil {
		return to
	}
	to = appendText(to, `,"customer":{"_id":`, c.ID)
	to = appendText(to, `,"firstName":`, c.FirstName)
	to = append(to, `,"isAnonymous":false,"phoneNumber":`...)
	if c.PhoneNumber == nil {
		return append(to, `null}`...)
	}
	to = append(to, '[')
	for i, number := range c.PhoneNumber {
		if i > 0 {
			to = append(to, ',')
		}
		to = plainjson.AppendString(to, number)
	}
	return append(to, `]}`...)
}
