package testvendor

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
)

// Partner is a webhook of the tiny vendor's. Its fields are set before it serves.
type Partner struct {
	Token    string
	Careless bool // answers any token with 200
	Status   int  // answers this to every ping; 0: as it should

	mu      sync.Mutex
	webhook string // of the vendor, from hello
	pings   int
	server  *httptest.Server
}

// Serve starts the partner and returns the URL of its webhook.
func (p *Partner) Serve(t TB) string {
	p.server = httptest.NewServer(p)
	t.Cleanup(p.server.Close)
	return p.server.URL + "/hook"
}

// Stop ends the partner: nothing listens any more.
func (p *Partner) Stop() { p.server.Close() }

// ServeHTTP is the webhook.
func (p *Partner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct{ Type, Token, ID, Webhook string }
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&body); err != nil {
		http.Error(w, "no JSON", http.StatusInternalServerError)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case body.Token != p.Token && !p.Careless:
		http.Error(w, "token "+body.Token+" is not "+p.Token, http.StatusUnauthorized)
	case body.Type == "hello":
		p.webhook = body.Webhook
	case body.Type == "ping":
		p.pings++
		if p.Status != 0 {
			w.WriteHeader(p.Status)
		}
	}
}

// Pings counts the pings with the right token.
func (p *Partner) Pings() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pings
}

// Say sends a note to the vendor and returns the status of the answer.
func (p *Partner) Say(id, text string) (int, error) {
	p.mu.Lock()
	webhook, token := p.webhook, p.Token
	p.mu.Unlock()
	data, err := json.Marshal(map[string]string{"token": token, "id": id, "text": text})
	if err != nil {
		return 0, err
	}
	response, err := http.Post(webhook, "application/json", bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
