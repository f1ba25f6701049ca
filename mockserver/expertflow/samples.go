package expertflow

import "github.com/parleykit/parley/mockserver/store"

// What exists from the start, so that the published samples can be sent as they
// are printed. The IDs of the first three are those of the samples.
const (
	SampleCustomer     = "642b51a661e49d5776378711"
	ActiveConversation = "642b51a7d9ba694f5ba0ba7f"
	ActiveSession      = "ede4d48306cd47e39b2ec362759c632f" // of ActiveConversation
	PastConversation   = "642b4f10d9ba694f5ba0b7c3"
	PastSession        = "5a1c7e9034bd4f6aa2d0c8e1f7b39504" // of PastConversation
	OtherCustomer      = "642b51a661e49d5776378799"         // without conversations
)

// addSamples puts the sandbox in its first state. Telephone numbers are of a range
// that is kept free for fiction.
func (x *expertflow) addSamples() {
	for _, c := range []Customer{
		{ID: SampleCustomer, FirstName: "Alex", PhoneNumber: []string{"+15550100"}},
		{ID: OtherCustomer, FirstName: "Robin", PhoneNumber: []string{"+15550101"}},
	} {
		add(x.customers, c.ID, c)
	}
	for _, c := range []Conversation{
		{ID: ActiveConversation, Customer: SampleCustomer, Active: true, Room: "642b51a7d9ba694f5ba0ba7e"},
		{ID: PastConversation, Customer: SampleCustomer, Room: "642b4f10d9ba694f5ba0b7c2"},
	} {
		add(x.conversations, c.ID, c)
	}
	for _, s := range []ChannelSession{
		{ID: ActiveSession, Conversation: ActiveConversation, Active: true},
		{ID: PastSession, Conversation: PastConversation},
	} {
		add(x.sessions, s.ID, s)
	}
}

// add stores a value of a new sandbox.
func add[T any](c store.Collection[T], id string, value T) {
	if err := store.Put(c, id, value); err != nil {
		panic(err) // memory does not fail
	}
}
