package threedolphins

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// graph is below what the service APIs lie.
const graph = "/dolphin/apiv1/graph"

// ticketCall is one call of the client's, without its token.
type ticketCall struct {
	method string
	path   string // below graph, percent-encoded
	query  url.Values
	body   map[string]any // sent as JSON
	raw    []byte         // or what is sent as it is,
	kind   string         // with its content type
	base   string         // instead of graph, for a defect
}

// Attempts of a client that does not know when to give up. It gives up then, so
// that it can be judged.
const endless = 15

// call makes a call until it is answered 200. After 401 it gets a new token; after
// 500, or no answer, it waits. After a few attempts it gives up.
func (t *ticketClient) call(ctx context.Context, c ticketCall) (partnerkit.Object, error) {
	var status int
	for n := 0; n < t.attemptsAfter(status); n++ {
		if n > 0 && status != http.StatusUnauthorized && !(status == http.StatusInternalServerError && t.has(repeatsAtOnceAfter500)) {
			t.pause(ctx)
		}
		token, err := t.current(ctx)
		if err != nil {
			return nil, err
		}
		var body partnerkit.Object
		status, body, err = t.send(ctx, token, c)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case status == http.StatusOK:
			return body, t.again(ctx, token, c)
		case status == http.StatusUnauthorized && (t.has(neverRenewsToken) || t.has(renewsTokenByClock)):
			return nil, fmt.Errorf("%s %s was answered 401", c.method, c.path)
		case status == http.StatusUnauthorized && !(n == 0 && t.has(repeatsWithOldToken)):
			t.wear(token)
		case err == nil && status != http.StatusUnauthorized && status != http.StatusInternalServerError:
			return nil, fmt.Errorf("%s %s was answered %d", c.method, c.path, status)
		}
	}
	return nil, fmt.Errorf("gave up on %s %s, at last answered %d", c.method, c.path, status)
}

// attemptsAfter is how often one call is made at most when it was answered a
// status.
func (t *ticketClient) attemptsAfter(status int) int {
	switch {
	case status == http.StatusUnauthorized && t.has(neverGivesUpAfter401),
		status == http.StatusInternalServerError && t.has(neverGivesUpAfter500):
		return endless
	}
	return t.Attempts
}

// again repeats a change that was made, where that is the defect.
func (t *ticketClient) again(ctx context.Context, token string, c ticketCall) error {
	if c.method == http.MethodGet || !t.has(repeatsChanges) {
		return nil
	}
	_, _, err := t.send(ctx, token, c)
	return err
}

// send makes one request. A body that is no
// JSON object is nil.
func (t *ticketClient) send(ctx context.Context, token string, c ticketCall) (int, partnerkit.Object, error) {
	request, err := t.request(ctx, c)
	if err != nil {
		return 0, nil, err
	}
	t.authorize(request, token)
	answer, err := partnerkit.Call(t.Client, request)
	if answer.Status == 0 {
		return 0, nil, err
	}
	t.Logf("%s %s → %d", c.method, c.path, answer.Status)
	body, _ := partnerkit.Parse(answer.Body)
	return answer.Status, body, err
}

func (t *ticketClient) request(ctx context.Context, c ticketCall) (*http.Request, error) {
	text, kind := c.raw, c.kind
	if c.body != nil {
		var err error
		if text, err = json.Marshal(c.body); err != nil {
			return nil, err
		}
		kind = "application/json"
		if t.has(sendsTextPlain) {
			kind = "text/plain"
		}
	}
	base := graph
	if c.base != "" {
		base = c.base
	}
	address := strings.TrimRight(t.API, "/") + base + c.path
	if len(c.query) > 0 {
		address += "?" + c.query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, c.method, address, bytes.NewReader(text))
	if err == nil && kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	return request, err
}
