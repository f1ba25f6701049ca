package expertflow

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

// repeatChecks: an activity is pushed again only when that makes sense, and then as
// the same one.
var repeatChecks = []conformance.Check{
	{
		ID: "expertflow/client/unique-ids", Title: "gives two activities two ids",
		Requirements: []string{"EF-ACT-009"},
		Run:          uniqueIDs,
	},
	{
		ID: "expertflow/client/no-repeat-after-200", Title: "does not push an activity again that was accepted",
		Requirements: []string{"EF-ACT-010"},
		Run:          noRepeatAfter200,
	},
	{
		ID: "expertflow/client/repeat-after-500", Title: "pushes the same activity, under the same id, if it pushes one again after 500",
		Requirements: []string{"EF-ACT-011"},
		Run:          repeatAfter500,
	},
	{
		ID: "expertflow/client/repeat-after-silence", Title: "pushes the same activity, under the same id, if it pushes one again after no answer came",
		Requirements: []string{"EF-ACT-011"},
		Run:          repeatAfterSilence,
	},
	{
		ID: "expertflow/client/no-repeat-after-400", Title: "does not push an activity again, unchanged, that was refused as invalid",
		Requirements: []string{"EF-ACT-012"},
		Run: func(ctx context.Context, p *conformance.Partner) error {
			if p.Reading("EF-R-03") == "silent" {
				return conformance.NotApplicable("by reading EF-R-03=silent no activity is refused")
			}
			return notAgainAfter(http.StatusBadRequest)(ctx, p)
		},
	},
}

// uniqueIDs provokes two activities.
func uniqueIDs(ctx context.Context, p *conformance.Partner) error {
	used := idsOf(activities(p))
	for range 2 {
		a, err := pushed(ctx, p, AskRecording)
		if err != nil {
			return err
		}
		if err := readable(a); err != nil {
			return err
		}
		switch {
		case a.id == "":
			return conformance.NotApplicable("the application gives its activities no id, so that Expertflow CX makes one for each; see expertflow/client/id")
		case used[a.id]:
			return conformance.Fail("an id of its own for each activity", fmt.Sprintf("%q, which an earlier activity has", a.id), a.Exchange)
		}
		used[a.id] = true
	}
	return nil
}

func noRepeatAfter200(ctx context.Context, p *conformance.Partner) error {
	first, err := pushed(ctx, p, AskRecording)
	if err != nil {
		return err
	}
	if first.Status() == http.StatusUnauthorized { // a gateway that asks for tokens
		seen, err := again(ctx, p, first, 2)
		if err != nil {
			return err
		}
		first = seen[1]
	}
	if err := answered(first, http.StatusOK); err != nil {
		return err
	}
	return once(quiet(ctx, p, first), "after 200", p)
}

// notAgainAfter returns a Run that answers a status to every push, and demands that
// an activity is not pushed again.
func notAgainAfter(status int) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		p.Fault(fault.Rule{Operation: pushActivity, Status: status})
		first, err := pushed(ctx, p, AskRecording)
		if err != nil {
			return err
		}
		if err := answered(first, status); err != nil {
			return err
		}
		return once(quiet(ctx, p, first), fmt.Sprintf("after %d", status), p)
	}
}

func once(seen []activity, when string, p *conformance.Partner) error {
	if len(seen) <= 1 {
		return nil
	}
	return conformance.Fail("no further push of the activity "+when, fmt.Sprintf("%d within %s", len(seen)-1, p.Timing().Quiet), exchanges(seen)...)
}

func repeatAfter500(ctx context.Context, p *conformance.Partner) error {
	earlier := idsOf(activities(p))
	first, err := answeredOnce(ctx, p, http.StatusInternalServerError)
	if err != nil {
		return err
	}
	return repeatedAlike(ctx, p, first, earlier, "after 500", 1)
}

