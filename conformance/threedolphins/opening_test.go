package threedolphins_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path"

	"github.com/parleykit/parley/conformance"
)

// opening carries the events of a third party that tells 3Dolphins of each ticket in which it
// answers, with a Command Event of another status than Close, before it does.
type opening struct{}

func (opening) RoundTrip(r *http.Request) (*http.Response, error) {
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
	status := r.Clone(r.Context())
	status.URL.Path = path.Join(path.Dir(r.URL.Path), "command")
	body := conformance.Encode(map[string]any{"ticketNumber": said["ticketNumber"], "channel": said["channel"], "owner": said["owner"], "event": "Open"})
	status.Body, status.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	taken, err := http.DefaultTransport.RoundTrip(status)
	if err != nil {
		return nil, err
	}
	taken.Body.Close()
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(text))
	return http.DefaultTransport.RoundTrip(r)
}
