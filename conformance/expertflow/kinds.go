package expertflow

import (
	"context"
	"fmt"

	"github.com/parleykit/parley/conformance"
)

// kindChecks: what each kind of activity belongs to. An application is judged by
// the kinds that it has.
var kindChecks = []conformance.Check{
	{
		ID: "expertflow/client/channel-session", Title: "names the channel session of an activity that is related to one",
		Requirements: []string{"EF-ACT-015"},
		Run:          aboutRecording(channelSession),
	},
	{
		ID: "expertflow/client/recording-link", Title: "pushes the whole link to a recording for its channel session, as a message of the type URL or VOICE_RECORDING",
		Requirements: []string{"EF-BODY-007", "EF-BODY-031"},
		Run:          aboutRecording(recordingLink),
	},
	{
		ID: "expertflow/client/conversation", Title: "names the conversation of an activity that is associated with one",
		Requirements: []string{"EF-ACT-014"},
		Run:          conversation,
	},
	{
		ID: "expertflow/client/stand-alone", Title: "names the customer alone in an activity that stands alone",
		Requirements: []string{"EF-ACT-013"},
		Run:          standAlone,
	},
}

// aboutRecording provokes the link to a recording and judges it.
func aboutRecording(judge func(context.Context, *conformance.Partner, activity) error) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		a, err := pushed(ctx, p, AskRecording)
		if err != nil {
			return err
		}
		if err := readable(a); err != nil {
			return err
		}
		if !isRecording(a) {
			return conformance.NotApplicable("the application pushed no link when it was asked for that to a recording")
		}
		return judge(ctx, p, a)
	}
}

func channelSession(ctx context.Context, p *conformance.Partner, a activity) error {
	switch {
	case a.session() != "":
		return nil
	case a.conversation() != "":
		return conformance.NotApplicable("the recording was pushed for a conversation, not for a channel session; see expertflow/client/recording-link")
	}
	return wrongly(ctx, p, a, AskSchedule, "the link to a recording with channelSessionId in its header")
}

func recordingLink(_ context.Context, p *conformance.Partner, a activity) error {
	fail := func(requirement, expected, actual string) error {
		return conformance.Breaking(conformance.Fail(expected, actual, a.Exchange), requirement)
	}
	l := linkIn(a)
	switch {
	case a.kind != "URL" && a.kind != "VOICE_RECORDING":
		return fail("EF-BODY-007", "the type URL or VOICE_RECORDING", fmt.Sprintf("%q", a.kind))
	case a.session() == "":
		return fail("EF-BODY-007", "the channel session of the call, in channelSessionId", "it names "+a.belongs())
	case l.member == "":
		return fail("EF-BODY-031", "the link to the recording, in mediaUrl", "no link in the body")
	case !l.whole:
		return fail("EF-BODY-031", "a whole URL, from its scheme on", fmt.Sprintf("%q in %s", textOf(a.body, l.member), l.member))
	}
	types := map[string]string{"url": "URL", "voice-recording": "VOICE_RECORDING"}
	if only := types[p.Reading("EF-R-11")]; only != "" && a.kind != only {
		return fail("EF-BODY-007", "the type "+only+" (reading EF-R-11)", fmt.Sprintf("%q", a.kind))
	}
	if a.kind == "VOICE_RECORDING" && l.member != "mediaUrl" && (l.member != "mediaURL" || p.Reading("EF-R-22") != "mediaURL") {
		return conformance.WithHint(fail("EF-BODY-031", "the link in mediaUrl", "it stands in "+l.member),
			"A table of the vendor's writes mediaURL for the type URL; its samples and its code have mediaUrl (reading EF-R-22).")
	}
	return nil
}

// asked provokes another kind of activity than a recording.
func asked(ctx context.Context, p *conformance.Partner, ask string) (activity, error) {
	a, err := pushed(ctx, p, ask)
	if err != nil {
		return a, err
	}
	return a, readable(a)
}

// wrongly says that an activity belongs to the wrong thing. But when the same type
// of body comes when another kind is asked for, the application has one kind only,
// or its stimulus does not do what is asked, and nothing follows.
func wrongly(ctx context.Context, p *conformance.Partner, a activity, other, expected string) error {
	second, err := pushed(ctx, p, other)
	if err != nil {
		return err
	}
	if a.kind == second.kind {
		return conformance.NotApplicable("the application pushes the same kind of activity (" + a.kind + "), whatever it is asked for")
	}
	return conformance.Fail(expected, "it names "+a.belongs(), a.Exchange)
}

func conversation(ctx context.Context, p *conformance.Partner) error {
	a, err := asked(ctx, p, AskSurvey)
	switch {
	case err != nil:
		return err
	case a.conversation() != "":
		return nil
	case a.session() != "":
		return conformance.NotApplicable("the activity names a channel session, from which Expertflow CX finds the conversation")
	}
	return wrongly(ctx, p, a, AskRecording, "conversationId in the header of an activity of a conversation")
}

func standAlone(ctx context.Context, p *conformance.Partner) error {
	if p.Reading("EF-R-09") == "required" {
		return conformance.NotApplicable("by reading EF-R-09=required no activity stands alone")
	}
	a, err := asked(ctx, p, AskSchedule)
	switch {
	case err != nil:
		return err
	case a.customer() != "" && a.conversation() == "" && a.session() == "":
		return inHistory(p, a)
	case a.customer() == "" && a.belongs() != nothing:
		return conformance.NotApplicable("the activity names " + a.belongs() + " and no customer, so it does not stand alone")
	}
	if a.customer() != "" {
		p.Reading("EF-R-08") // by which the conversation, not the customer, has it: none stands alone then
	}
	return wrongly(ctx, p, a, AskRecording, "customer alone in the header of an activity that stands alone")
}

// inHistory notes where Expertflow CX has put a stand-alone activity.
func inHistory(p *conformance.Partner, a activity) error {
	found, err := kept(p, a.Time, a)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		p.Note("the activity is in the %s of customer %s", found[0].Place, found[0].Customer)
	}
	return nil
}
