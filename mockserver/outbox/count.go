package outbox

// Count adds how many deliveries are in each state to the counts: those that are kept,
// and those that have not ended, kept or not.
func (o *Outbox) Count(to map[State]int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range o.kept {
		if !e.State.underWay() {
			to[e.State]++
		}
	}
	for e := range o.open {
		if e.State.underWay() {
			to[e.State]++
		}
	}
}

func (s State) underWay() bool { return s == Queued || s == Delivering }
