package elma365

import "time"

// State is what ELMA365 remembers, as the control API shows it.
type State struct {
	Messages  []Message  `json:"messages"`  // of clients and operators, in order of arrival
	Chats     []Chat     `json:"chats"`     // named by the messenger
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
	Files      []File    `json:"files,omitempty"`
	Copies     int       `json:"copies"` // how often it arrived
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
	Messages     int       `json:"messages"` // stored, of both sides
	LastActivity time.Time `json:"lastActivity"`
}

// Client is a user of the messenger's who wrote.
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
