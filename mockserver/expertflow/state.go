package expertflow

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// State is what Expertflow CX remembers, as the control API shows it. Tokens are
// not in it.
type State struct {
	Activities      []Activity       `json:"activities"` // in order of arrival
	Customers       []Customer       `json:"customers"`
	Conversations   []Conversation   `json:"conversations"`
	ChannelSessions []ChannelSession `json:"channelSessions"`
	Gateway         Gateway          `json:"gateway"`
	Forgotten       uint64           `json:"forgotten"` // activities that made room for newer ones
}

// Activity is one activity that was accepted, and what became of it, which the
// documented answer does not tell. It is here before its exchange is in the
// journal, so that who waits for the one finds the other.
type Activity struct {
	ID             string          `json:"id"`                       // of the message; made here when it has none
	Place          string          `json:"place"`                    // PlaceTopic, PlaceStore or PlaceHistory
	Conversation   string          `json:"conversation,omitempty"`   // ID: whose topic it is, or with which it is stored
	ChannelSession string          `json:"channelSession,omitempty"` // ID, as the message names it
	Customer       string          `json:"customer,omitempty"`       // ID: as the message names it, or of the conversation
	Copies         int             `json:"copies"`                   // how often it arrived, where reading EF-R-05 makes copies one
	Received       time.Time       `json:"received"`
	Event          json.RawMessage `json:"event"` // payload topic/thirdPartyActivity
}

// The places where an activity goes.
const (
	PlaceTopic   = "topic"   // published on the topic of the conversation, which is active
	PlaceStore   = "store"   // in the conversations' store, because no active conversation was found
	PlaceHistory = "history" // in the customer's history: a stand-alone activity
)

// Customer is a customer of the contact center. All are invented.
type Customer struct {
	ID          string   `json:"_id"`
	FirstName   string   `json:"firstName"`
	PhoneNumber []string `json:"phoneNumber"`
}

// Conversation is a customer's conversation.
type Conversation struct {
	ID       string `json:"id"`
	Customer string `json:"customer"` // ID
	Active   bool   `json:"active"`   // false: it is past
	Room     string `json:"room"`     // ID
}

// ChannelSession is one session of a customer on a channel, in a conversation.
type ChannelSession struct {
	ID           string `json:"id"`
	Conversation string `json:"conversation"` // ID
	Active       bool   `json:"active"`
}

// Bounds of what is remembered in the default sandbox; Stage.Bound has the others.
const (
	maxActivities = 2_000
	// maxActivityBytes bounds what the activities take together: a body may have 1 MiB.
	maxActivityBytes = 64 << 20
	maxTokens        = 1_000
	maxOthers        = 10_000 // of customers, conversations and channel sessions each
)

// expertflow is Expertflow CX in one sandbox.
type expertflow struct {
	stage         *mockserver.Stage
	gateway       *gateway
	activities    store.Collection[Activity]       // by activityKey
	customers     store.Collection[Customer]       // by ID
	conversations store.Collection[Conversation]   // by ID
	sessions      store.Collection[ChannelSession] // by ID
	tokens        store.Collection[token]          // by fingerprint
}

func newExpertflow(stage *mockserver.Stage) *expertflow {
	x := &expertflow{
		stage:   stage,
		gateway: newGateway(stage),
		// An event is never changed once it is made, so copies may share it.
		activities:    mockserver.Persist(stage, "activities", store.NewMemory[Activity](stage.Bound(maxActivities), nil).Weighed(stage.Bound(maxActivityBytes), weightOf)),
		customers:     mockserver.Persist(stage, "customers", store.NewMemory(stage.Bound(maxOthers), cloneCustomer)),
		conversations: mockserver.Persist(stage, "conversations", store.NewMemory[Conversation](stage.Bound(maxOthers), nil)),
		sessions:      mockserver.Persist(stage, "sessions", store.NewMemory[ChannelSession](stage.Bound(maxOthers), nil)),
		tokens:        mockserver.Persist(stage, "tokens", store.NewMemory[token](stage.Bound(maxTokens), nil)),
	}
	x.addSamples()
	x.addSampleTokens()
	return x
}

func weightOf(a Activity) int { return len(a.Event) }

func cloneCustomer(c Customer) Customer {
	c.PhoneNumber = slices.Clone(c.PhoneNumber)
	return c
}

func (x *expertflow) state() State {
	s := State{
		Activities: store.All(x.activities), Customers: store.All(x.customers),
		Conversations: store.All(x.conversations), ChannelSessions: store.All(x.sessions), Gateway: x.gateway.get(),
	}
	s.Forgotten, _ = x.activities.Evicted()
	return s
}
