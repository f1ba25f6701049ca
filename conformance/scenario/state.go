package scenario

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// state waits until the list has an element that matches, or as many as the step
// says.
func (r *run) state(ctx context.Context, p *conformance.Partner, s Step) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(s.Within, p.Timing().Answer))
	defer cancel()
	match := mockserver.Match{Body: s.Body, Contains: s.Contains}
	ticker := time.NewTicker(5 * time.Millisecond) // the state has no events of its own
	defer ticker.Stop()
	for {
		elements, err := elementsAt(p.Sandbox().State()[r.scenario.Vendor], s.State)
		if err != nil {
			return conformance.CouldNotRun(err.Error())
		}
		fitting := slices.DeleteFunc(slices.Clone(elements), func(e json.RawMessage) bool { return len(match.Differences(asBody(e))) > 0 })
		if len(fitting) >= max(s.Times, 1) {
			return r.save(s.Save, fitting[0])
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return conformance.Fail(fmt.Sprintf("an element of %s with %s%s", s.State, strings.TrimPrefix(match.String(), "an exchange with "), times(max(s.Times, 1))),
				fmt.Sprintf("%d of its %d elements%s", len(fitting), len(elements), nearestOf(match, elements)))
		}
	}
}

// nearestOf says how the element differs that differs least.
func nearestOf(match mockserver.Match, elements []json.RawMessage) string {
	var bodies []*traffic.Exchange
	for _, element := range elements {
		bodies = append(bodies, asBody(element))
	}
	closest, least := match.Closest(bodies)
	if closest == nil {
		return ""
	}
	return "; the closest differs: " + strings.Join(least, ", ")
}

// asBody lets an element be matched like the body of a call.
func asBody(element json.RawMessage) *traffic.Exchange {
	return &traffic.Exchange{Request: traffic.Request{Body: traffic.NewBody(element, len(element)+1)}}
}

// elementsAt reads a list of the vendor's state.
func elementsAt(state any, pointer string) ([]json.RawMessage, error) {
	data, err := json.Marshal(state)
	if err != nil {
		return nil, err
	}
	for _, key := range jsonpointer.Keys(pointer) {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(data, &object); err != nil || object[key] == nil {
			return nil, fmt.Errorf("the vendor's state has no %s; GET /_parley/state shows what it has", pointer)
		}
		data = object[key]
	}
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s of the vendor's state is no list", pointer)
	}
	return list, nil
}
