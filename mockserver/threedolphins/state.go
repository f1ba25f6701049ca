package threedolphins

import (
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// State is what 3Dolphins remembers, as the control API shows it. Tokens are not
// in it.
type State struct {
	Tickets   []Ticket         `json:"tickets"`  // in order of their creation
	Messages  []Message        `json:"messages"` // in order of arrival
	Contacts  []Contact        `json:"contacts"`
	Agents    []Agent          `json:"agents"`
	Channels  []ServiceChannel `json:"channels"`
	Files     []File           `json:"files"`
	TokenLife string           `json:"tokenLife"` // how long a token lives from when it is issued: "1h0m0s"
	Forgotten uint64           `json:"forgotten"` // what made room for newer ones
}

// Members are those of a ticket, a message or a contact, by their names on the
// wire. What follows from others (texts of dates, durations, styles) is not among
// them: it is made when they are shown, so that it always agrees.
//
// Members that are stored are never changed, so that lists need not copy them: who
// changes a record gives it members of its own first.
type Members map[string]any

// Ticket is one ticket.
type Ticket struct {
	Number  string  `json:"number"`
	Partner string  `json:"partner,omitempty"` // ID of the mock's channel that its events went to
	Written int64   `json:"written,omitempty"` // when the customer wrote last, in milliseconds since 1970
	Members Members `json:"members"`

	answered *answered   // nil: the next answer changes more
	last     *lastAnswer // of those since; nil: it is in the members
}

// Message is one message of a ticket's conversation.
type Message struct {
	ID      string  `json:"id"`
	Ticket  string  `json:"ticket"`
	Type    string  `json:"type"`                // as the events call it: text, image, ...
	Media   string  `json:"mediaLink,omitempty"` // only the events have it
	Outcome string  `json:"outcome,omitempty"`   // of an answer, which its transactionId tracks: sent, failed or read
	Members Members `json:"members"`

	draft *draft // what the members are made of; nil: they are there
}

// Contact is one customer.
type Contact struct {
	ID      string  `json:"id"`
	Members Members `json:"members"`
}

func (t *Ticket) own() {
	*t = t.whole()
	t.Members = maps.Clone(t.Members)
}

func (m *Message) own() {
	*m = m.whole()
	m.Members = maps.Clone(m.Members)
}

func (c *Contact) own() { c.Members = maps.Clone(c.Members) }

// Agent is a user of 3Dolphins'. All are invented.
type Agent struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ServiceChannel is one of 3Dolphins' channels to customers. It is not a channel
// of the mock's, which leads to a partner.
type ServiceChannel struct {
	ID   string `json:"id"`
	Key  string `json:"key"`
	Type string `json:"type"` // whatsapp, webchat, ...
	Name string `json:"name"`
}

// session is what a token stands for.
type session struct {
	User    string    `json:"user"` // ID of an agent
	Issued  time.Time `json:"issued"`
	Expires time.Time `json:"expires"`
}

// tokenRule is how long tokens live.
type tokenRule struct {
	Life  time.Duration `json:"life"`           // nanoseconds
	Since time.Time     `json:"since,omitzero"` // tokens that were issued before have expired
}

// Bounds of what is remembered in the default sandbox; Stage.Bound has the others.
const (
	maxTickets  = 5_000
	maxMessages = 5_000
	maxOthers   = 10_000 // of contacts, agents, channels and tokens each
)

// dolphins is 3Dolphins in one sandbox.
type dolphins struct {
	stage    *mockserver.Stage
	paths    paths
	tickets  store.Collection[Ticket]         // by number
	messages store.Collection[Message]        // by ID
	contacts store.Collection[Contact]        // by ID
	agents   store.Collection[Agent]          // by ID
	channels store.Collection[ServiceChannel] // by ID
	files    store.Collection[File]           // by ID
	contents store.Collection[content]        // by the file's ID
	sessions store.Collection[session]        // by the token's digest
	newest   store.Collection[string]         // digest of a user's newest token, by user
	rules    store.Collection[tokenRule]      // one, by theRule
	salts    store.Collection[string]         // one, by theSalt: makes IDs that follow from what they name

	answers *answers             // that were given to reads of tickets
	done    *mockserver.Prepared // the answer to events that were taken

	began time.Time     // while what is there from the start is made: its present; else zero
	ids   func() string // likewise: its IDs; else nil
}

func newDolphins(stage *mockserver.Stage, s Settings) *dolphins {
	d := &dolphins{
		stage:    stage,
		paths:    pathsOf(stage.Contract()),
		answers:  &answers{made: map[question]answer{}},
		done:     mockserver.Prepare(map[string]any{"status": "success"}),
		tickets:  store.NewMemory[Ticket](stage.Bound(maxTickets), nil),
		messages: store.NewMemory[Message](stage.Bound(maxMessages), nil),
		contacts: store.NewMemory[Contact](stage.Bound(maxOthers), nil),
		agents:   store.NewMemory[Agent](stage.Bound(maxOthers), nil),
		channels: store.NewMemory[ServiceChannel](stage.Bound(maxOthers), nil),
		files:    store.NewMemory[File](stage.Bound(maxOthers), nil),
		contents: store.NewMemory[content](stage.Bound(maxOthers), nil),
		sessions: mockserver.Persist(stage, "sessions", store.NewMemory[session](stage.Bound(maxOthers), nil)),
		newest:   mockserver.Persist(stage, "newest", store.NewMemory[string](stage.Bound(maxOthers), nil)),
		rules:    mockserver.Persist(stage, "rules", store.NewMemory[tokenRule](1, nil)),
		salts:    mockserver.Persist(stage, "salts", store.NewMemory[string](1, nil)),
	}
	must(store.Put(d.salts, theSalt, d.newID()))
	life := s.TokenLife
	if life <= 0 {
		life = lifeOf(stage.Reading("3D-R-36"))
	}
	stage.Secret(Password)
	must(store.Put(d.rules, theRule, tokenRule{Life: life}))
	if _, err := stage.AddChannel(integration); err != nil {
		panic(err) // the sandbox is new, so no ID can be taken
	}
	d.seedLater()
	return d
}

// seedLater makes what 3Dolphins knows from the start when it is first asked for, as
// it would have been now: most of what a sandbox takes, and few sandboxes of a mock
// that plays several vendors use it.
func (d *dolphins) seedLater() {
	seeding := *d // with the collections underneath, and IDs that are the same whenever
	seeding.began = d.stage.Now()
	seeding.ids = d.seedIDs()
	seed := sync.OnceFunc(seeding.seed)
	d.tickets = mockserver.Persist(d.stage, "tickets", store.Lazily(d.tickets, seed))
	d.messages = mockserver.Persist(d.stage, "messages", store.Lazily(d.messages, seed))
	d.contacts = mockserver.Persist(d.stage, "contacts", store.Lazily(d.contacts, seed))
	d.agents = mockserver.Persist(d.stage, "agents", store.Lazily(d.agents, seed))
	d.channels = mockserver.Persist(d.stage, "channels", store.Lazily(d.channels, seed))
	d.files = mockserver.Persist(d.stage, "files", store.Lazily(d.files, seed))
	d.contents = mockserver.Persist(d.stage, "contents", store.Lazily(d.contents, seed))
}

// seedIDs makes the IDs of what is there from the start.
func (d *dolphins) seedIDs() func() string {
	n := 0
	return func() string {
		n++
		return d.idOf("seed", strconv.Itoa(n))
	}
}

// newID makes an ID of 32 hexadecimal digits, as the samples have them.
func (d *dolphins) newID() string {
	if d.ids != nil {
		return d.ids()
	}
	var room [36]byte
	return string(d.appendID(room[:0]))
}

// appendID appends the next ID of the sandbox: a UUID without its hyphens.
func (d *dolphins) appendID(to []byte) []byte {
	var room [36]byte
	id := d.stage.AppendID(room[:0])
	to = append(append(append(to, id[:8]...), id[9:13]...), id[14:18]...)
	return append(append(to, id[19:23]...), id[24:]...)
}

// present is the sandbox's time.
func (d *dolphins) present() time.Time {
	if !d.began.IsZero() {
		return d.began
	}
	return d.stage.Now()
}

func (d *dolphins) state() State {
	s := State{Tickets: store.All(d.tickets), Messages: store.All(d.messages), Contacts: store.All(d.contacts), Agents: store.All(d.agents), Channels: store.All(d.channels), Files: store.All(d.files), TokenLife: d.rule().Life.String()}
	for i := range s.Tickets {
		s.Tickets[i].own()
	}
	byNumber := map[string]Ticket{}
	for _, t := range s.Tickets {
		byNumber[t.Number] = t
	}
	for i := range s.Messages {
		s.Messages[i].own()
		s.Messages[i].Outcome = fate(s.Messages[i], byNumber[s.Messages[i].Ticket])
	}
	for i := range s.Contacts {
		s.Contacts[i].own()
	}
	for _, evicted := range []func() (uint64, error){d.tickets.Evicted, d.messages.Evicted, d.contacts.Evicted, d.agents.Evicted, d.channels.Evicted, d.files.Evicted} {
		if n, err := evicted(); err == nil {
			s.Forgotten += n
		}
	}
	return s
}

// text returns a member that is a text, or "".
func (m Members) text(name string) string {
	text, _ := m[name].(string)
	return text
}

// kept returns a member that is a text as it is kept, or "".
func (m Members) kept(name string) any {
	value := m[name]
	if _, ok := value.(string); ok {
		return value
	}
	return ""
}

// moment returns a member that is a moment in milliseconds since 1970, or 0.
func (m Members) moment(name string) int64 {
	ms, _ := m[name].(int64)
	return ms
}

// is reports whether a member is true.
func (m Members) is(name string) bool {
	yes, _ := m[name].(bool)
	return yes
}
