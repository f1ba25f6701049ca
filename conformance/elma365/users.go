package elma365

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// userInfoOfSample cannot know whether the messenger knows this user, so it fails
// only what no messenger may answer.
func userInfoOfSample(ctx context.Context, p *conformance.Partner) error {
	e := p.DeliverRaw(ctx, valid(p, "userInfo", "", map[string]any{"data.userId": "user1"}).Raw)
	switch {
	case e.Response == nil:
		return noAnswer("200", "userInfo", e)
	case succeeded(p, e):
		if len(object(e)) == 0 && unknownUser(p, "userInfo", e) == nil {
			return conformance.NotApplicable("the messenger knows nothing of user1, the user of the page's sample; elma365/client/own-user asks for a user that it has named itself")
		}
		return userData(p, e)
	case e.Status() == http.StatusNotFound:
		return conformance.NotApplicable("the messenger does not know user1, the user of the page's sample; elma365/client/own-user asks for a user that it has named itself")
	}
	return conformance.Fail("200 with the user's data", was("userInfo", e), e)
}

// userData demands that a 200 to userInfo tells something about the user.
func userData(p *conformance.Partner, e *traffic.Exchange) error {
	for _, f := range e.Findings {
		if f.Part == traffic.InResponse && f.Severity.AtLeast(traffic.Error) && f.Code != "response.status" && (e.Response.Body.Size > 0 || p.Reading("ELMA365-R-22") != "object-or-nothing") {
			return conformance.Hinted(conformance.Fail("a JSON object with data of the user", "userInfo was answered 200 with something else: "+conformance.Saying(f), e), f.Hint)
		}
	}
	if len(object(e)) == 0 && p.Reading("ELMA365-R-22") != "object-or-nothing" {
		return conformance.Fail("a JSON object with data of the user", "userInfo was answered 200 with an empty object", e)
	}
	return nil
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
		return noAnswer(expected, what, e)
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
