package elma365

import (
	"net/http"

	"github.com/parleykit/parley/conformance"
)

// bodyChecks: the messenger does not say that it executed what cannot be executed.
var bodyChecks = []conformance.Check{
	notExecutedCheck("invalid-json", "does not answer 200 to a body that is no JSON", notExecuted, func(p *conformance.Partner) []request {
		whole := conformance.Encode(body(p, "message", nil))
		return []request{
			written("message", "a body that breaks off", whole[:len(whole)-1]),
			written("message", "a body with a comma too many", append(whole[:len(whole)-1:len(whole)-1], ",}"...)),
			written("message", "a body that is prose", []byte("Hello!")),
		}
	}),
	notExecutedCheck("empty-body", "does not answer 200 to an empty body", notExecuted, func(*conformance.Partner) []request {
		return []request{written("message", "an empty body", nil)}
	}),
	notExecutedCheck("not-an-object", "does not answer 200 to JSON that is no object", notExecuted, func(p *conformance.Partner) []request {
		whole := conformance.Encode(body(p, "message", nil))
		return []request{
			written("message", "a list with the message in it", append(append([]byte("["), whole...), ']')),
			written("message", "a string", []byte(`"message"`)),
			written("message", "null", []byte("null")),
		}
	}),
	notExecutedCheck("missing-type", "does not answer 200 to an event without a type", notExecuted,
		change("message", "an event without type", without("type"))),
	notExecutedCheck("unknown-type", "does not answer 200 to a type that it does not know",
		unless("ELMA365-R-05", "ignored-with-200", notExecuted), change("message", "an event of an unknown type", with("type", "parleyProbe"))),
	notExecutedCheck("type-spelling", "does not take another spelling for a type",
		unless("ELMA365-R-05", "ignored-with-200", notExecuted), func(p *conformance.Partner) []request {
			spelled := func(event, as string) request { return changed(p, event, "the type "+as, with("type", as)) }
			return []request{spelled("message", "MESSAGE"), spelled("markAsRead", "MarkMessageAsRead"), spelled("userInfo", "userinfo")}
		}),
	notExecutedCheck("missing-data", "does not answer 200 to a message without data", notExecuted,
		change("message", "a message without data", without("data"))),
	notExecutedCheck("missing-members", "does not answer 200 to an event that lacks a part of its data", unless("ELMA365-R-46", "may-be-taken", notExecuted), func(p *conformance.Partner) []request {
		return []request{
			changed(p, "message", "a message without targetChatId", without("data.targetChatId")),
			changed(p, "message", "a message whose file has no URL", with("data.files", []any{map[string]any{"name": "one.png"}})),
			changed(p, "messageOutcome", "a messageOutcome without messageId", without("data.messageId")),
			changed(p, "messageOutcome", "a messageOutcome without success", without("data.success")),
			changed(p, "userInfo", "a userInfo without userId", without("data.userId")),
			changed(p, "markAsRead", "a markAsRead without messageId", without("data.messageId")),
		}
	}),
	notExecutedCheck("wrong-types", "does not answer 200 to an event whose members have the wrong types", notExecuted, func(p *conformance.Partner) []request {
		return []request{
			changed(p, "message", "a message whose data is a string", with("data", "Hello")),
			changed(p, "message", "a message whose text is a list", with("data.text", []any{"Hello"})),
			changed(p, "message", "a message whose files are an object", with("data.files", file("one.png"))),
			changed(p, "message", "a message whose targetChatId is a number", with("data.targetChatId", 12)),
			changed(p, "messageOutcome", "a messageOutcome whose success is a string", with("data.success", "yes")),
			changed(p, "userInfo", "a userInfo whose userId is an object", with("data.userId", map[string]any{})),
			changed(p, "markAsRead", "a markAsRead whose messageId is a list", with("data.messageId", []any{"message1"})),
		}
	}),
	{
		ID: "elma365/webhook/message-empty", Title: "does not answer 200 to an operator's message with neither text nor files",
		Requirements: []string{"ELMA365-MSG-006", "ELMA365-GEN-007", "ELMA365-GEN-026"},
		Run: all(unless("ELMA365-R-16", "both-optional", notExecuted), change("message", "a message with neither text nor files", func(b map[string]any) {
			without("data.text")(b)
			without("data.files")(b)
		})),
	},
	notExecutedCheck("wrong-method", "does not execute an event that comes by another method than POST", notExecuted, func(p *conformance.Partner) []request {
		var requests []request
		for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete} {
			r := written("message", "a message by "+method, conformance.Encode(body(p, "message", nil)))
			r.Method = method
			requests = append(requests, r)
		}
		return requests
	}),
	notExecutedCheck("wrong-content-type", "answers an event of another content type than JSON with a documented status",
		unless("ELMA365-R-06", "json-expected", notExecuted), func(p *conformance.Partner) []request {
			var requests []request
			for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "-"} {
				r := written("message", "a message as "+kind, conformance.Encode(body(p, "message", nil)))
				if kind == "-" {
					r.what = "a message without content type"
				}
				r.ContentType = kind
				requests = append(requests, r)
			}
			return requests
		}),
}

func notExecutedCheck(name, title string, demanded demand, requests func(*conformance.Partner) []request) conformance.Check {
	return conformance.Check{
		ID: "elma365/webhook/" + name, Title: title,
		Requirements: []string{"ELMA365-GEN-007", "ELMA365-GEN-026"},
		Run:          all(demanded, requests),
	}
}
