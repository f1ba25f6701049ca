package mockserver

import (
	"encoding/json"
	"net/http"

	"github.com/parleykit/parley/traffic"
)

// Draft is an event as it would be sent.
type Draft struct {
	Vendor   string            `json:"vendor"`
	Event    string            `json:"event"`
	Channel  string            `json:"channel"`
	Method   string            `json:"method"`
	URL      string            `json:"url,omitempty"` // "" where the channel has none
	Header   http.Header       `json:"header"`        // without signatures
	Body     json.RawMessage   `json:"body,omitempty"`
	Findings []traffic.Finding `json:"findings"` // what breaks the contract
}

// DryRun returns what Send would send if it came next, the IDs in it included. Nothing
// is queued or recorded, and no ID is used up. Unlike Send it takes a body that breaks
// the contract, and a channel without a URL. It differs from what is sent then by what
// an attempt adds, such as a signature; by faults, which do not act; and by the time.
func (b *Sandbox) DryRun(r SendRequest) (d Draft, err error) {
	in := b.current()
	b.gate.alone(func() {
		in.ids.borrow(func() { d, err = in.draft(r) })
	})
	return d, err
}

func (in *instance) draft(r SendRequest) (Draft, error) {
	stage, s, err := in.compose(r)
	if err != nil {
		return Draft{}, err
	}
	m := stage.message(s)
	if m.URL, err = in.urlOf(s); err != nil {
		return Draft{}, err
	}
	out := stage.outgoingOf(m)
	out.fillIn()
	d := Draft{Vendor: m.Vendor, Event: m.Event, Channel: m.Channel, Method: out.Method, Header: out.Header, Findings: []traffic.Finding{}}
	if m.URL != "" {
		d.URL = out.URL
	}
	if takesBody(out.event) || len(s.Body) > 0 {
		if d.Body, err = stage.written(m); err != nil {
			return Draft{}, err
		}
		d.Findings = append(d.Findings, stage.judged(out.event, s.Body)...)
	}
	d.Findings = append(d.Findings, stage.judgedParameters(out.event, s)...)
	return d, nil
}
