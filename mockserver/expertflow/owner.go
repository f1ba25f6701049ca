package expertflow

import "fmt"

// selectors are the members of a header that say what an activity belongs to; ""
// where one is missing or null.
type selectors struct{ customer, conversation, session string }

func selectorsOf(d *document) selectors {
	_, customer := idOf(d)
	return selectors{
		customer:     customer,
		conversation: d.Text("/header/conversationId"),
		session:      d.Text("/header/channelSessionId"),
	}
}

// owner is what an activity belongs to, and where it therefore goes.
type owner struct {
	place        string
	customer     string // IDs; "" where there is none
	conversation string
	session      string
	unknown      string // in words, the first selector that names nothing known

	foundConversation Conversation // without an ID where there is none
	foundSession      ChannelSession
}

// ownerOf finds what an activity belongs to. Which of several selectors decides is
// EF-R-08.
func (x *expertflow) ownerOf(s selectors) owner {
	o := owner{customer: s.customer, conversation: s.conversation, session: s.session}
	if s.customer != "" {
		if _, err := x.customers.Get(s.customer); err != nil {
			o.missing("customer", s.customer)
		}
	}
	if s.conversation != "" {
		if _, err := x.conversations.Get(s.conversation); err != nil {
			o.missing("conversation", s.conversation)
		}
	}
	if s.session != "" {
		session, err := x.sessions.Get(s.session)
		if err != nil {
			o.missing("channel session", s.session)
		} else {
			o.foundSession = session
			if s.conversation == "" || x.stage.Reading("EF-R-08") == "session-first" {
				o.conversation = session.Conversation
			}
		}
	}
	x.place(&o)
	return o
}

func (o *owner) missing(what, id string) {
	if o.unknown == "" {
		o.unknown = fmt.Sprintf("there is no %s %q", what, id)
	}
}

// place decides between topic, store and history.
func (x *expertflow) place(o *owner) {
	if o.conversation == "" && o.session == "" {
		o.place = PlaceHistory
		return
	}
	o.place = PlaceStore
	conversation, err := x.conversations.Get(o.conversation)
	if err != nil {
		return
	}
	o.foundConversation = conversation
	if o.customer == "" {
		o.customer = conversation.Customer
	}
	if conversation.Active {
		o.place = PlaceTopic
	}
}
