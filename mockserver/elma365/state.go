package elma365

import (
	"maps"
	"slices"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// State is what ELMA365 remembers, as the control API shows it.
type State struct {
	Messages  []Message  `json:"messages"`  // of clients and operators, in order of arrival
	Chats     []Chat     `json:"chats"`     // by the messenger's IDs
	Clients   []Client   `json:"clients"`   // users of the messenger
	Operators []Operator `json:"operators"` // users of ELMA365
	Forgotten uint64     `json:"forgotten"` // messages, chats and clients that made room for newer ones
}

// Message is one message in a chat. A client's message that came again under
// its ExternalID is one message with more Copies.
type Message struct {
	ID         string    `json:"id"` // ELMA365's own
	Channel    string    `json:"channel"`
	From       string    `json:"from"`                 // FromClient or FromOperator
	ExternalID string    `json:"externalId,omitempty"` // externalMessageId; an operator's message has none
	Chat       string    `json:"chat"`                 // externalChatId or targetChatId
	User       string    `json:"user,omitempty"`       // externalUserId; an operator's message has none
	Text       string    `json:"text"`
	Files      []File    `json:"files,omitempty"` // never changed, so that copies share them
	Copies     int       `json:"copies"`          // how often it arrived
	Received   time.Time `json:"received"`
	Read       bool      `json:"read,omitempty"` // the messenger was told with markAsRead
}

// The two sides that write messages.
const (
	FromClient   = "client"
	FromOperator = "operator"
)

// File is an attachment.
type File struct {
	Name string `json:"name"`
	URL  string `json:"URL"`
	Size int64  `json:"size,omitempty"` // bytes; only ELMA365 tells it
}

// Chat is a chat of the messenger's.
type Chat struct {
	ID           string    `json:"id"` // externalChatId
	Channel      string    `json:"channel"`
	Name         string    `json:"name,omitempty"`
	Messages     int       `json:"messages"` // of both sides, each copy counted once
	LastActivity time.Time `json:"lastActivity"`
}

// Client is a user of the messenger's who wrote, or was asked about.
type Client struct {
	ID      string         `json:"id"` // externalUserId
	Channel string         `json:"channel"`
	Data    map[string]any `json:"data,omitempty"` // what the messenger answered to userInfo
}

// Operator is a user of ELMA365's. All are invented.
type Operator struct {
	ID       string `json:"id"`
	FullName string `json:"fullName"`
	Login    string `json:"login"`
	Phone    string `json:"phone"`
	Avatar   string `json:"avatar"` // base64
}

// Bounds of what is remembered in the default sandbox; Stage.Bound has the others.
const (
	maxMessages = 5_000
	maxOthers   = 10_000 // of chats, clients and operators each
)

// elma is ELMA365 in one sandbox.
type elma struct {
	stage     *mockserver.Stage
	messages  store.Collection[Message]  // by messageKey, operators' by their ID
	chats     store.Collection[Chat]     // by key
	clients   store.Collection[Client]   // by key
	operators store.Collection[Operator] // by ID
}

func newElma(stage *mockserver.Stage) *elma {
	e := &elma{
		stage:     stage,
		messages:  mockserver.Persist(stage, "messages", store.NewMemory[Message](stage.Bound(maxMessages), nil)),
		chats:     mockserver.Persist(stage, "chats", store.NewMemory[Chat](stage.Bound(maxOthers), nil)),
		clients:   mockserver.Persist(stage, "clients", store.NewMemory(stage.Bound(maxOthers), cloneClient)),
		operators: mockserver.Persist(stage, "operators", store.NewMemory[Operator](stage.Bound(maxOthers), nil)),
	}
	addSampleChannels(stage)
	e.addOperators()
	return e
}

// cloneClient copies one level: what lies below is never changed.
func cloneClient(c Client) Client {
	c.Data = maps.Clone(c.Data)
	return c
}

// key joins a channel with an ID of the messenger's: two messengers may use the
// same IDs.
func key(channel, id string) string { return channel + "/" + id }

func (e *elma) state() State {
	s := State{}
	var forgotten [3]uint64
	s.Messages, forgotten[0] = listed(e.messages)
	for i := range s.Messages {
		s.Messages[i].Files = slices.Clone(s.Messages[i].Files)
	}
	s.Chats, forgotten[1] = listed(e.chats)
	s.Clients, forgotten[2] = listed(e.clients)
	s.Operators, _ = listed(e.operators)
	for _, n := range forgotten {
		s.Forgotten += n
	}
	return s
}

// listed returns what a collection holds and how much it let go. A backend that
// fails has nothing to show.
func listed[T any](c store.Collection[T]) ([]T, uint64) {
	list, err := c.List()
	if err != nil {
		return []T{}, 0
	}
	evicted, err := c.Evicted()
	if err != nil {
		return list, 0
	}
	return list, evicted
}