// repeatAfterSilence lets Expertflow CX take an activity and not answer.
func repeatAfterSilence(ctx context.Context, p *conformance.Partner) error {
	unanswered := func(n int) error {
		return p.Sandbox().AddState("expertflow", fmt.Appendf(nil, `{"gateway":{"unanswered":%d}}`, n))
	}
	before, err := state(p)
	if err != nil {
		return err
	}
	if err := unanswered(1); err != nil {
		return err
	}
	defer unanswered(0) // it answers what is still waited for
	earlier := activities(p)
	if err := p.Provoke(ctx, AskRecording); err != nil {
		return err
	}
	match := func(e *traffic.Exchange) bool { return isActivity(e) && e.Status() != http.StatusUnauthorized }
	taken := func() bool {
		now, err := state(p)
		return err == nil && len(now.Activities) > len(before.Activities)
	}
	found, err := p.AwaitFor(ctx, p.Timing().Stimulus, 1, match)
	if err != nil && taken() { // it still waits for the answer
		found, err = p.AwaitFor(ctx, p.Timing().Retry, 1, match)
	}
	if err != nil {
		if taken() {
			return conformance.NotApplicable(fmt.Sprintf("the application still waits for the answer after %s (--retry-wait); nothing says how long it may", p.Timing().Stimulus+p.Timing().Retry))
		}
		return err
	}
	first := newest(ctx, p, earlier, found)
	if err := answered(first, http.StatusOK); err != nil {
		return err
	}
	return repeatedAlike(ctx, p, first, idsOf(earlier), "after no answer came", 2)
}

// repeatedAlike waits for an activity to be pushed again. An application need not;
// but one that does pushes the same activity, until it is accepted. Earlier are the
// IDs before the check, and most is how often Expertflow CX may have it in the end.
func repeatedAlike(ctx context.Context, p *conformance.Partner, first activity, earlier map[string]bool, when string, most int) error {
	found, err := twins(ctx, p, func(e *traffic.Exchange) bool {
		a := read(e)
		return isActivity(e) && e.Status() != http.StatusUnauthorized && (a.id == first.id || !earlier[a.id]) && first.same(a)
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		if refused := p.Calls(func(e *traffic.Exchange) bool { return isActivity(e) && e.Status() == http.StatusUnauthorized }); len(refused) > 0 {
			return unclear(read(refused[0]), "was answered 401", "token")
		}
		return conformance.NotApplicable(fmt.Sprintf("the application did not push the activity again within %s %s; it need not", p.Timing().Retry, when))
	}
	// A push that nobody waits for any more can be in the journal after its repetition.
	slices.SortStableFunc(found, func(a, b *traffic.Exchange) int { return a.Time.Compare(b.Time) })
	first, second := read(found[0]), read(found[1])
	p.Note("pushed again %s later, %s", later(first, second), when)
	switch option := p.Reading("EF-R-06"); {
	case option == "free":
		return conformance.Undetermined("EF-R-06", "it pushed the activity again "+when, found...)
	case option == "never":
		return conformance.Fail("no further push "+when+" (reading EF-R-06)", fmt.Sprintf("one %s later", later(first, second)), found...)
	case second.id != first.id:
		return conformance.Fail(fmt.Sprintf("the activity again under its id %q", first.id), fmt.Sprintf("the id %q", second.id), found...)
	case second.said() != first.said():
		return conformance.Fail("the activity again with the same contents", "other contents under its id", found...)
	case second.Status() != http.StatusOK:
		return answered(second, http.StatusOK)
	}
	return inTheStore(ctx, p, first, most)
}

// inTheStore demands that Expertflow CX has one activity in the end: all that these
// pushes brought bear one ID, and there are not more than most.
func inTheStore(ctx context.Context, p *conformance.Partner, first activity, most int) error {
	seen := quiet(ctx, p, first)
	found, err := kept(p, first.Time, seen...)
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, k := range found {
		ids[k.ID] = true
	}
	if len(ids) != 1 || len(found) > most {
		return conformance.Fail("one activity in Expertflow CX", fmt.Sprintf("%d under %d ids", len(found), len(ids)), exchanges(seen)...)
	}
	return nil
}
