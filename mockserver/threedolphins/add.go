package threedolphins

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/store"
)

// theRule is the ID of the one tokenRule.
const theRule = "tokens"

func (d *dolphins) rule() tokenRule {
	r, _ := d.rules.Get(theRule) // it is put there at the start, and memory does not fail
	return r
}

// addition is what a user gives of State. A nil list was not given.
type addition struct {
	replace   bool
	tickets   []Ticket
	messages  []Message
	contacts  []Contact
	agents    []Agent
	channels  []ServiceChannel
	files     []File
	tokenLife time.Duration // 0: not given

	made []Contact // of tickets that name none
}

// addState lets 3Dolphins know of more. Members that are left out are those of a
// fresh ticket, message or contact, and null takes one of those away; a ticket with
// all that State shows of every ticket is taken as it is. With replace, a list that is given takes the
// place of the one that there was, and the messages of tickets that go, go too. A
// tokenLife ends all tokens that were issued before at once, so that a test need
// not wait for that.
func (d *dolphins) addState(text json.RawMessage) error {
	g, err := readAddition(text)
	if err != nil {
		return err
	}
	if err := d.complete(&g); err != nil {
		return err
	}
	if g.replace {
		if err := d.forgetFor(g); err != nil {
			return err
		}
	}
	return errors.Join(
		putAll(d.channels, g.channels, func(c ServiceChannel) string { return c.ID }),
		putAll(d.agents, g.agents, func(a Agent) string { return a.ID }),
		putAll(d.contacts, g.contacts, func(c Contact) string { return c.ID }),
		putAll(d.contacts, g.made, func(c Contact) string { return c.ID }),
		putAll(d.tickets, g.tickets, func(t Ticket) string { return t.Number }),
		putAll(d.messages, g.messages, func(m Message) string { return m.ID }),
		putAll(d.files, g.files, func(f File) string { return f.ID }),
		d.live(g.tokenLife),
	)
}

// live changes how long tokens live; 0 changes nothing.
func (d *dolphins) live(life time.Duration) error {
	if life == 0 {
		return nil
	}
	return store.Put(d.rules, theRule, tokenRule{Life: life, Since: d.stage.Now()})
}

// forgetFor makes room for the lists that are given.
func (d *dolphins) forgetFor(g addition) error {
	var errs []error
	if g.tickets != nil {
		errs = append(errs, clearAll(d.tickets, func(t Ticket) string { return t.Number }))
	}
	if g.tickets != nil || g.messages != nil {
		errs = append(errs, clearAll(d.messages, func(m Message) string { return m.ID }))
	}
	if g.contacts != nil {
		errs = append(errs, clearAll(d.contacts, func(c Contact) string { return c.ID }))
	}
	if g.agents != nil {
		errs = append(errs, clearAll(d.agents, func(a Agent) string { return a.ID }))
	}
	if g.channels != nil {
		errs = append(errs, clearAll(d.channels, func(c ServiceChannel) string { return c.ID }))
	}
	if g.files != nil {
		errs = append(errs, clearAll(d.files, func(f File) string { return f.ID }), clearAll(d.contents, func(c content) string { return c.ID }))
	}
	return errors.Join(errs...)
}

// readAddition reads what is given, strictly. What it can't be is a
// *mockserver.StateError.
func readAddition(text json.RawMessage) (addition, error) {
	var raw struct {
		Replace   bool              `json:"replace"`
		Tickets   []json.RawMessage `json:"tickets"`
		Messages  []json.RawMessage `json:"messages"`
		Contacts  []json.RawMessage `json:"contacts"`
		Agents    []json.RawMessage `json:"agents"`
		Channels  []json.RawMessage `json:"channels"`
		Files     []json.RawMessage `json:"files"`
		TokenLife *string           `json:"tokenLife"`
		Forgotten uint64            `json:"forgotten"` // State has it; nothing can be done with it
	}
	g := addition{}
	if err := strictly(text, &raw); err != nil {
		return g, &mockserver.StateError{Text: err.Error() + "; tickets, messages, contacts, agents, channels, files and tokenLife can be given, and replace"}
	}
	g.replace = raw.Replace
	if raw.TokenLife != nil {
		life, err := time.ParseDuration(*raw.TokenLife)
		if err != nil || life <= 0 {
			return g, &mockserver.StateError{Pointer: "/tokenLife", Text: fmt.Sprintf("%q is no time above 0; write it like 90s or 1h", *raw.TokenLife)}
		}
		g.tokenLife = life
	}
	return g, cmp.Or(
		elements(raw.Tickets, "tickets", &g.tickets), elements(raw.Messages, "messages", &g.messages),
		elements(raw.Contacts, "contacts", &g.contacts), elements(raw.Agents, "agents", &g.agents),
		elements(raw.Channels, "channels", &g.channels), elements(raw.Files, "files", &g.files),
	)
}

func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	return decoder.Decode(into)
}

// elements reads the elements of a list. A list that is given stays one, if empty.
func elements[T any](raw []json.RawMessage, name string, into *[]T) error {
	if raw == nil {
		return nil
	}
	*into = make([]T, len(raw))
	for i, text := range raw {
		if err := strictly(text, &(*into)[i]); err != nil {
			return wrong(name, i, "", "%w", err)
		}
	}
	return nil
}

// wrong says what is wrong with an element; below is a pointer inside of it.
func wrong(list string, i int, below, format string, args ...any) error {
	return &mockserver.StateError{Pointer: fmt.Sprintf("/%s/%d%s", list, i, below), Text: fmt.Errorf(format, args...).Error()}
}

func putAll[T any](c store.Collection[T], list []T, id func(T) string) error {
	for _, one := range list {
		if err := store.Put(c, id(one), one); err != nil {
			return err
		}
	}
	return nil
}

func clearAll[T any](c store.Collection[T], id func(T) string) error {
	for _, one := range store.All(c) {
		if err := c.Delete(id(one)); err != nil {
			return err
		}
	}
	return nil
}
