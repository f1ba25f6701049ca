package expertflow

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

// What the application is asked to do, in words that a person can follow. What
// stands in brackets at the end is for programs.
const (
	AskRecording = "Push the link to a call recording, for the channel session of the call; or any one activity, if there are no recordings (pushActivity: recording)."
	AskSurvey    = "Push the result of a survey, or another activity, for a conversation (pushActivity: survey)."
	AskSchedule  = "Push a scheduled activity, or another one that stands alone, for a customer only (pushActivity: schedule)."
)

var asks = []string{AskRecording, AskSurvey, AskSchedule}

// pushed makes the application push an activity and returns the first push of it.
func pushed(ctx context.Context, p *conformance.Partner, ask string) (activity, error) {
	earlier, since := activities(p), p.Sandbox().Clock().Now()
	if err := p.Provoke(ctx, ask); err != nil {
		return activity{}, err
	}
	if !p.CanProvoke() { // a person takes time, in which an earlier activity may come again
		found, err := p.Await(ctx, 1, isNew(earlier))
		if err != nil {
			return activity{}, err
		}
		return read(found[0]), nil
	}
	found, err := p.Await(ctx, 1, func(e *traffic.Exchange) bool {
		return isActivity(e) && !e.Time.Before(since) // one that is answered only now was pushed before
	})
	if err != nil {
		return activity{}, err
	}
	return newest(ctx, p, earlier, found), nil
}

// isNew matches activities that repeat none of these to the letter.
func isNew(earlier []activity) func(*traffic.Exchange) bool {
	return func(e *traffic.Exchange) bool {
		return isActivity(e) && !slices.ContainsFunc(earlier, func(one activity) bool {
			return one.id != "" && one.id == read(e).id && bytes.Equal(one.Request.Body.Kept, e.Request.Body.Kept)
		})
	}
}

// newest is the first push that repeats none of the earlier ones. Where none comes,
// the application has sent the same once more, and that is its activity. One that is
// known to do so is not waited for as long.
func newest(ctx context.Context, p *conformance.Partner, earlier []activity, found []*traffic.Exchange) activity {
	if i := slices.IndexFunc(found, isNew(earlier)); i >= 0 {
		return read(found[i])
	}
	limit := p.Timing().Stimulus
	if acceptedTwice(earlier) {
		limit = min(limit, p.Timing().Quiet)
	}
	if other, err := p.AwaitFor(ctx, limit, 1, isNew(earlier)); err == nil {
		return read(other[0])
	}
	return read(found[len(found)-1])
}

func acceptedTwice(all []activity) bool {
	accepted := map[string]bool{}
	for _, a := range all {
		if a.id == "" || a.Status() != http.StatusOK {
			continue
		}
		if accepted[a.id] {
			return true
		}
		accepted[a.id] = true
	}
	return false
}

func idsOf(all []activity) map[string]bool {
	ids := map[string]bool{}
	for _, a := range all {
		if a.id != "" {
			ids[a.id] = true
		}
	}
	return ids
}

// answeredOnce is pushed, with one push answered a status in the vendor's place. A
// repetition of an earlier activity can use that up, and then it is tried again.
func answeredOnce(ctx context.Context, p *conformance.Partner, status int) (activity, error) {
	var first activity
	for range 3 {
		remove := p.Fault(fault.Rule{Operation: pushActivity, Status: status, Times: 1})
		var err error
		if first, err = pushed(ctx, p, AskRecording); err != nil {
			return first, err
		}
		if err := readable(first); err != nil || first.Status() == status {
			return first, err
		}
		remove()
	}
	return first, answered(first, status)
}

// readable says why nothing can be said of what stands in a push, or nil.
func readable(a activity) error {
	switch {
	case a.Operation == "":
		return unclear(a, "went to no operation of Expertflow CX", "path")
	case !a.readable:
		return unclear(a, "is not one JSON object", "json")
	}
	return nil
}

// answered says why a push cannot be followed any further, or nil. Status is what
// the mock should have answered.
func answered(a activity, status int) error {
	if err := readable(a); err != nil {
		return err
	}
	if a.Status() == status {
		return nil
	}
	why, check := fmt.Sprintf("was answered %d, not %d", a.Status(), status), "message"
	if a.Status() == http.StatusUnauthorized {
		check = "token"
	}
	if f, ok := firstFinding(a, func(traffic.Finding) bool { return true }); ok {
		why += " (" + conformance.FindingText(f) + ")"
		check = topicOf(a, f)
	}
	return unclear(a, why, check)
}

func unclear(a activity, why, check string) error {
	return conformance.CouldNotRun("the activity "+why+"; see expertflow/client/"+check, a.Exchange)
}

// again waits until an activity was pushed n times, and returns the pushes. Only when it
// was not are others with its contents and a new ID taken for it: an application may say
// the same thing twice.
func again(ctx context.Context, p *conformance.Partner, first activity, n int) ([]activity, error) {
	found, err := p.AwaitFor(ctx, p.Timing().Retry, n, repeats(first))
	if err != nil && ctx.Err() == nil {
		earlier := idsOf(slices.DeleteFunc(activities(p), func(a activity) bool {
			return !a.Time.Before(first.Time) || a.id == first.id
		}))
		alike := p.Calls(func(e *traffic.Exchange) bool {
			a := read(e)
			return isActivity(e) && !e.Time.Before(first.Time) && !earlier[a.id] && first.same(a)
		})
		if len(alike) >= n {
			return readAll(alike), nil
		}
	}
	return readAll(found), err
}

// twins waits until two pushes that match have one ID, and returns them; where none have
// by the end of the wait, all that match.
func twins(ctx context.Context, p *conformance.Partner, match func(*traffic.Exchange) bool) ([]*traffic.Exchange, error) {
	short, cancel := context.WithTimeout(ctx, p.Timing().Retry)
	defer cancel()
	for n := 2; ; n++ {
		found, err := p.AwaitFor(short, p.Timing().Retry, n, match)
		for _, e := range found {
			if pair := slices.DeleteFunc(slices.Clone(found), func(other *traffic.Exchange) bool { return read(other).id != read(e).id }); len(pair) > 1 {
				return pair, nil
			}
		}
		switch {
		case err != nil && len(found) > 1:
			return found, nil
		case err != nil:
			return found, err
		}
	}
}

// repeats matches the pushes of one activity, from the first on.
func repeats(first activity) func(*traffic.Exchange) bool {
	return func(e *traffic.Exchange) bool {
		return isActivity(e) && !e.Time.Before(first.Time) && first.is(read(e))
	}
}

// quiet waits and returns all pushes of an activity.
func quiet(ctx context.Context, p *conformance.Partner, first activity) []activity {
	return readAll(p.Quiet(ctx, p.Timing().Quiet, repeats(first)))
}

func readAll(exchanges []*traffic.Exchange) []activity {
	var all []activity
	for _, e := range exchanges {
		all = append(all, read(e))
	}
	return all
}

func exchanges(all []activity) []*traffic.Exchange {
	var list []*traffic.Exchange
	for _, a := range all {
		list = append(list, a.Exchange)
	}
	return list
}
