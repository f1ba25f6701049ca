package threedolphins

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// outgoingChecks: every Outgoing Event of the run so far is as documented.
var outgoingChecks = []conformance.Check{
	{
		ID: "3dolphins/client/url", Title: "sends Outgoing Events by POST to the URL at which 3Dolphins takes them",
		Requirements: []string{"3D-INT-071"},
		Run:          everyEvent(outgoing, rightURL),
	},
	{
		ID: "3dolphins/client/json", Title: "sends an Outgoing Event as one JSON object",
		Requirements: []string{"3D-INT-040"},
		Run:          everyEvent(outgoing, oneObject),
	},
	{
		ID: "3dolphins/client/content-type", Title: "sends Outgoing Events as application/json, in UTF-8",
		Requirements: []string{"3D-INT-057"},
		Run:          everyEvent(outgoing, jsonInUTF8),
	},
	memberCheck(outgoing, "ticket-number", "ticketNumber", "3D-INT-041"),
	memberCheck(outgoing, "channel", "channel", "3D-INT-042"),
	memberCheck(outgoing, "message-type", "messageType", "3D-INT-043"),
	memberCheck(outgoing, "message", "message", "3D-INT-044"),
	memberCheck(outgoing, "media-link", "mediaLink", "3D-INT-045"),
	memberCheck(outgoing, "customer-name", "customerName", "3D-INT-046"),
	memberCheck(outgoing, "owner", "owner", "3D-INT-047"),
	{
		ID: "3dolphins/client/body", Title: "sends nothing else in an Outgoing Event that breaks its form, such as a createdDate in words",
		Requirements: []string{"3D-INT-048"},
		Run: everyReadable(outgoing, func(_ *conformance.Partner, v event) error {
			if f, ok := v.finding(aboutTheRest); ok {
				return v.broken("an Outgoing Event as documented", f)
			}
			return nil
		}),
	},
	{
		ID: "3dolphins/client/known-type", Title: "sends its messages with a type that the page names",
		Requirements: []string{"3D-INT-049"},
		Run:          everyReadable(outgoing, knownType),
	},
}

// outgoingMembers are those that the page's table has.
var outgoingMembers = []string{"ticketNumber", "channel", "messageType", "message", "mediaLink", "customerName", "owner"}

func memberCheck(kind, name, member, requirement string) conformance.Check {
	expected := nameOf(kind) + " with " + member
	return conformance.Check{
		ID: "3dolphins/client/" + name, Title: "sends each " + expected + ", of the type and form of the page",
		Requirements: []string{requirement},
		Run: everyReadable(kind, func(p *conformance.Partner, v event) error {
			f, ok := v.finding(aboutMember(member))
			if !ok {
				return nil
			}
			err := v.broken(oneOf(kind)+" with "+member, f)
			if f.Code == "body.required" {
				p.Reading("3D-R-18") // which members must be there
				return err
			}
			return conformance.At(err, placeOf(p, v.kind, f.Pointer))
		}),
	}
}

// placeOf is where the page says of a member what it holds.
func placeOf(p *conformance.Partner, kind, pointer string) specs.Evidence {
	for _, f := range p.Contract().Fields("operations/" + kind) {
		if f.Pointer == pointer {
			return f.Evidence
		}
	}
	return specs.Evidence{}
}

// aboutTheRest are findings that no other check of Outgoing Events reports.
func aboutTheRest(f traffic.Finding) bool {
	return strings.HasPrefix(f.Code, "body.") && !slices.Contains(outgoingMembers, strings.TrimPrefix(f.Pointer, "/"))
}

// aboutMember matches findings of what a body has as one of its members.
func aboutMember(member string) func(traffic.Finding) bool {
	return func(f traffic.Finding) bool { return strings.HasPrefix(f.Code, "body.") && f.Pointer == "/"+member }
}

// everyEvent returns a Run that judges all events of a kind of the run so far; if
// there is none, one is provoked.
func everyEvent(kind string, judge func(*conformance.Partner, event) error) func(context.Context, *conformance.Partner) error {
	return run(func(ctx context.Context, p *conformance.Partner) error {
		all, err := everyOf(ctx, p, kind)
		if err != nil {
			return err
		}
		return conformance.JudgeEach(p, all, judge)
	})
}

