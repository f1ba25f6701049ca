package elma365

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// sampleUser is the user of the page's sample.
const sampleUser = "user1"

// userInfo asks for a user that the messenger has. Without one it asks for that of
// the page's sample, of which it cannot know whether the messenger has it, and fails
// only what no messenger may answer.
func userInfo(ctx context.Context, p *conformance.Partner) error {
	learn(ctx, p)
	user := known(p, "user")
	e := p.DeliverRaw(ctx, valid(p, "userInfo", "", map[string]any{"data.userId": cmp.Or(user, sampleUser)}).Raw)
	unknown := conformance.NotApplicable("the messenger does not know " + sampleUser + ", the user of the page's sample; --user names one that it has")
	switch {
	case e.Response == nil:
		return conformance.Unanswered("200", "userInfo", e)
	case user == "" && (e.Status() == http.StatusNotFound || succeeded(p, e) && len(object(e)) == 0):
		return unknown
	case succeeded(p, e):
		return userData(p, e)
	case user == "" && isDocumented(e):
		return unknown
	}
	return conformance.Breaking(conformance.Fail("200 with the user's data", was("userInfo", e), e), "ELMA365-USR-001")
}

// userData demands that a 200 to userInfo tells something about the user, and an
// avatar, where a member is called so, as a file and not as its address.
func userData(p *conformance.Partner, e *traffic.Exchange) error {
	for _, f := range e.Findings {
		if f.Part == traffic.InResponse && f.Severity.AtLeast(traffic.Error) && f.Code != "response.status" && (e.Response.Body.Size > 0 || p.Reading("ELMA365-R-22") != "object-or-nothing") {
			err := conformance.Fail("a JSON object with data of the user", "userInfo was answered 200 with something else: "+conformance.FindingText(f), e)
			return conformance.Breaking(conformance.WithHint(err, f.Hint), "ELMA365-USR-002")
		}
	}
	if len(object(e)) == 0 && p.Reading("ELMA365-R-22") != "object-or-nothing" {
		return conformance.Breaking(conformance.Fail("a JSON object with data of the user", "userInfo was answered 200 with an empty object", e), "ELMA365-USR-002")
	}
	for name, value := range object(e) {
		text, _ := value.(string)
		if isAvatar(name) && (strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")) {
			return conformance.Breaking(conformance.Fail("the avatar as a file in base64", "the member "+name+" is an address", e), "ELMA365-USR-003")
		}
	}
	return nil
}

func isAvatar(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "avatar") || strings.Contains(name, "photo") || strings.Contains(name, "picture")
}

// toldApart asks for the messenger's own user and for one that nobody has: the same
// data for both are nobody's.
func toldApart(ctx context.Context, p *conformance.Partner, own call) error {
	user, _ := own.data["externalUserId"].(string)
	if user == "" {
		return conformance.NotApplicable("the messenger names no user in its messages; see elma365/client/message")
	}
	about := func(id string) *traffic.Exchange {
		return p.DeliverRaw(ctx, valid(p, "userInfo", "", map[string]any{"data.userId": id}).Raw)
	}
	his, nobodys := about(user), about(p.NewID("user"))
	if his.Response == nil || len(object(his)) == 0 {
		return conformance.NotApplicable("the messenger tells nothing of its user; see elma365/client/own-user")
	}
	if nobodys.Response != nil && tellsWho(object(his)) && equalJSON(object(his), object(nobodys)) {
		return conformance.Fail("data of the user that was asked for", "the same data for user "+user+" and for one that nobody has", his, nobodys)
	}
	return nil
}

// tellsWho is true for data in which some text but an avatar could be a user's own.
func tellsWho(data map[string]any) bool {
	for name, value := range data {
		if text, ok := value.(string); ok && text != "" && !isAvatar(name) {
			return true
		}
	}
	return false
}

// object is the JSON object that came as an answer; nil for anything else.
func object(e *traffic.Exchange) map[string]any {
	var o map[string]any
	if json.NewDecoder(bytes.NewReader(e.Response.Body.Kept)).Decode(&o) != nil {
		return nil
	}
	return o
}

// unknownUser demands what ELMA365-R-23 says.
func unknownUser(p *conformance.Partner, what string, e *traffic.Exchange) error {
	option := p.Reading("ELMA365-R-23")
	expected := map[string]string{
		"either":       "200 with a JSON object, which may be empty, or 404",
		"empty-object": "200 with a JSON object, which may be empty",
		"not-found":    "404",
	}[option]
	switch {
	case e.Response == nil:
		return conformance.Unanswered(expected, what, e)
	case succeeded(p, e) && option != "not-found":
		if object(e) == nil && !(e.Response.Body.Size == 0 && p.Reading("ELMA365-R-22") == "object-or-nothing") {
			return conformance.Fail(expected, "200 with something else than a JSON object", e)
		}
		return nil
	case e.Status() == http.StatusNotFound && option != "empty-object":
		return nil
	}
	return conformance.Fail(expected, was(what, e), e)
}
