package elma365

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/traffic"
)

// events say what ELMA365 puts into its requests, and what it remembers of them.
func (e *elma) events() map[string]mockserver.Event {
	always := func() bool { return true }
	reading := func(id string) func() bool {
		return func() bool { return e.stage.Reading(id) == "required" }
	}
	return map[string]mockserver.Event{
		"connect":        {Complete: e.envelope(always, e.webhook), Ended: e.connected},
		"message":        {Complete: e.envelope(always, e.targetChat), Record: e.sendMessage},
		"messageOutcome": {Complete: e.envelope(reading("ELMA365-R-13"), e.clientsMessage), Record: e.mayTalk},
		"userInfo":       {Complete: e.envelope(reading("ELMA365-R-12"), e.clientsUser), Record: e.mayTalk, Ended: e.noteUser},
		"markAsRead":     {Complete: e.envelope(reading("ELMA365-R-13"), e.clientsMessage), Record: e.markRead},
		"disconnect":     {Complete: e.envelope(always, e.disconnectData), Record: e.close},
	}
}

// envelope fills in what all requests have in common; channelId is not in all of
// the samples.
func (e *elma) envelope(withChannel func() bool, data func(*mockserver.Sending, mockserver.Channel)) func(*mockserver.Sending) error {
	return func(s *mockserver.Sending) error {
		channel, ok := e.stage.Channel(s.Channel)
		if !ok {
			return fmt.Errorf("%w: %q", mockserver.ErrNoChannel, s.Channel)
		}
		s.Fill("type", s.Event)
		s.Fill("token", channel.Token)
		if withChannel() || s.Value("channelId") != nil {
			s.Fill("channelId", channel.ID)
		}
		data(s, channel)
		return nil
	}
}

func (e *elma) webhook(s *mockserver.Sending, c mockserver.Channel) {
	s.Fill("data.webhook", e.stage.BaseURL()+address(c))
}

func (e *elma) targetChat(s *mockserver.Sending, c mockserver.Channel) {
	e.fillFromLast(s, c, "data.targetChatId", func(m Message) string { return m.Chat })
}

func (e *elma) clientsUser(s *mockserver.Sending, c mockserver.Channel) {
	e.fillFromLast(s, c, "data.userId", func(m Message) string { return m.User })
}

// fillFromLast fills a member with what the newest message of a client that has it says.
func (e *elma) fillFromLast(s *mockserver.Sending, c mockserver.Channel, path string, of func(Message) string) {
	if s.Given(path) {
		return
	}
	if m, ok := e.last(c.ID, func(m Message) bool { return of(m) != "" }); ok {
		s.Fill(path, of(m))
	}
}

func (e *elma) clientsMessage(s *mockserver.Sending, c mockserver.Channel) {
	if s.Given("data.messageId") {
		return
	}
	if m, ok := e.last(c.ID, func(Message) bool { return true }); ok {
		s.Fill("data.messageId", e.messageID(m))
	}
}

// disconnectData: ELMA365-R-18.
func (e *elma) disconnectData(s *mockserver.Sending, _ mockserver.Channel) {
	if e.stage.Reading("ELMA365-R-18") == "required" {
		s.Fill("data", map[string]any{})
	}
}

// opened: connect is always sent when a channel is created.
func (e *elma) opened(c mockserver.Channel) []mockserver.Sending {
	return []mockserver.Sending{{Event: "connect", Channel: c.ID}}
}

// connected notes whether the messenger accepted the connection: ELMA365-R-19. A
// channel that was disconnected meanwhile stays so.
func (e *elma) connected(s mockserver.Sending, d outbox.Delivery, _ *traffic.Exchange) {
	state := mockserver.ChannelActive
	switch d.State {
	case outbox.Delivered:
	case outbox.Failed:
		state = mockserver.ChannelError
	default:
		return
	}
	// The channel may have been removed; then there is nothing to note.
	_, _ = e.stage.UpdateChannel(s.Channel, func(c *mockserver.Channel) error {
		if c.State != mockserver.ChannelDisconnected {
			c.State = state
		}
		return nil
	})
}

// mayTalk refuses to send over a channel that was disconnected: ELMA365-R-30.
func (e *elma) mayTalk(s mockserver.Sending) error {
	channel, ok := e.stage.Channel(s.Channel)
	if ok && channel.State == mockserver.ChannelDisconnected && e.stage.Reading("ELMA365-R-30") != "still-open" {
		return fmt.Errorf("channel %s was disconnected; open it again (POST /_parley/channels), or set \"broken\" to send all the same", s.Channel)
	}
	return nil
}

// sendMessage stores an operator's message. It has no ID that the messenger
// could know, so each one is a message of its own: ELMA365-R-20.
func (e *elma) sendMessage(s mockserver.Sending) error {
	if err := e.mayTalk(s); err != nil {
		return err
	}
	m := Message{
		ID: e.stage.NewID(), Channel: s.Channel, From: FromOperator, Chat: s.Text("data.targetChatId"),
		Text: s.Text("data.text"), Files: files(s.Value("data.files")), Copies: 1, Received: e.stage.Now(),
	}
	if _, err := e.messages.Upsert(m.ID, func(stored *Message) error {
		*stored = m
		return nil
	}); err != nil {
		return err
	}
	return e.noteChat(m, "", m.Received)
}

// markRead notes that the messenger is told. A message that ELMA365 does not have
// leaves no mark.
func (e *elma) markRead(s mockserver.Sending) error {
	if err := e.mayTalk(s); err != nil {
		return err
	}
	at, err := e.find(s.Channel, s.Text("data.messageId"))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		_, err = e.messages.Update(at, func(m *Message) error {
			m.Read = true
			return nil
		})
	}
	return err
}

// find returns the key of a client's message that ELMA365 calls by this ID.
func (e *elma) find(channel, id string) (string, error) {
	m, ok := e.last(channel, func(m Message) bool { return e.messageID(m) == id })
	if !ok {
		return "", store.ErrNotFound
	}
	return e.messageKey(m), nil
}

// close closes the channel from ELMA365's side.
func (e *elma) close(s mockserver.Sending) error {
	if err := e.mayTalk(s); err != nil {
		return err
	}
	return e.setState(s.Channel, mockserver.ChannelDisconnected)
}

// maxUserData bounds what is kept of the answer to userInfo, in bytes.
const maxUserData = 64 << 10

// noteUser keeps what the messenger told about a client.
func (e *elma) noteUser(s mockserver.Sending, d outbox.Delivery, last *traffic.Exchange) {
	if d.State != outbox.Delivered || len(last.Response.Body.Kept) > maxUserData {
		return
	}
	var data map[string]any
	if json.Unmarshal(last.Response.Body.Kept, &data) != nil || len(data) == 0 {
		return
	}
	id := s.Text("data.userId")
	// Memory does not fail, and another backend's failure is no matter of the messenger's.
	_, _ = e.clients.Upsert(key(s.Channel, id), func(c *Client) error {
		c.ID, c.Channel, c.Data = id, s.Channel, data
		return nil
	})
}
