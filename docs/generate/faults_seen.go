package generate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

// patience bounds how long a mock may take for one kind of fault.
const patience = time.Minute

// misbehaving is a mock over the network, and a webhook that remembers what it got.
type misbehaving struct {
	url string

	mu  sync.Mutex
	got []string
}

// seen puts the fault in force in a mock of its own, and has a line for each thing that the
// partner sees.
func (k kind) seen() ([]string, error) {
	contract, err := specs.Embedded(played)
	if err != nil {
		return nil, err
	}
	mock, err := mockserver.New(mockserver.Options{Control: control.New, Seed: 1}, vendors.Played(contract)...)
	if err != nil {
		return nil, err
	}
	defer mock.Close(context.Background()) // what it has begun ends with it
	server := httptest.NewServer(mock)
	defer server.Close()
	m := &misbehaving{url: server.URL}
	webhook := httptest.NewServer(http.HandlerFunc(m.take))
	defer webhook.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := m.prepare(ctx, k, webhook.URL); err != nil {
		return nil, fmt.Errorf("%s: %w", k.title, err)
	}
	if k.calls > 0 {
		return m.calls(ctx, k)
	}
	return m.events(ctx, k)
}

func (m *misbehaving) prepare(ctx context.Context, k kind, webhook string) error {
	if k.advance != "" {
		if _, err := m.control(ctx, "PUT", "clock", `{"frozen": true}`); err != nil {
			return err
		}
	}
	for _, id := range []string{"c1", "c2"} {
		if _, err := m.control(ctx, "POST", "channels", fmt.Sprintf(`{"id": %q, "token": "confirm", "url": %q}`, id, webhook)); err != nil {
			return err
		}
	}
	_, err := m.control(ctx, "POST", "faults", k.rule)
	return err
}

// calls are the answers to a partner's calls in channel c2.
func (m *misbehaving) calls(ctx context.Context, k kind) ([]string, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // or it would try again by itself
	var seen []string
	for i := range k.calls {
		request, err := http.NewRequestWithContext(ctx, "POST", m.url+"/api/messengers/external/other/webhook/c2", strings.NewReader(`{"type": "userInfo", "token": "confirm", "data": {"userId": "u1"}}`))
		if err != nil {
			return nil, err
		}
		request.Header.Set("Content-Type", "application/json")
		answer, err := client.Do(request)
		seen = append(seen, inALine(answer, err))
		if i == 0 && k.advance != "" {
			if _, err := m.control(ctx, "POST", "clock", fmt.Sprintf(`{"advance": %q}`, k.advance)); err != nil {
				return nil, err
			}
		}
	}
	return seen, ctx.Err()
}

// inALine is an answer, or what came in its place.
func inALine(answer *http.Response, err error) string {
	switch {
	case errors.Is(err, syscall.ECONNRESET):
		return "the connection is reset, no byte comes"
	case errors.Is(err, io.EOF):
		return "the connection ends, no byte comes"
	case err != nil:
		return err.Error()
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	var compact bytes.Buffer
	if json.Compact(&compact, body) != nil {
		compact = *bytes.NewBuffer(body)
	}
	line := strings.TrimRight(fmt.Sprintf("%d %s %s %s", answer.StatusCode, http.StatusText(answer.StatusCode), answer.Header.Get("Content-Type"), compact.String()), " ")
	if errors.Is(err, io.ErrUnexpectedEOF) {
		line += fmt.Sprintf(" (%d of %d bytes, then the connection ends)", len(body), answer.ContentLength)
	}
	return line
}

// events are what the webhook got of messages that the vendor sent in channel c1.
func (m *misbehaving) events(ctx context.Context, k kind) ([]string, error) {
	for i := range k.events {
		if _, err := m.control(ctx, "POST", "send", fmt.Sprintf(`{"event": "message", "channel": "c1", "set": {"data.text": "Hello %d"}}`, i+1)); err != nil {
			return nil, err
		}
	}
	if k.advance != "" {
		if err := m.until(ctx, func() (bool, error) { return len(m.list()) == k.events-1, nil }); err != nil {
			return nil, err
		}
		if _, err := m.control(ctx, "POST", "clock", fmt.Sprintf(`{"advance": %q}`, k.advance)); err != nil {
			return nil, err
		}
	}
	err := m.until(ctx, func() (bool, error) { return m.ended(ctx) })
	return m.list(), err
}

// ended reports whether no delivery is under way.
func (m *misbehaving) ended(ctx context.Context) (bool, error) {
	text, err := m.control(ctx, "GET", "deliveries", "")
	if err != nil {
		return false, err
	}
	var all struct{ Deliveries []struct{ State string } }
	err = json.Unmarshal(text, &all)
	return len(all.Deliveries) > 0 && !slices.ContainsFunc(all.Deliveries, func(d struct{ State string }) bool {
		return d.State == "queued" || d.State == "delivering"
	}), err
}

func (m *misbehaving) until(ctx context.Context, is func() (bool, error)) error {
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		if done, err := is(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
}

// take is the webhook.
func (m *misbehaving) take(_ http.ResponseWriter, r *http.Request) {
	var event struct {
		Type string
		Data struct{ Text any }
	}
	if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
		event.Type = err.Error()
	}
	if event.Type == "connect" {
		return // of the channel, before the fault is in force
	}
	text, _ := json.Marshal(event.Data.Text) // what was read can be written
	m.mu.Lock()
	defer m.mu.Unlock()
	m.got = append(m.got, fmt.Sprintf("the webhook gets %s with data.text %s", event.Type, text))
}

func (m *misbehaving) list() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.got)
}

func (m *misbehaving) control(ctx context.Context, method, path, body string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, m.url+mockserver.ControlPrefix+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %s\n%s", method, path, answer.Status, text)
	}
	return text, err
}
