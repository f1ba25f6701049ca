package expertflow

import (
	"context"

	"github.com/parleykit/parley/conformance"
)

// judge says of one push what a check says of it.
type judge func(*conformance.Partner, activity) error

// everyPush returns a Run that judges all pushes of the run so far, each by the
// readings that decide about it. If there is none, each kind of activity is asked
// for.
func everyPush(judge judge) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		if err := anyPush(ctx, p); err != nil {
			return err
		}
		return conformance.JudgeEach(p, activities(p), judge)
	}
}

// anyPush makes sure that there is an activity to judge.
func anyPush(ctx context.Context, p *conformance.Partner) error {
	if len(activities(p)) > 0 {
		return nil
	}
	if _, err := pushed(ctx, p, AskRecording); err != nil {
		return err
	}
	for _, ask := range []string{AskSurvey, AskSchedule} {
		if _, err := pushed(ctx, p, ask); err != nil && ctx.Err() != nil {
			return err // an application may have one kind of activity only
		}
	}
	return nil
}

// everyMessage is everyPush for checks of what stands in the message.
func everyMessage(judge judge) func(context.Context, *conformance.Partner) error {
	return everyPush(func(p *conformance.Partner, a activity) error {
		if err := readable(a); err != nil {
			return err
		}
		return judge(p, a)
	})
}

// everyHeader is everyMessage for checks of what stands in the header.
func everyHeader(judge judge) func(context.Context, *conformance.Partner) error {
	return everyMessage(func(p *conformance.Partner, a activity) error {
		if a.header == nil {
			return unclear(a, "has no header", "header")
		}
		return judge(p, a)
	})
}

// free returns a judge who wants a message without findings of a topic.
func free(topic, expected string) judge {
	return func(_ *conformance.Partner, a activity) error { return found(a, topic, expected) }
}

// neverSent is the one reason for all that a check of something special can say of
// an application that does not send it.
const neverSent = "the application sent no activity with what the check is about: the type or the member in its title; nothing says that it must"

// where returns a Run that judges the messages about which the check is.
func where(about func(activity) bool, judge judge) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		there := false
		err := everyMessage(func(p *conformance.Partner, a activity) error {
			if !about(a) {
				return nil
			}
			there = true
			return judge(p, a)
		})(ctx, p)
		if err == nil && !there {
			return conformance.NotApplicable(neverSent)
		}
		return err
	}
}
