package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
)

// Bounds of what faults do to events.
const (
	maxCopies  = 100
	maxReorder = 100
)

// Checked returns the rule as it is kept in force, or what is wrong with it: names
// are those of the contracts that are played.
func (r Rule) Checked(contracts []*specs.Contract) (Rule, error) {
	r.Operation = strings.TrimPrefix(r.Operation, "operations/")
	r.Event = strings.TrimPrefix(r.Event, "events/")
	for _, check := range []func() error{r.checkKind, r.checkTimes, r.checkWhen, r.checkAnswer, r.checkEvent} {
		if err := check(); err != nil {
			return r, err
		}
	}
	return r, r.checkNames(contracts)
}

// checkKind: a fault acts on operations or on events.
func (r Rule) checkKind() error {
	answers := r.Status != 0 || r.Answer != "" || r.ContentType != "" || r.Drip != "" || r.Taken || r.Undocumented
	switch {
	case r.Event != "" && r.Operation != "":
		return errors.New("a fault is for operations or for events; add one for each")
	case r.Event != "" && answers:
		return fmt.Errorf("event %q gets no answer from the mock; the partner answers it. Give delay, lose, set, copies or reorder", r.Event)
	case r.onEvent() && r.Operation != "":
		return fmt.Errorf("operation %q can't be lost, copied, reordered or changed, because the partner sends it; give status, delay, answer, contentType or drip", r.Operation)
	case r.onEvent() && answers:
		return errors.New(`a fault acts on one side: "status", "answer", "contentType" and "drip" answer an operation; "lose", "set", "copies" and "reorder" act on an event`)
	case r.decides() == 0:
		return errors.New(`it does nothing; give "status", "delay", "answer", "contentType" or "drip" for an operation; "delay", "lose", "set", "copies" or "reorder" for an event`)
	case r.Delay != "" && !r.onEvent() && !answers && r.Operation == "":
		return errors.New(`say what is late: "operation" or "event", with an ID or "*" for all`)
	}
	return nil
}

func (r Rule) checkTimes() error {
	if _, err := newDelay(r.Delay); err != nil {
		return err
	}
	for name, text := range map[string]string{"for": r.For, "drip": r.Drip, "window": r.Window} {
		if text != "" {
			if _, err := parseTime(name, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r Rule) checkWhen() error {
	switch {
	case r.Times < 0:
		return fmt.Errorf("times is %d; give how often the fault acts, or 0 for always", r.Times)
	case r.Nth < 0 || r.From < 0:
		return fmt.Errorf("nth is %d and from is %d; matches are counted from 1", r.Nth, r.From)
	case r.Nth > 0 && r.From > 0:
		return errors.New("give nth for one match or from for that match and all later ones, not both")
	case !(r.Probability >= 0 && r.Probability <= 1):
		return fmt.Errorf("probability is %v; give a number from 0 to 1", r.Probability)
	}
	return nil
}

func (r Rule) checkAnswer() error {
	switch {
	case r.Status != 0 && (r.Status < 200 || r.Status > 599):
		return fmt.Errorf("status %d is no final HTTP status; give one from 200 to 599", r.Status)
	case r.Answer != "" && !slices.Contains(Answers(), r.Answer):
		return fmt.Errorf("answer %q is none; write %s%s", r.Answer, plural.List(Answers(), "or"), near.Aside(string(r.Answer), answerNames()))
	case r.DropsAnswer() && (r.Status != 0 || r.ContentType != "" || r.Drip != ""):
		return fmt.Errorf("answer %s sends nothing, so it can't have a status, contentType or drip", r.Answer)
	case r.Taken && r.Status == 0 && !r.DropsAnswer():
		return errors.New("taken is for a status, or for the answers reset and empty; with others the vendor takes the call anyway")
	case r.Undocumented && r.Status == 0:
		return errors.New("undocumented is for a status; give one")
	}
	return nil
}

func (r Rule) checkEvent() error {
	switch {
	case r.Lose && (len(r.Set) > 0 || r.Copies != 0 || r.Reorder != 0 || r.Delay != ""):
		return errors.New("an event that is lost needs no set, copies, reorder or delay")
	case r.Copies < 0 || r.Copies > maxCopies:
		return fmt.Errorf("copies is %d; give how many are sent beside the event, 1 to %d", r.Copies, maxCopies)
	case r.Together && r.Copies == 0:
		return errors.New("together is for copies; give how many")
	case r.Reorder != 0 && (r.Reorder < 2 || r.Reorder > maxReorder):
		return fmt.Errorf("reorder is %d; give how many events change places, 2 to %d", r.Reorder, maxReorder)
	case r.Window != "" && r.Reorder == 0:
		return errors.New("window is for reorder; give how many events change places")
	case r.Reorder != 0 && (r.Delay != "" || r.Copies != 0):
		return errors.New("reorder goes with neither delay nor copies; add a fault for each")
	}
	return nil
}

// checkNames finds the vendor, operation and status that the fault names.
func (r Rule) checkNames(contracts []*specs.Contract) error {
	var operations []*specs.Operation
	known := r.Vendor == ""
	for _, c := range contracts {
		if r.Vendor == "" || r.Vendor == c.ID {
			known = true
			operations = append(append(operations, c.Operations...), c.Events...)
		}
	}
	if !known {
		return fmt.Errorf("no vendor %q; the mock plays %s", r.Vendor, specs.JoinIDs(contracts))
	}
	kind, id := "operations/", r.Operation
	if r.onEvent() {
		kind, id = "events/", r.Event
	}
	var matching []*specs.Operation
	var all []string
	for _, o := range operations {
		if o.Event == r.onEvent() {
			all = append(all, o.ID)
			if id == "" || id == anyID || o.ID == id {
				matching = append(matching, o)
			}
		}
	}
	if len(matching) == 0 {
		return fmt.Errorf("no %s%s; write %s%s", kind, id, plural.List(all, "or"), near.Aside(id, all))
	}
	if r.Status == 0 || r.Undocumented || slices.ContainsFunc(matching, func(o *specs.Operation) bool { return o.Documents(r.Status) }) {
		return nil
	}
	return fmt.Errorf(`status %d is not documented for %s (documented: %s); set "undocumented" to send it all the same`, r.Status, matching[0].Name(), matching[0].StatusText())
}

func answerNames() []string {
	var names []string
	for _, a := range Answers() {
		names = append(names, string(a))
	}
	return names
}
