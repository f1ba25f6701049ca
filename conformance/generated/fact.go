package generated

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
)

// document is the source of a fact that names none: it stands in the contract,
// and that is where it was seen.
const document = "openapi.yaml"

// fact is what a check decides, with the evidence that the document gives for it.
func fact(id, text string, e specs.Evidence) conformance.Requirement {
	return conformance.Requirement{
		ID: id, Level: string(levelOf(e)), Text: text, Quote: e.Quote,
		Source: cmp.Or(e.Source, document), Evidence: cmp.Or(e.Class, specs.Observed),
	}
}

// levelOf is MUST for what the vendor says or is seen to do, and SHOULD for what
// the contract only assumes.
func levelOf(e specs.Evidence) conformance.Level {
	if e.Class == specs.Assumed {
		return conformance.Should
	}
	return conformance.Must
}

// ours is what a check takes to hold beyond what the documents say.
func ours(id, text string) conformance.Requirement {
	return fact(id, text, specs.Evidence{Class: specs.Assumed})
}

// about gives an operation's fact, and the requirements of the contract that state
// the same: one that quotes the same sentence, or the only one that the operation
// names. Of several, none is known to be meant.
func (m *maker) about(o *specs.Operation) (facts []conformance.Requirement, requirements []string) {
	what := fmt.Sprintf("%s sends %s", m.contract.Name, o.Name())
	if !o.Event {
		what = fmt.Sprintf("%s serves %s: %s %s", m.contract.Name, o.Name(), o.Method, o.Path)
	}
	if o.Summary != "" {
		what += " (" + o.Summary + ")"
	}
	text := what + "; answered with " + statusList(documented(o), "or")
	requirements = m.quoting(o.Evidence)
	if len(o.Requirements) == 1 && m.binding(o.Requirements[0]) && !slices.Contains(requirements, o.Requirements[0]) {
		requirements = append(requirements, o.Requirements[0])
	}
	return []conformance.Requirement{fact(o.Name(), text, o.Evidence)}, requirements
}

// aboutAnswer is about for one documented answer of an operation.
func (m *maker) aboutAnswer(o *specs.Operation, status int) (facts []conformance.Requirement, requirements []string) {
	if _, itself := o.Responses[status]; !itself {
		status /= 100 // its range
	}
	answer, name := o.Responses[status], specs.StatusName(status)
	return []conformance.Requirement{fact(o.Name()+" "+name, name+": "+answer.Description, answer.Evidence)}, m.quoting(answer.Evidence)
}

// quoting are the requirements that quote the sentence of an evidence.
func (m *maker) quoting(e specs.Evidence) []string {
	var ids []string
	for _, r := range m.contract.Requirements {
		if e.Quote != "" && r.Quote == e.Quote && r.Source == e.Source && m.binding(r.ID) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// binding reports whether a requirement binds the partner and can be decided.
func (m *maker) binding(id string) bool {
	r, ok := m.contract.Requirement(id)
	return ok && r.Binds == "partner" && r.Excluded == ""
}

// documented are the statuses of an operation that the contract lists, and the ranges,
// sorted.
func documented(o *specs.Operation) []int { return o.Answers() }

// statusList writes statuses for people; without any, every one is documented.
func statusList(statuses []int, last string) string {
	if len(statuses) == 0 {
		return "any status"
	}
	var texts []string
	for _, status := range statuses {
		texts = append(texts, specs.StatusName(status))
	}
	return enumerate(texts, last)
}

func enumerate(texts []string, last string) string {
	if n := len(texts) - 1; n > 0 {
		return strings.Join(texts[:n], ", ") + " " + last + " " + texts[n]
	}
	return strings.Join(texts, "")
}

// success are the statuses with which the partner says that it took an event: those
// that end a delivery well, or the documented ones from 200 to 299. None means
// that the contract does not tell.
func (v event) success() []int {
	listed := slices.DeleteFunc(documented(v.Operation), func(status int) bool { return !isSuccess(status) })
	if len(v.contract.Delivery.Success) == 0 {
		return listed
	}
	ends := func(status int) bool {
		return slices.ContainsFunc(v.contract.Delivery.Success, func(good int) bool { return covers(status, good) })
	}
	return slices.DeleteFunc(listed, func(status int) bool { return !ends(status) })
}

func isSuccess(status int) bool { return firstOf(status)/100 == http.StatusOK/100 }

// firstOf is the first status that a documented one or a range stands for.
func firstOf(status int) int {
	if specs.IsRange(status) {
		return 100 * status
	}
	return status
}

// covers reports whether a documented status or range is that of an answer.
func covers(documented, status int) bool {
	return documented == status || specs.IsRange(documented) && documented == status/100
}

// took reports whether a status says that the partner took the event.
func (v event) took(status int) bool {
	if good := v.success(); len(good) > 0 {
		return slices.ContainsFunc(good, func(documented int) bool { return covers(documented, status) })
	}
	return isSuccess(status)
}

// refusals are the documented statuses from 400 on. Meant is the one that such a
// request is for: one of fitting, in their order, or AnyStatus beside a documented
// success; fits is false when there is none. Nil statuses mean that the contract does
// not say how an event is refused; where it documents no success either, it does not
// say so by AnyStatus.
func (v event) refusals(fitting ...int) (statuses []int, meant int, fits bool) {
	if len(v.success()) == 0 {
		return nil, 0, false
	}
	for _, status := range documented(v.Operation) {
		if firstOf(status) >= http.StatusBadRequest {
			statuses = append(statuses, status)
		}
	}
	for _, status := range fitting {
		for _, documented := range statuses {
			if covers(documented, status) {
				return statuses, documented, true
			}
		}
	}
	if _, ok := v.Responses[specs.AnyStatus]; ok {
		return append([]int{}, statuses...), specs.AnyStatus, true
	}
	return statuses, 0, false
}
