package elma365

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
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

// toldApart asks for the users that the messenger has named, and for one that nobody
// has: the same data for two of them are nobody's.
func toldApart(ctx context.Context, p *conformance.Partner, _ call) error {
	users := ownNames(p, "user")
	if len(users) == 0 {
		return conformance.NotApplicable("the messenger names no user in its messages; see elma365/client/message")
	}
	if len(users) == 1 {
		p.Note("the messenger has named one user in this run, %s, who was told apart from one that nobody has", users[0])
	}
	var told []*traffic.Exchange
	for i, user := range append(users, p.NewID("user")) {
		e := p.DeliverRaw(ctx, valid(p, "userInfo", "", map[string]any{"data.userId": user}).Raw)
		if e.Response != nil && e.Status() < 300 && len(object(e)) > 0 {
			told = append(told, e)
		}
		if i == len(users)-1 && len(told) == 0 {
			return conformance.NotApplicable("the messenger tells nothing of its user; see elma365/client/own-user")
		}
	}
	for i, one := range told {
		for _, other := range told[:i] {
			if same := shared(object(one), object(other)); same != "" {
				return conformance.Fail("data of the user that was asked for", fmt.Sprintf("%s for user %v and for user %v", same, read(other).data["userId"], read(one).data["userId"]), other, one)
			}
		}
	}
	return nil
}

// shared says what two users have in common that only one can have: all their data, or
// the login, of which the page says that it is unique; "" for nothing.
func shared(one, other map[string]any) string {
	if tellsWho(one) && equalJSON(one, other) {
		return "the same data"
	}
	for name, value := range one {
		if text, _ := value.(string); text != "" && strings.EqualFold(name, "login") && other[name] == text {
			return "the same login"
		}
	}
	return ""
}

// tellsWho is true for data in which some text but an avatar could be a user's own.
func tellsWho(data any) bool {
	switch data := data.(type) {
	case string:
		return data != ""
	case []any:
		return slices.ContainsFunc(data, tellsWho)
	case map[string]any:
		for name, value := range data {
			if !isAvatar(name) && tellsWho(value) {
				return true
			}
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
