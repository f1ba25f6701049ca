package elma365

import (
	"slices"
	"sync"
)

// maxChannels bounds the channels that a messenger remembers; the oldest makes
// room for the newest.
const maxChannels = 256

// channels are the connections that ELMA365 has opened, oldest connect first.
type channels struct {
	mu       sync.Mutex
	open     []channel
	everOpen int
	everShut int
}

type channel struct {
	id      string
	webhook string // where ELMA365 takes calls; "" while no connect told it
}

// connect opens a channel, or tells an open one its new webhook, and makes it the latest.
func (c *channels) connect(id, webhook string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forget(id)
	if len(c.open) == maxChannels {
		c.open = c.open[1:]
	}
	c.open = append(c.open, channel{id, webhook})
	c.everOpen++
}

// disconnect forgets a channel, and reports whether it was open.
func (c *channels) disconnect(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.everShut++
	return c.forget(id)
}

func (c *channels) disconnectAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = nil
}

func (c *channels) forget(id string) bool {
	before := len(c.open)
	c.open = slices.DeleteFunc(c.open, func(one channel) bool { return one.id == id })
	return len(c.open) < before
}

// find returns the open channel of that ID; with "" the one that was connected last.
func (c *channels) find(id string) (channel, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range slices.Backward(c.open) {
		if id == "" || one.id == id {
			return one, true
		}
	}
	return channel{}, false
}

func (c *channels) opened() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.everOpen
}

func (c *channels) shut() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.everShut
}
