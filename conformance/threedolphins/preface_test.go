package threedolphins_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"path"

	"github.com/parleykit/parley/conformance"
)

// preface carries the events of a third party that sends another event before an Outgoing one.
type preface struct {
	to    string                                   // the last word of its URL
	words func(said map[string]any) map[string]any // its body; nil: there is none
}

// opening tells of a ticket in which is answered, with another status than Close.
func opening(said map[string]any) map[string]any {
	return map[string]any{"ticketNumber": said["ticketNumber"], "channel": said["channel"], "owner": said["owner"], "event": "Open"}
}

// wait asks a customer to wait for what is no text.
func wait(said map[string]any) map[string]any {
	if said["messageType"] == "text" {
		return nil
	}
	words := maps.Clone(said)
	words["messageType"], words["message"], words["mediaLink"] = "text", "Mohon tunggu", ""
	return words
}

func (b preface) RoundTrip(r *http.Request) (*http.Response, error) {
	if path.Base(r.URL.Path) != "outgoing" {
		return http.DefaultTransport.RoundTrip(r)
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var said map[string]any
	if err := json.Unmarshal(text, &said); err != nil {
		return nil, err
	}
	if words := b.words(said); words != nil {
		address := *r.URL
		address.Path = path.Join(path.Dir(r.URL.Path), b.to)
		first, err := http.NewRequestWithContext(r.Context(), http.MethodPost, address.String(), bytes.NewReader(conformance.Encode(words)))
		if err != nil {
			return nil, err
		}
		first.Header = r.Header
		taken, err := http.DefaultTransport.RoundTrip(first)
		if err != nil {
			return nil, err
		}
		taken.Body.Close()
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(text))
	return http.DefaultTransport.RoundTrip(r)
}
