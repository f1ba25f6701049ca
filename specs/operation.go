package specs

import (
	"slices"
	"strings"
)

// Operation is a request that crosses the wire in one direction: an operation
// that the vendor serves or an event that it sends.
type Operation struct {
	ID           string // unique among the operations, and among the events, of a contract
	Event        bool   // the vendor sends it to the partner
	Method       string
	Path         string      // a template such as "/webhook/{channelId}"; "" for events
	Servers      []string    `json:",omitempty"` // base paths of its own, instead of the contract's
	Webhook      string      `json:",omitempty"` // an event's name in the document, where that is not its ID
	Collection   *Collection `json:",omitempty"` // that a mock keeps; nil: none
	Summary      string
	Description  string
	Selector     Selector          // what tells it from others on the same method and path
	Payload      string            // name of the request body's payload; "" when it has none
	Bodies       map[string]string `json:",omitempty"` // payload by content type, where types have different ones
	ContentTypes []string          // of the request body, as documented
	BodyRequired bool
	Parameters   []Parameter
	Responses    map[int]Response // by status; 4 stands for 4XX, and AnyStatus for those that are not listed
	Requirements []string         // IDs from x-requirements, for findings
	Evidence     Evidence
}

// Selector names the property of the body whose value chooses an operation
// among those that share method and path. The zero Selector chooses always.
type Selector struct{ Property, Value string }

// Response is one documented answer. Payload is "" when no body is documented.
type Response struct {
	Description  string
	Payload      string
	Bodies       map[string]string `json:",omitempty"` // payload by content type, where types have different ones
	ContentTypes []string
	Echo         string      `json:",omitempty"` // what of the request the body must be: a parameter's name, or a JSON pointer into its body
	Headers      []Parameter `json:",omitempty"` // that are documented, each In "header"
	Examples     []Example   `json:",omitempty"` // of content types that have no payload
	Evidence     Evidence
}

// AnyStatus is the key of the response that documents every status that is not
// listed: OpenAPI's "default".
const AnyStatus = 0

// Response returns what is documented for a status: by itself, by its range, or by
// AnyStatus; false when nothing is.
func (o *Operation) Response(status int) (Response, bool) {
	key, ok := o.Answer(status)
	return o.Responses[key], ok
}

// Answer is the key in Responses of what is documented for a status.
func (o *Operation) Answer(status int) (key int, ok bool) {
	for _, key := range []int{status, status / 100, AnyStatus} {
		if _, ok := o.Responses[key]; ok {
			return key, true
		}
	}
	return 0, false
}

// Statuses are those that are listed by themselves with an answer, in order.
func (o *Operation) Statuses() []int {
	return slices.DeleteFunc(o.Answers(), IsRange)
}

// Name is the full name that reports and flags use: "operations/message" or
// "events/message".
func (o *Operation) Name() string {
	if o.Event {
		return "events/" + o.ID
	}
	return "operations/" + o.ID
}

// Segments splits the path template, without its leading slash.
func (o *Operation) Segments() []string {
	return strings.Split(strings.TrimPrefix(o.Path, "/"), "/")
}

func cutSection(source string) (key, section string) {
	key, section, _ = strings.Cut(source, "#")
	return key, section
}
