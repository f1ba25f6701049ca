package elma365

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// call makes one request to the vendor.
func (m *messenger) call(ctx context.Context, webhook, kind string, data any) (partnerkit.Answer, error) {
	if webhook == "" {
		return partnerkit.Answer{}, fmt.Errorf("no connect has told where to send it")
	}
	body := map[string]any{"type": kind, "token": m.Token}
	if data != nil {
		body["data"] = data
	}
	request, err := m.request(ctx, webhook, body)
	if err != nil {
		return partnerkit.Answer{}, err
	}
	answer, err := partnerkit.Call(m.Client, request)
	if answer.Status != 0 {
		m.Logf("sent %s → %d", kind, answer.Status)
	}
	return answer, err
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
	partnerkit.SetBody(request, m.misstateRequest(request, body["type"], text))
	return request, nil
}
