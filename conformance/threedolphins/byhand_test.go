package threedolphins_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"

	checks "github.com/parleykit/parley/conformance/threedolphins"
)

// byHand is a third party whose customers are answered by a person: it keeps events,
// and the bot behind it learns of them when somebody is asked to act.
type byHand struct {
	bot  http.Handler
	mu   sync.Mutex
	held [][]byte // bodies
}

func (b *byHand) hold(bot http.Handler) http.Handler {
	b.bot = bot
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/webhook" || r.Method != http.MethodPost {
			bot.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.held = append(b.held, body)
		w.WriteHeader(http.StatusAccepted)
	})
}

// act hands the event of the ticket that is asked about on to the bot, which answers.
func (b *byHand) act(ctx context.Context, base, ask string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, body := range b.held {
		var event struct{ TicketNumber string }
		if json.Unmarshal(body, &event) == nil && (ask == checks.AskReply(event.TicketNumber) || ask == checks.AskClose(event.TicketNumber)) {
			r := httptest.NewRequest(http.MethodPost, "/webhook", bytes.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			b.bot.ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	return provoke(ctx, base, ask)
}
