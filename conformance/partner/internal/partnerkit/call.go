package partnerkit

import (
	"bytes"
	"io"
	"net/http"
)

// Answer is the vendor's answer to a call.
type Answer struct {
	Status int
	Body   []byte
}

// Call makes a request to the vendor and reads at most MaxBody of the answer. With an
// error the answer is as far as it came.
func Call(client *http.Client, r *http.Request) (Answer, error) {
	response, err := client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, MaxBody))
	return Answer{response.StatusCode, text}, err
}

// SetBody gives a request its body, which may depend on what a defect has made of it.
func SetBody(r *http.Request, text []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
}
