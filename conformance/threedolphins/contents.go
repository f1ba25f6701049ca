package threedolphins

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/traffic"
)

// contentChecks: messages that not every third party sends, judged when it does.
var contentChecks = []conformance.Check{
	{
		ID: "3dolphins/client/media", Title: "has the URL of an image, video, audio or file in mediaLink, and sends none as a text",
		Requirements: []string{"3D-INT-050", "3D-INT-051", "3D-INT-059"},
		Run: whenSent("image", "image, video, audio or file", func(v event) bool { return v.isMedia() || v.holdsMedia() },
			func(_ *conformance.Partner, v event) error {
				link, isText := v.body["mediaLink"].(string)
				switch kind := textOf(v.body, "messageType"); {
				case v.isMedia() && isText && link == "":
					return conformance.Breaking(conformance.Fail("a URL in mediaLink", "an empty one, with the message "+short(textOf(v.body, "message")), v.Exchange), "3D-INT-050")
				case !v.isMedia() && kind != "":
					return conformance.Breaking(conformance.Fail("media as image, video, audio or file", "the type "+short(kind)+" with "+short(link+textOf(v.body, "message")), v.Exchange), "3D-INT-059")
				}
				if _, wrong := v.finding(aboutMember("mediaLink")); wrong {
					return notUsed(v, "has no valid mediaLink", "media-link")
				}
				return nil // a type that is missing has a check of its own
			}),
	},
	{
		ID: "3dolphins/client/location", Title: "has latitude and longitude in a location",
		Requirements: []string{"3D-INT-044", "3D-INT-051"},
		Run: whenSent("location", "location", func(v event) bool {
			return strings.HasPrefix(strings.ToLower(textOf(v.body, "messageType")), "location")
		}, func(p *conformance.Partner, v event) error { return conformance.Breaking(located(p, v), "3D-INT-044") }),
	},
}

// isMedia reports whether an Outgoing Event is called one of the four kinds of media.
func (v event) isMedia() bool {
	return slices.Contains([]string{"image", "video", "audio", "file"}, strings.ToLower(textOf(v.body, "messageType")))
}

// holdsMedia reports whether an Outgoing Event has a mediaLink, or is nothing but the
// URL of media that a customer sent.
func (v event) holdsMedia() bool {
	message := strings.TrimSpace(textOf(v.body, "message"))
	if textOf(v.body, "messageType") == "" {
		return false
	}
	return textOf(v.body, "mediaLink") != "" || strings.HasPrefix(message, sentMedia) && !strings.ContainsAny(message, " \n")
}

// sentMedia begins the URLs of media in the vendor's samples.
const sentMedia = "https://media.example.com/"

// whenSent returns a Run that lets a customer send such a message, which some answer
// in kind, and judges all Outgoing Events of the run that are of that kind.
func whenSent(sample, what string, is func(event) bool, judge func(*conformance.Partner, event) error) func(context.Context, *conformance.Partner) error {
	return run(func(ctx context.Context, p *conformance.Partner) error {
		in := sampled(ctx, p, "", sample, nil)
		answer, err := answered(ctx, p, in)
		if err != nil {
			return err
		}
		if answer.readable && otherTickets(p, in.ticket())[answer.ticket] {
			return conformance.Breaking(sameTicket(answer, in), "3D-INT-051")
		}
		of := func(v event) bool { return v.kind == outgoing && v.readable && is(v) }
		if !of(answer) { // another message may come before it
			_, _ = p.AwaitFor(ctx, p.Timing().Quiet, 1, func(e *traffic.Exchange) bool { return of(read(p, e)) }) // what came is looked at below
		}
		sent := slices.DeleteFunc(eventsOf(p, outgoing), func(v event) bool { return !of(v) })
		switch {
		case len(sent) > 0:
			return conformance.JudgeEach(p, sent, judge)
		case !answer.readable:
			return notUsed(answer, "is not one JSON object", "json")
		}
		return conformance.NotApplicable("the third party sent no " + what + ", not even to a customer who did")
	})
}

var degrees = lazy.Regexp(`^\s*-?\d{1,2}(\.\d+)?\s*,\s*-?\d{1,3}(\.\d+)?\s*$`)

// located: 3D-R-23.
func located(p *conformance.Partner, v event) error {
	kind, text := textOf(v.body, "messageType"), textOf(v.body, "message")
	if _, isText := v.body["message"].(string); !isText {
		return notUsed(v, "has no text as message", "message")
	}
	switch p.Reading("3D-R-23") {
	case "in-message-type":
		_, inside, _ := strings.Cut(kind, "(")
		if !degrees().MatchString(strings.TrimSuffix(inside, ")")) {
			return conformance.Fail("messageType Location (latitude,longitude)", short(kind), v.Exchange)
		}
	case "json-in-message":
		var place struct{ Latitude, Longitude *float64 }
		if json.Unmarshal([]byte(text), &place) != nil || place.Latitude == nil || place.Longitude == nil {
			return conformance.Fail(`{"latitude":…,"longitude":…} in message`, short(text), v.Exchange)
		}
	default:
		if !degrees().MatchString(text) {
			return conformance.Fail("latitude,longitude in message", short(text), v.Exchange)
		}
	}
	return nil
}

// short is a text as an error shows it.
func short(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return `"` + text + `"`
}
