package mockserver

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/specs"
)

// Bounds of what faults do to events.
const (
	maxCopies  = 100
	maxReorder = 100
)

// check says what is wrong with a fault.
func (f Fault) check(vendors []*vendor) error {
	for _, check := range []func() error{f.checkKind, f.checkTimes, f.checkWhen, f.checkAnswer, f.checkEvent} {
		if err := check(); err != nil {
			return err
		}
	}
	return f.checkNames(vendors)
}

// checkKind: a fault acts on operations or on events.
func (f Fault) checkKind() error {
	answers := f.Status != 0 || f.Answer != "" || f.ContentType != "" || f.Drip != "" || f.Taken || f.Undocumented
	switch {
	case f.Event != "" && f.Operation != "":
		return errors.New("a fault is for operations or for events; add one for each")
	case f.Event != "" && answers:
		return fmt.Errorf("event %q gets no answer from the mock; the partner answers it. Give delay, lose, set, copies or reorder", f.Event)
	case f.onEvent() && f.Operation != "":
		return fmt.Errorf("operation %q can't be lost, copied, reordered or changed, because the partner sends it; give status, delay, answer, contentType or drip", f.Operation)
	case f.onEvent() && answers:
		return errors.New(`a fault acts on one side: "status", "answer", "contentType" and "drip" answer an operation; "lose", "set", "copies" and "reorder" act on an event`)
	case f.decides() == 0:
		return errors.New(`it does nothing; give "status", "delay", "answer", "contentType" or "drip" for an operation; "delay", "lose", "set", "copies" or "reorder" for an event`)
	case f.Delay != "" && !f.onEvent() && !answers && f.Operation == "":
		return errors.New(`say what is late: "operation" or "event", with an ID or "*" for all`)
	}
	return nil
}

func (f Fault) checkTimes() error {
	if _, err := newDelay(f.Delay); err != nil {
		return err
	}
	for name, text := range map[string]string{"for": f.For, "drip": f.Drip, "window": f.Window} {
		if text != "" {
			if _, err := faultTime(name, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f Fault) checkWhen() error {
	switch {
	case f.Times < 0:
		return fmt.Errorf("times is %d; give how often the fault acts, or 0 for always", f.Times)
	case f.Nth < 0 || f.From < 0:
		return fmt.Errorf("nth is %d and from is %d; matches are counted from 1", f.Nth, f.From)
	case f.Nth > 0 && f.From > 0:
		return errors.New("give nth for one match or from for that match and all later ones, not both")
	case !(f.Probability >= 0 && f.Probability <= 1):
		return fmt.Errorf("probability is %v; give a number from 0 to 1", f.Probability)
	}
	return nil
}

func (f Fault) checkAnswer() error {
	known := []string{AnswerReset, AnswerEmpty, AnswerTruncated, AnswerMalformed}
	switch {
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d is no final HTTP status; give one from 200 to 599", f.Status)
	case f.Answer != "" && !slices.Contains(known, f.Answer):
		return fmt.Errorf("answer %q is none; write %s", f.Answer, oneOf(known))
	case f.dropsAnswer() && (f.Status != 0 || f.ContentType != "" || f.Drip != ""):
		return fmt.Errorf("answer %s sends nothing, so it can't have a status, contentType or drip", f.Answer)
	case f.Taken && f.Status == 0 && !f.dropsAnswer():
		return errors.New("taken is for a status, or for the answers reset and empty; with others the vendor takes the call anyway")
	case f.Undocumented && f.Status == 0:
		return errors.New("undocumented is for a status; give one")
	}
	return nil
}

func (f Fault) checkEvent() error {
	switch {
	case f.Lose && (len(f.Set) > 0 || f.Copies != 0 || f.Reorder != 0 || f.Delay != ""):
		return errors.New("an event that is lost needs no set, copies, reorder or delay")
	case f.Copies < 0 || f.Copies > maxCopies:
		return fmt.Errorf("copies is %d; give how many are sent beside the event, 1 to %d", f.Copies, maxCopies)
	case f.Together && f.Copies == 0:
		return errors.New("together is for copies; give how many")
	case f.Reorder != 0 && (f.Reorder < 2 || f.Reorder > maxReorder):
		return fmt.Errorf("reorder is %d; give how many events change places, 2 to %d", f.Reorder, maxReorder)
	case f.Window != "" && f.Reorder == 0:
		return errors.New("window is for reorder; give how many events change places")
	case f.Reorder != 0 && (f.Delay != "" || f.Copies != 0):
		return errors.New("reorder goes with neither delay nor copies; add a fault for each")
	}
	return nil
}

// checkNames finds the vendor, operation and status that the fault names.
func (f Fault) checkNames(vendors []*vendor) error {
	var operations []*specs.Operation
	known := f.Vendor == ""
	for _, v := range vendors {
		if f.Vendor == "" || f.Vendor == v.contract.ID {
			known = true
			operations = append(append(operations, v.contract.Operations...), v.contract.Events...)
		}
	}
	if !known {
		return fmt.Errorf("no vendor %q; the mock plays %s", f.Vendor, names(vendors))
	}
	kind, id := "operations/", f.Operation
	if f.onEvent() {
		kind, id = "events/", f.Event
	}
	var matching []*specs.Operation
	var all []string
	for _, o := range operations {
		if o.Event == f.onEvent() {
			all = append(all, o.ID)
			if id == "" || id == anyID || o.ID == id {
				matching = append(matching, o)
			}
		}
	}
	if len(matching) == 0 {
		return fmt.Errorf("no %s%s; write %s", kind, id, oneOf(all))
	}
	if f.Status == 0 || f.Undocumented || slices.ContainsFunc(matching, func(o *specs.Operation) bool { return documents(o, f.Status) }) {
		return nil
	}
	return fmt.Errorf(`status %d is not documented for %s (documented: %s); set "undocumented" to send it all the same`, f.Status, matching[0].Name(), statuses(matching[0]))
}

// oneOf lists what can be chosen: "a, b or c".
func oneOf(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

func documents(o *specs.Operation, status int) bool {
	_, ok := o.Response(status)
	return ok
}
