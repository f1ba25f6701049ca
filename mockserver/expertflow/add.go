package expertflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/parleykit/parley/mockserver/store"
)

// known is the part of State that a test may add to, or set.
type known struct {
	Customers       []Customer       `json:"customers"`
	Conversations   []Conversation   `json:"conversations"`
	ChannelSessions []ChannelSession `json:"channelSessions"`
	Gateway         gatewayGiven     `json:"gateway"`
}

// addState lets Expertflow CX know of customers, conversations and channel
// sessions. Adding a conversation again with another active ends or revives it.
// What is given of the gateway is set.
func (x *expertflow) addState(given json.RawMessage) error {
	var more known
	decoder := json.NewDecoder(bytes.NewReader(given))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&more); err != nil {
		return fmt.Errorf("%w; customers, conversations and channelSessions can be added, and the gateway set", err)
	}
	if err := x.check(more); err != nil {
		return err
	}
	var errs []error
	for _, c := range more.Customers {
		errs = append(errs, store.Put(x.customers, c.ID, cloneCustomer(c)))
	}
	for _, c := range more.Conversations {
		errs = append(errs, store.Put(x.conversations, c.ID, c))
	}
	for _, s := range more.ChannelSessions {
		errs = append(errs, store.Put(x.sessions, s.ID, s))
	}
	if more.Gateway != (gatewayGiven{}) {
		errs = append(errs, x.gateway.set(more.Gateway))
	}
	return errors.Join(errs...)
}

// check finds what is given without an ID, or belongs to something that neither
// exists nor is given with it, and a count that is none.
func (x *expertflow) check(more known) error {
	customers, conversations := map[string]bool{}, map[string]bool{}
	if n := more.Gateway.Unanswered; n != nil && *n < 0 {
		return fmt.Errorf("gateway.unanswered is %d; give how many activities get no answer, 0 for none", *n)
	}
	for _, c := range more.Customers {
		if c.ID == "" {
			return errors.New("a customer has no _id")
		}
		customers[c.ID] = true
	}
	for _, c := range more.Conversations {
		if c.ID == "" {
			return errors.New("a conversation has no id")
		}
		if !customers[c.Customer] && !has(x.customers, c.Customer) {
			return fmt.Errorf("conversation %q: there is no customer %q; add it as well", c.ID, c.Customer)
		}
		conversations[c.ID] = true
	}
	for _, s := range more.ChannelSessions {
		if s.ID == "" {
			return errors.New("a channel session has no id")
		}
		if !conversations[s.Conversation] && !has(x.conversations, s.Conversation) {
			return fmt.Errorf("channel session %q: there is no conversation %q; add it as well", s.ID, s.Conversation)
		}
	}
	return nil
}

func has[T any](c store.Collection[T], id string) bool {
	_, err := c.Get(id)
	return err == nil
}
