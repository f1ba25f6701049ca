package mockserver

// Fault makes the mock misbehave on purpose. A fault on an operation answers
// Status in place of the vendor; a fault on an event loses it or changes its
// body. Empty fields match everything.
type Fault struct {
	ID        string         `json:"id"`
	Vendor    string         `json:"vendor,omitempty"`
	Operation string         `json:"operation,omitempty"` // ID; exclusive with Event
	Event     string         `json:"event,omitempty"`     // ID
	Channel   string         `json:"channel,omitempty"`   // ID
	Where     map[string]any `json:"where,omitempty"`     // dotted path = value in the request's body
	Times     int            `json:"times,omitempty"`     // how often it acts; 0: until it is removed

	Status       int            `json:"status,omitempty"`       // an operation answers this
	Undocumented bool           `json:"undocumented,omitempty"` // and Status need not be documented
	Lose         bool           `json:"lose,omitempty"`         // an event is never sent
	Set          map[string]any `json:"set,omitempty"`          // dotted path = value in an event's body

	Acted int `json:"acted"` // how often it acted
}
