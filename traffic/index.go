package traffic

import (
	"slices"
	"strings"
)

// watcher is a wait or a subscription.
type watcher interface {
	// offer shows exchanges, oldest first, that have the traits which the watcher asks
	// for, and reports whether it has ended and is to be let go.
	offer(batch []later) (ended bool)
}

// index has watchers by the traits that they ask for, so that an exchange finds those
// that it may concern among thousands of others: those that ask for the same members of
// Traits, whatever values, share a table, in which an exchange is looked up by its own.
type index struct {
	tables map[shape]map[Traits]*group
	count  int // of watchers
}

// group are the watchers that ask for the same traits.
type group struct {
	traits   Traits
	watchers []watcher
	due      []later // what they are told next
}

// shape says which members of Traits are asked for.
type shape struct{ vendor, operation, caller, channel, status, class, trace bool }

func (t Traits) shape() shape {
	return shape{t.Vendor != "", t.Operation != "", t.Caller != "", t.Channel != "", t.Status != 0, t.Class != 0, t.Trace != ""}
}

// of are those traits of an exchange, the operation by its full name.
func (s shape) of(e *Exchange) (t Traits) {
	if s.vendor {
		t.Vendor = e.Vendor
	}
	if s.operation {
		t.Operation = e.Operation
	}
	if s.caller {
		t.Caller = e.Caller
	}
	if s.channel {
		t.Channel = e.Channel
	}
	if s.status {
		t.Status = e.Status()
	}
	if s.class {
		t.Class = e.Status() / 100
	}
	if s.trace {
		t.Trace = traceOf(e.Request.Header)
	}
	return t
}

func (x *index) add(t Traits, w watcher) {
	if x.tables == nil {
		x.tables = map[shape]map[Traits]*group{}
	}
	table := x.tables[t.shape()]
	if table == nil {
		table = map[Traits]*group{}
		x.tables[t.shape()] = table
	}
	g := table[t]
	if g == nil {
		g = &group{traits: t}
		table[t] = g
	}
	g.watchers = append(g.watchers, w)
	x.count++
}

// remove takes a watcher out, if it is there.
func (x *index) remove(t Traits, w watcher) {
	if g := x.tables[t.shape()][t]; g != nil {
		if i := slices.Index(g.watchers, w); i >= 0 {
			x.drop(g, i)
		}
	}
}

func (x *index) drop(g *group, i int) {
	last := len(g.watchers) - 1
	g.watchers[i], g.watchers[last] = g.watchers[last], nil
	g.watchers = g.watchers[:last]
	x.count--
	if last > 0 {
		return
	}
	table := x.tables[g.traits.shape()]
	if delete(table, g.traits); len(table) == 0 {
		delete(x.tables, g.traits.shape())
	}
}

// tell shows exchanges, oldest first, to the watchers that they may concern. Each watcher
// is told all of them before the next is: thousands of watchers don't fit into a
// processor's cache, and exchanges do.
func (x *index) tell(batch []later) {
	for _, g := range x.due(batch) {
		for i := 0; i < len(g.watchers); {
			if g.watchers[i].offer(g.due) {
				x.drop(g, i)
			} else {
				i++
			}
		}
		g.due = nil
	}
}

// due are the groups to which something is due.
func (x *index) due(batch []later) (groups []*group) {
	for _, one := range batch {
		for shape, table := range x.tables {
			t := shape.of(one.exchange)
			for more := true; more; { // a name of an operation ends with the shorter ones
				if g := table[t]; g != nil {
					if g.due == nil {
						groups = append(groups, g)
					}
					g.due = append(g.due, one)
				}
				_, t.Operation, more = strings.Cut(t.Operation, "/")
			}
		}
	}
	return groups
}
