package validator

import (
	"strings"

	"github.com/parleykit/parley/traffic"
)

// Code describes one kind of finding. Codes are stable: tools may match on them.
type Code struct {
	Code     string           `json:"code"`
	Severity traffic.Severity `json:"severity"` // as a rule; a finding may be milder or worse than its code
	Text     string           `json:"text"`
}

// Codes lists every code that the validator gives, grouped by what it judges.
func Codes() []Code { return append([]Code(nil), codes...) }

var codes = []Code{
	{"json.empty", traffic.Error, "The body is empty where a JSON value was expected."},
	{"json.syntax", traffic.Error, "The text is no JSON; where the cause is known, the repaired text is judged as well."},
	{"json.trailing-data", traffic.Error, "Something stands after the JSON value."},
	{"json.duplicate-key", traffic.Error, "An object has the same key twice; readers differ in which they keep."},
	{"json.surrogate", traffic.Warn, "A string escapes half a character."},
	{"json.utf8", traffic.Error, "The body is not valid UTF-8."},
	{"json.depth", traffic.Error, "Objects and arrays are nested deeper than any reader can be expected to follow."},

	{"form.syntax", traffic.Error, "The form-encoded body can't be decoded."},
	{"form.duplicate-key", traffic.Warn, "A form, with parts or without, has the same name twice; the first value is judged."},

	{"multipart.syntax", traffic.Error, "The parts of a multipart body can't be read to their end."},
	{"multipart.name", traffic.Error, "A part of multipart/form-data has no name, so that nobody knows what it is."},
	{"multipart.content-type", traffic.Error, "The Content-Type of a part is none of those documented for it; a warning where it has none."},

	{"body.missing", traffic.Error, "The operation requires a body and there is none."},
	{"body.unexpected", traffic.Info, "There is a body where the contract documents none."},
	{"body.cut", traffic.Info, "Only the beginning of the body was kept, so it was not judged."},
	{"body.required", traffic.Error, "A required key is missing."},
	{"body.type", traffic.Error, "A value has another type than documented."},
	{"body.const", traffic.Error, "A value is not the one that the contract fixes."},
	{"body.enum", traffic.Error, "A value is none of a closed set."},
	{"body.pattern", traffic.Error, "A string does not match the documented pattern."},
	{codeUndecided, traffic.Warn, "The documented pattern takes too long to tell whether a string matches it, so nobody knows; with --strict it does not pass."},
	{"body.format", traffic.Error, "A string does not have the documented format."},
	{"body.min-length", traffic.Error, "A string is shorter than documented."},
	{"body.max-length", traffic.Error, "A string is longer than documented."},
	{"body.minimum", traffic.Error, "A number is smaller than documented."},
	{"body.maximum", traffic.Error, "A number is greater than documented."},
	{"body.multiple-of", traffic.Error, "A number is not a multiple of the documented one."},
	{"body.min-items", traffic.Error, "An array has fewer items than documented."},
	{"body.max-items", traffic.Error, "An array has more items than documented."},
	{"body.unique-items", traffic.Error, "An array has the same item twice."},
	{"body.contains", traffic.Error, "An array lacks an item that it must contain."},
	{"body.min-contains", traffic.Error, "An array has fewer of the items that it must contain than documented."},
	{"body.max-contains", traffic.Error, "An array has more of the items that it must contain than documented."},
	{"body.unevaluated-item", traffic.Error, "An array has an item that no part of its schema describes, which the contract excludes."},
	{"body.min-keys", traffic.Error, "An object has fewer keys than documented."},
	{"body.max-keys", traffic.Error, "An object has more keys than documented."},
	{"body.additional-key", traffic.Error, "An object has a key that the contract excludes."},
	{"body.unevaluated-key", traffic.Error, "An object has a key that no part of its schema describes, which the contract excludes."},
	{"body.key-name", traffic.Error, "The name of a key is not as documented."},
	{"body.dependency", traffic.Error, "A key is missing that another key requires."},
	{"body.one-of", traffic.Error, "A value fits none, or more than one, of several forms of which exactly one is allowed."},
	{"body.any-of", traffic.Error, "A value fits none of several forms."},
	{"body.not", traffic.Error, "A value is what the contract excludes."},
	{"body.schema", traffic.Error, "A value breaks the schema in a way that has no code of its own."},
	{"body.unknown-key", traffic.Info, "An object has a key that the contract does not know; a warning when it looks like a misspelled one."},
	{"body.unknown-value", traffic.Info, "A value is none of those that the contract knows; the set is open."},
	{"body.unit", traffic.Warn, "A moment seems to be in another unit than documented."},

	{"content-type.missing", traffic.Warn, "There is a body but no Content-Type."},
	{"content-type.unexpected", traffic.Error, "The Content-Type is none of the documented ones; a warning where the contract only assumes them."},
	{"content-type.repeated", traffic.Error, "There are two Content-Types; readers differ in which they take."},
	{"content-type.syntax", traffic.Warn, "The parameters of the Content-Type can't be read."},
	{"content-type.boundary", traffic.Error, "A multipart Content-Type names no boundary, so that its parts can't be told apart."},
	{"content-type.charset", traffic.Warn, "The Content-Type names a character set other than UTF-8."},

	{"parameter.required", traffic.Error, "A required parameter, or header of an answer, is missing; a warning, as all below, where the contract only assumes what is broken."},
	{"parameter.syntax", traffic.Error, "The query can't be decoded, and what can be read of it is judged; or a value is not written in its documented style."},
	{"parameter.repeated", traffic.Warn, "A parameter that has one value is given twice; the first is judged."},
	{"parameter.type", traffic.Error, "The value of a parameter has another type than documented."},
	{"parameter.const", traffic.Error, "The value of a parameter is not the one that the contract fixes."},
	{"parameter.enum", traffic.Error, "The value of a parameter is none of a closed set."},
	{"parameter.pattern", traffic.Error, "The value of a parameter does not match the documented pattern."},
	{"parameter.undecided", traffic.Warn, "The documented pattern takes too long to tell whether the value of a parameter matches it, so nobody knows; with --strict it does not pass."},
	{"parameter.format", traffic.Error, "The value of a parameter does not have the documented format."},
	{"parameter.min-length", traffic.Error, "The value of a parameter is shorter than documented."},
	{"parameter.max-length", traffic.Error, "The value of a parameter is longer than documented."},
	{"parameter.minimum", traffic.Error, "The number in a parameter is smaller than documented."},
	{"parameter.maximum", traffic.Error, "The number in a parameter is greater than documented."},
	{"parameter.multiple-of", traffic.Error, "The number in a parameter is not a multiple of the documented one."},
	{"parameter.min-items", traffic.Error, "A parameter has fewer values than documented."},
	{"parameter.max-items", traffic.Error, "A parameter has more values than documented."},
	{"parameter.unique-items", traffic.Error, "A parameter has the same value twice."},
	{"parameter.schema", traffic.Error, "A parameter breaks its schema in a way that has no code of its own."},
	{"parameter.unknown-value", traffic.Info, "The value of a parameter is none of those that the contract knows; the set is open."},
	{"parameter.unit", traffic.Warn, "A moment in a parameter seems to be in another unit than documented."},

	{codeUndocumented, traffic.Info, "A request has a parameter in its query, or a header, that the operation does not document; headers that belong to HTTP, browsers, proxies and tracing are not reported."},

	{CredentialMissing, traffic.Error, "The call carries none of the credentials that the contract demands; a warning where the contract only assumes them."},
	{CodeCredentialOmitted, traffic.Warn, "A call carries no credential, and an earlier one to the same operation did; found in captures and by a proxy."},

	{"signature.missing", traffic.Error, "An event carries no signature; a warning, as all below, where the contract only assumes that events are signed."},
	{"signature.malformed", traffic.Error, "The signature of an event, or what is signed beside its body, is not written as the contract has it."},
	{"signature.wrong", traffic.Error, "The signature of an event is not that of its body with the secret."},
	{"signature.stale", traffic.Error, "The signature of an event was made longer before it came, or after, than the contract allows."},
	{"signature.not-verified", traffic.Info, "The signature of an event can't be verified, because the bytes that were signed are not here."},

	{"operation.path", traffic.Error, "No operation of the contract has this path."},
	{"operation.method", traffic.Error, "The path is known, but not with this method."},
	{"operation.unknown", traffic.Error, "The body does not say which operation or event is meant, or names an unknown one."},
	{"operation.assumed", traffic.Info, "Nothing that the contract fixes tells which of several events is meant; the one that a header names by the event's own name is taken."},
	{"payload.unknown", traffic.Error, "The contract has no payload of this name."},

	{"response.status", traffic.Error, "The contract does not document this status."},
	{"response.echo", traffic.Error, "The body is not what it must repeat of the request: the answer to a challenge."},
	{CodeUpgraded, traffic.Info, "The exchange switched to another protocol, such as WebSocket, and what is said there is not judged."},
	{"exchange.no-response", traffic.Error, "No response came; a note where the capture does not hold one, so that nobody knows."},

	{CodeIDReused, traffic.Warn, "A request has the ID of an earlier one (Idempotency-Key, or the header of IDs of signed events) and another body; found in captures and by a proxy."},

	{"findings.left-out", traffic.Info, "There are more findings than are reported."},
}

var severities = func() map[string]traffic.Severity {
	table := make(map[string]traffic.Severity, len(codes))
	for _, c := range codes {
		table[c.Code] = c.Severity
	}
	return table
}()

// finding completes a finding with its code and the severity that it has as a
// rule.
func finding(code string, f traffic.Finding) traffic.Finding {
	f.Code, f.Severity = code, severities[code]
	return f
}

// Keyword is the keyword of a schema that a finding in a body is about, by its code:
// minLength for body.min-length.
func Keyword(code string) string {
	if code == codeUndecided {
		code = codePattern
	}
	words := strings.Split(strings.TrimPrefix(code, "body."), "-")
	for i := range words[1:] {
		words[i+1] = strings.ToUpper(words[i+1][:1]) + words[i+1][1:]
	}
	return strings.ReplaceAll(strings.Join(words, ""), "Keys", "Properties")
}
