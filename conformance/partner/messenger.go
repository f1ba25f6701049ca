package partner

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// messenger is an arbitrary messenger, as ELMA365 calls its partner. It remembers
// channels, users and messages on their way, all bounded.
type messenger struct {
	Options
	defects  defects
	channels channels
	users    bounded
	chats    bounded
	sent     bounded // IDs of its own messages
	outbox   outbox
	inbox    chan incoming

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
	busy    sync.Mutex   // see serial
	talking sync.RWMutex // read while a message is sent, so that none begins after a disconnect
}

// incoming is an operator's message on its way to the client.
type incoming struct {
	chat, text string
	files      int
}

// maxInbox bounds the messages that wait to be passed on to clients.
const maxInbox = 1024

func newMessenger(o Options, chosen defects) *messenger {
	m := &messenger{Options: o, defects: chosen, inbox: make(chan incoming, maxInbox)}
	m.ctx, m.stop = context.WithCancel(context.Background())
	if o.Channel != "" {
		m.channels.connect(o.Channel, o.Webhook)
	}
	m.users.add(documentedUser)
	m.running.Go(m.passOn)
	return m
}

func (m *messenger) has(name string) bool { return m.defects[name] }

func (m *messenger) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/webhook", m.webhook)
	mux.HandleFunc("POST /say", m.say)
	mux.HandleFunc("POST /ask-user", m.askUser)
	mux.HandleFunc("POST /disconnect", m.disconnectSelf)
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	return mux
}

// passOn gives operators' messages to their clients. It is the slow work, which
// no acknowledgement waits for.
func (m *messenger) passOn() {
	for {
		select {
		case in := <-m.inbox:
			m.Pass(in.chat, in.text, in.files)
		case <-m.ctx.Done():
			return
		}
	}
}

func (m *messenger) close() {
	m.stop()
	m.running.Wait()
	m.Client.CloseIdleConnections()
}

// wait returns after that time, or earlier when ctx or the messenger has ended.
func (m *messenger) wait(ctx context.Context, d time.Duration) {
	select {
	case <-m.After(d):
	case <-ctx.Done():
	case <-m.ctx.Done():
	}
}

func (m *messenger) logf(format string, args ...any) { m.Log(fmt.Sprintf(format, args...)) }

// bounded counts names. When it is full it starts anew.
type bounded struct {
	mu    sync.Mutex
	count map[string]int
}

const maxNames = 10_000

func (b *bounded) add(name string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.count == nil || len(b.count) == maxNames {
		b.count = map[string]int{}
	}
	b.count[name]++
	return b.count[name]
}

func (b *bounded) has(name string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.count[name] > 0
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // the caller is gone
}
