package elma365

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// answered is the vendor's answer to a call.
type answered struct {
	status int
	body   []byte
}

// call makes one request to the vendor and reads at most 1 MiB of the answer.
func (m *messenger) call(ctx context.Context, webhook, kind string, data any) (answered, error) {
	if webhook == "" {
		return answered{}, fmt.Errorf("no connect has told where to send it")
	}
	body := map[string]any{"type": kind, "token": m.Token}
	if data != nil {
		body["data"] = data
	}
	request, err := m.request(ctx, webhook, body)
	if err != nil {
		return answered{}, err
	}
	response, err := m.Client.Do(request)
	if err != nil {
		return answered{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, partnerkit.MaxBody))
	m.logf("sent %s → %d", kind, response.StatusCode)
	return answered{response.StatusCode, text}, err
}

// request writes the call as JSON.
func (m *messenger) request(ctx context.Context, webhook string, body map[string]any) (*http.Request, error) {
	m.misstateEnvelope(body)
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, webhook, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	text = m.misstateRequest(request, text)
	request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return request, nil
}
