package elma365

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/validator"
)

// message stores a client's message and tells the messenger so with
// messageOutcome. A repeat is stored once and counted: ELMA365-R-29.
func (e *elma) message(c *mockserver.Call) mockserver.Reply {
	stored, err := e.keep(c)
	if err != nil {
		return mockserver.Reply{Status: http.StatusInternalServerError}
	}
	return mockserver.Reply{Status: http.StatusOK, Then: []mockserver.Sending{e.outcome(stored)}}
}

func (e *elma) keep(c *mockserver.Call) (Message, error) {
	d, now := c.Document, e.stage.Now()
	arrived := Message{
		Channel: c.Channel, From: FromClient,
		ExternalID: d.Text("/data/externalMessageId"), Chat: d.Text("/data/externalChatId"),
		User: d.Text("/data/externalUserId"), Text: d.Text("/data/text"), Files: filesOf(d),
		Received: now,
	}
	arrived.ID = e.stage.NewID()
	stored, err := e.messages.Upsert(e.messageKey(arrived), func(m *Message) error {
		if m.Copies == 0 {
			*m = arrived
		}
		m.Copies++
		return nil
	})
	if err != nil {
		return stored, err
	}
	return stored, e.noteClient(stored, d.Text("/data/externalChatName"), now)
}

// messageKey is where a client's message is stored: ELMA365-R-29.
func (e *elma) messageKey(m Message) string {
	if e.stage.Reading("ELMA365-R-29") == "each-is-a-message" {
		return key(key(m.Channel, m.ExternalID), m.ID)
	}
	return key(m.Channel, m.ExternalID)
}

// noteClient remembers chat and client of a message that arrived. By ELMA365-R-15
// a message may name neither.
func (e *elma) noteClient(m Message, chatName string, now time.Time) error {
	if err := e.noteChat(m, chatName, now); err != nil {
		return err
	}
	if m.User == "" {
		return nil
	}
	id, channel := m.User, m.Channel // of a whole message each call would keep a copy on the heap
	_, err := e.clients.Upsert(key(channel, id), func(client *Client) error {
		client.ID, client.Channel = id, channel
		return nil
	})
	return err
}

// last returns the newest message of a client in a channel for which want is true:
// what an operator would answer to.
func (e *elma) last(channel string, want func(Message) bool) (Message, bool) {
	for _, m := range slices.Backward(store.All(e.messages)) {
		if m.Channel == channel && m.From == FromClient && want(m) {
			return m, true
		}
	}
	return Message{}, false
}

// noteChat counts a message in its chat; a further copy of it does not count.
func (e *elma) noteChat(m Message, name string, now time.Time) error {
	if m.Chat == "" {
		return nil
	}
	id, channel, first := m.Chat, m.Channel, m.Copies == 1
	_, err := e.chats.Upsert(key(channel, id), func(chat *Chat) error {
		chat.ID, chat.Channel, chat.LastActivity = id, channel, now
		if name != "" {
			chat.Name = name
		}
		if first {
			chat.Messages++
		}
		return nil
	})
	return err
}

// outcome is the delivery notification of a message.
func (e *elma) outcome(m Message) mockserver.Sending {
	return mockserver.Sending{Event: "messageOutcome", Channel: m.Channel, Body: map[string]any{
		"data": map[string]any{"success": true, "messageId": e.messageID(m)},
	}}
}

// messageID is how ELMA365 calls a client's message towards the messenger:
// ELMA365-R-21.
func (e *elma) messageID(m Message) string {
	if e.stage.Reading("ELMA365-R-21") == "own-id" {
		return m.ID
	}
	return m.ExternalID
}

// filesOf reads the attachments of a message. A tree of the body for them alone would be
// a fifth of what a message costs the collector.
func filesOf(d *validator.Document) []File {
	var list []File
	for file := range d.Elements("/data/files") {
		list = append(list, File{Name: file.Text("name"), URL: file.Text("URL"), Size: number(file.Value("size"))})
	}
	return list
}

func files(value any) []File {
	items, _ := value.([]any)
	var list []File
	for _, item := range items {
		file, _ := item.(map[string]any)
		name, _ := file["name"].(string)
		url, _ := file["URL"].(string)
		list = append(list, File{Name: name, URL: url, Size: number(file["size"])})
	}
	return list
}

// number reads an integer as it stands in decoded JSON, or in a body made in Go.
func number(value any) int64 {
	switch value := value.(type) {
	case json.Number:
		n, err := value.Int64()
		if err != nil {
			return 0
		}
		return n
	case float64:
		return int64(value)
	case int:
		return int64(value)
	}
	return 0
}

// disconnect closes the channel. What follows is ELMA365-R-30.
func (e *elma) disconnect(c *mockserver.Call) mockserver.Reply {
	if err := e.setState(c.Channel, mockserver.ChannelDisconnected); err != nil {
		return mockserver.Reply{Status: http.StatusInternalServerError}
	}
	return mockserver.Reply{Status: http.StatusOK}
}

func (e *elma) setState(channel string, state mockserver.ChannelState) error {
	_, err := e.stage.UpdateChannel(channel, func(c *mockserver.Channel) error {
		c.State = state
		return nil
	})
	return err
}