func everyOf(ctx context.Context, p *conformance.Partner, kind string) ([]event, error) {
	if all := eventsOf(p, kind); len(all) > 0 {
		return all, nil
	}
	v, err := provoked[kind](ctx, p, incoming(ctx, p, "a text", nil))
	return []event{v}, err
}

// provoked says how each kind of event is.
var provoked = map[string]func(context.Context, *conformance.Partner, request) (event, error){outgoing: answered, command: closed}

// everyReadable is everyEvent for checks of what stands in the body. Those that nobody can
// read there have checks of their own; the others show what the third party writes.
func everyReadable(kind string, judge func(*conformance.Partner, event) error) func(context.Context, *conformance.Partner) error {
	return run(func(ctx context.Context, p *conformance.Partner) error {
		all, err := everyOf(ctx, p, kind)
		if err != nil {
			return err
		}
		readable := slices.DeleteFunc(slices.Clone(all), func(v event) bool { return !v.readable || !v.known() })
		switch first := all[0]; {
		case len(readable) > 0:
			return conformance.JudgeEach(p, readable, judge)
		case !first.readable:
			return notUsed(first, "is not one JSON object", jsonCheck(kind))
		default:
			return notUsed(first, fmt.Sprintf("came as %s %s", first.Request.Method, first.Request.URL), urlCheck(kind))
		}
	})
}

func rightURL(p *conformance.Partner, v event) error {
	at, _, _ := strings.Cut(v.Request.URL, "?")
	if v.Request.Method == http.MethodPost && at == pathOf(p, v.kind) {
		return nil
	}
	return &conformance.Deviation{Verdict: conformance.VerdictFail, Exchanges: []*traffic.Exchange{v.Exchange},
		Expected: "POST " + pathOf(p, v.kind) + " for an " + nameOf(v.kind), Actual: v.Request.Method + " " + at,
		Hint: "No page prints these URLs; the paths are Parley's (3D-R-02, 3D-R-03). Let your system's settings name them for the run.",
	}
}

func oneObject(_ *conformance.Partner, v event) error {
	notJSON := func(f traffic.Finding) bool {
		return strings.HasPrefix(f.Code, "json.") && f.Code != "json.utf8" || f.Code == "body.missing"
	}
	if f, ok := v.finding(notJSON); ok {
		return v.broken("one JSON object", f)
	}
	if !v.readable {
		return conformance.Fail("one JSON object", "JSON of another kind", v.Exchange)
	}
	return nil
}

// jsonInUTF8: 3D-R-08.
func jsonInUTF8(p *conformance.Partner, v event) error {
	other := func(f traffic.Finding) bool {
		return strings.HasPrefix(f.Code, "content-type.") || f.Code == "json.utf8"
	}
	if f, ok := v.finding(other); ok {
		p.Reading("3D-R-08")
		return conformance.WithHint(conformance.Fail("application/json in UTF-8", conformance.FindingText(f), v.Exchange), f.Hint)
	}
	return nil
}

// types are those of the page's table.
var types = []string{"text", "image", "video", "audio", "file", "Location"}

// knownType: 3D-R-22, and 3D-R-23 for a type that holds the place as well.
func knownType(p *conformance.Partner, v event) error {
	given, isText := v.body["messageType"].(string)
	if !isText || slices.Contains(types, given) {
		return nil // one that is missing or no text is judged by 3dolphins/client/message-type
	}
	kind, _, hasPlace := strings.Cut(given, " (")
	if !hasPlace || p.Reading("3D-R-23") != "in-message-type" {
		kind = given
	}
	like := slices.ContainsFunc(types, func(known string) bool { return strings.EqualFold(known, kind) })
	if p.Reading("3D-R-22") != "closed-set" && like || slices.Contains(types, kind) {
		return nil
	}
	return conformance.Fail("one of "+strings.Join(types, ", "), short(given), v.Exchange)
}
