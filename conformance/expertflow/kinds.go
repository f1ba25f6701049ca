package expertflow

import (
	"context"
	"fmt"
	"net/url"

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
		ID: "expertflow/client/recording-link", Title: "pushes the link to a recording for its channel session, as a message of the type URL or VOICE_RECORDING",
		Requirements: []string{"EF-BODY-007"},
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
func aboutRecording(judge judge) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		a, err := pushed(ctx, p, AskRecording)
		if err != nil {
			return err
		}
		if err := readable(a); err != nil {
			return err
		}
		if linkIn(a) == "" {
			return conformance.NotApplicable("the application pushed no link when it was asked for that to a recording")
		}
		return judge(p, a)
	}
}

// linkIn is the member of the body that holds a web address, "" without one.
func linkIn(a activity) string {
	names := []string{"mediaUrl", "mediaURL"}
	for name := range a.body {
		names = append(names, name)
	}
	for _, name := range names {
		if u, err := url.Parse(textOf(a.body, name)); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
			return name
		}
	}
	return ""
}

func channelSession(_ *conformance.Partner, a activity) error {
	switch {
	case a.session() != "":
		return nil
	case a.conversation() != "":
		return conformance.NotApplicable("the recording was pushed for a conversation, not for a channel session; see expertflow/client/recording-link")
	}
	return conformance.Fail("the link to a recording with channelSessionId in its header", "it names "+a.belongs(), a.Exchange)
}

func recordingLink(p *conformance.Partner, a activity) error {
	types := map[string]string{"url": "URL", "voice-recording": "VOICE_RECORDING"}
	only := types[p.Reading("EF-R-11")]
	switch {
	case only != "" && a.kind != only:
		return conformance.Fail("the type "+only+" (reading EF-R-11)", fmt.Sprintf("%q", a.kind), a.Exchange)
	case a.kind != "URL" && a.kind != "VOICE_RECORDING":
		return conformance.Fail("the type URL or VOICE_RECORDING", fmt.Sprintf("%q", a.kind), a.Exchange)
	case a.session() == "":
		return conformance.Fail("the channel session of the call, in channelSessionId", "it names "+a.belongs(), a.Exchange)
	case a.kind == "VOICE_RECORDING" && linkIn(a) == "mediaURL" && p.Reading("EF-R-22") == "mediaUrl":
		return conformance.Hinted(conformance.Fail("the link in mediaUrl", "it stands in mediaURL", a.Exchange),
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
// of body comes when a recording is asked for, the application has one kind only,
// or its stimulus does not do what is asked, and nothing follows.
func wrongly(ctx context.Context, p *conformance.Partner, a activity, expected string) error {
	recording, err := pushed(ctx, p, AskRecording)
	if err != nil {
		return err
	}
	if a.kind == recording.kind {
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
	return wrongly(ctx, p, a, "conversationId in the header of an activity of a conversation")
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
	return wrongly(ctx, p, a, "customer alone in the header of an activity that stands alone")
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
