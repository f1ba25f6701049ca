package threedolphins

import (
	"slices"
	"sync"
)

// conversation is what an event of the bot's needs of a ticket.
type conversation struct {
	ticket, channel, owner, customer string
}

// maxConversations bounds the tickets that a bot remembers; the oldest makes room
// for the newest.
const maxConversations = 10_000

// conversations are the tickets whose customers have written, oldest first.
type conversations struct {
	mu   sync.Mutex
	list []conversation
}

// note remembers a conversation as the one in which was written last.
func (c *conversations) note(one conversation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = slices.DeleteFunc(c.list, func(known conversation) bool { return known.ticket == one.ticket })
	if len(c.list) == maxConversations {
		c.list = c.list[1:]
	}
	c.list = append(c.list, one)
}

// oldest returns the first that there is; one in which was written again counts as new.
func (c *conversations) oldest() (conversation, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.list) == 0 {
		return conversation{}, false
	}
	return c.list[0], true
}

// find returns the conversation of a ticket; with "" the one in which was written last.
func (c *conversations) find(ticket string) (conversation, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range slices.Backward(c.list) {
		if ticket == "" || one.ticket == ticket {
			return one, true
		}
	}
	return conversation{}, false
}
