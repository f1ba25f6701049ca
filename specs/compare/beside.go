package compare

import (
	"fmt"
	"maps"
	"slices"

	"github.com/parleykit/parley/specs"
)

// answers compares the statuses with which a partner may answer an event: it may
// not rely on one that is gone.
func answers(old, new *specs.Contract) []Change {
	var changes []Change
	for _, after := range new.Events {
		before := old.Operation(after.Name())
		if before == nil {
			changes = append(changes, Change{Risky, after.Name(), "event-added", "the vendor sends an event that it did not send before"})
			continue
		}
		for _, status := range slices.Sorted(maps.Keys(before.Responses)) {
			answer, kept := after.Response(status)
			if was := before.Responses[status].Echo; kept && was != answer.Echo {
				changes = append(changes, Change{Breaking, after.Name(), "answer-echo-changed", fmt.Sprintf("an answer %s repeated %s of the event, and now %s", statusText(status), orNothing(was), orNothing(answer.Echo))})
			}
			if !kept {
				changes = append(changes, Change{Breaking, after.Name(), "answer-status-removed", fmt.Sprintf("a partner may no longer answer %s", statusText(status))})
			}
		}
		for _, status := range slices.Sorted(maps.Keys(after.Responses)) {
			if _, had := before.Response(status); !had {
				changes = append(changes, Change{Compatible, after.Name(), "answer-status-added", fmt.Sprintf("a partner may answer %s", statusText(status))})
			}
		}
	}
	for _, before := range old.Events {
		if new.Operation(before.Name()) == nil {
			changes = append(changes, Change{Breaking, before.Name(), "event-removed", "the vendor no longer sends this event"})
		}
	}
	return changes
}

func orNothing(echo string) string {
	if echo == "" {
		return "nothing"
	}
	return echo
}

func statusText(status int) string {
	if status == specs.AnyStatus {
		return "any other status"
	}
	return specs.StatusName(status)
}

// requirements compares what binds whom. A new MUST of the partner's may make it
// wrong, though nothing in the documents changed.
func requirements(old, new []specs.Requirement) []Change {
	before, after := map[string]specs.Requirement{}, map[string]specs.Requirement{}
	for _, r := range old {
		before[r.ID] = r
	}
	var changes []Change
	add := func(level Level, id, kind, text string) {
		changes = append(changes, Change{level, "requirements/" + id, "requirement-" + kind, text})
	}
	for _, r := range new {
		after[r.ID] = r
		was, known := before[r.ID]
		switch {
		case !known:
			add(demand(r), r.ID, "added", fmt.Sprintf("%s %s: %s", r.Binds, r.Level, r.Text))
		case was.Binds != r.Binds || was.Level != r.Level:
			add(demand(r), r.ID, "level-changed", fmt.Sprintf("%s %s is now %s %s", was.Binds, was.Level, r.Binds, r.Level))
		case was.Text != r.Text:
			add(demand(r), r.ID, "text-changed", fmt.Sprintf("%q is now %q", was.Text, r.Text))
		case was.Evidence != r.Evidence:
			add(Compatible, r.ID, "evidence-changed", fmt.Sprintf("%s is now %s", was.Evidence, r.Evidence))
		}
	}
	for _, r := range old {
		if _, kept := after[r.ID]; !kept {
			add(Compatible, r.ID, "removed", r.Text)
		}
	}
	return changes
}

// demand is how grave it is that a requirement is new or says something else.
func demand(r specs.Requirement) Level {
	if r.Binds == "partner" && r.Level == "MUST" && r.Excluded == "" {
		return Risky
	}
	return Compatible
}

// readings compares what is taken for the meaning where the documents are silent.
func readings(old, new *specs.Contract) []Change {
	var changes []Change
	add := func(level Level, id, kind, text string) {
		changes = append(changes, Change{level, "readings/" + id, "reading-" + kind, text})
	}
	for _, r := range new.Readings {
		was, now := old.Chosen(r.ID), new.Chosen(r.ID)
		switch {
		case !slices.ContainsFunc(old.Readings, func(o specs.Reading) bool { return o.ID == r.ID }):
			add(Compatible, r.ID, "added", r.Question)
		case was != now:
			add(Risky, r.ID, "default-changed", fmt.Sprintf("%s is now %s", orHarmless(was), orHarmless(now)))
		}
	}
	for _, r := range old.Readings {
		if !slices.ContainsFunc(new.Readings, func(n specs.Reading) bool { return n.ID == r.ID }) {
			add(Compatible, r.ID, "removed", r.Question)
		}
	}
	return changes
}

func orHarmless(option string) string {
	if option == "" {
		return "harmless"
	}
	return option
}
