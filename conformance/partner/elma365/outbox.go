package elma365

import (
	"errors"
	"net/http"
	"sync"
)

// message is a client's message to the operator, as ELMA365 is told of it.
type message struct {
	id, chat, user, text string
	files                []file
}

type file struct {
	Name string `json:"name"`
	URL  string `json:"URL"`
}

// sending is a message until its outcome is known.
type sending struct {
	message
	channel string
	outcome chan bool
}

// maxSending bounds the messages on their way.
const maxSending = 256

var errOutboxFull = errors.New("too many messages wait for their outcome; try again later")

// outbox holds the messages that are on their way, by ID.
type outbox struct {
	mu      sync.Mutex
	sending map[string]*sending
}

func (o *outbox) add(s *sending) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.sending) == maxSending {
		return errOutboxFull
	}
	if o.sending == nil {
		o.sending = map[string]*sending{}
	}
	o.sending[s.id] = s
	return nil
}

func (o *outbox) drop(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.sending, id)
}

// settle tells a message on its way how it ended; of others it knows nothing.
func (o *outbox) settle(id string, success bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if s := o.sending[id]; s != nil {
		s.tell(success)
	}
}

// settleAll tells all messages on their way how one of them ended.
func (o *outbox) settleAll(success bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range o.sending {
		s.tell(success)
	}
}

func (s *sending) tell(success bool) {
	select {
	case s.outcome <- success:
	default: // it has more outcomes than it can read
	}
}

// send puts a message on its way in the given channel.
func (m *messenger) send(channel string, text message) error {
	s := &sending{message: text, channel: channel, outcome: make(chan bool, 8)}
	if err := m.outbox.add(s); err != nil {
		return err
	}
	m.users.Add(s.user)
	m.sent.Add(s.id)
	m.latest.Store(s.chat)
	m.written.Add(s.channel + " " + s.chat)
	m.Begin(func() {
		defer func() { m.outbox.drop(s.id) }()
		m.sendUntilSettled(s)
	})
	return nil
}

// sendUntilSettled sends a message again, with the same ID, after 500 or a broken
// connection, after an outcome without success, and when none follows, until an
// outcome says success, sending again is useless, or it was tried often enough.
func (m *messenger) sendUntilSettled(s *sending) {
	for range m.Attempts {
		if m.toldMeanwhile(s) {
			return
		}
		status := m.sendOnce(s)
		if status != 0 && status != http.StatusOK && status != http.StatusInternalServerError {
			m.Logf("gave up on message %s: it was answered %d, and a wrong token or an unknown channel stays one", s.id, status)
			return
		}
		if (status == 0 || status == http.StatusInternalServerError) && m.has(neverRetriesAfter500) {
			return
		}
		success, known := m.awaitOutcome(s)
		switch {
		case success && !m.has(repeatsAfterSuccess),
			known && !success && m.has(neverRetriesAfterFailedOutcome),
			!known && status == http.StatusOK && m.has(neverRetriesAfterSilence),
			m.Ctx.Err() != nil:
			return
		case known:
			m.Wait(m.Ctx, m.RetryAfter)
		}
		m.spoil(s)
	}
	m.Logf("gave up on message %s after %d attempts", s.id, m.Attempts)
}

// sendOnce returns the status of one attempt, 0 when no answer came and 404 when
// the channel is closed.
func (m *messenger) sendOnce(s *sending) int {
	m.talking.RLock()
	defer m.talking.RUnlock()
	at, open := m.channels.find(s.channel)
	if !open {
		return http.StatusNotFound
	}
	answer, err := m.call(m.Ctx, at.webhook, "message", m.dataOf(s.message))
	if err != nil {
		m.Logf("message %s: %v", s.id, err)
		return 0
	}
	return answer.Status
}

// awaitOutcome waits for an outcome, but no longer than until a retry is due.
func (m *messenger) awaitOutcome(s *sending) (success, known bool) {
	select {
	case success = <-s.outcome:
		return success, true
	case <-m.After(m.RetryAfter):
	case <-m.Ctx.Done():
	}
	return false, false
}

// toldMeanwhile reports a success that came while nobody waited for it.
func (m *messenger) toldMeanwhile(s *sending) bool {
	select {
	case success := <-s.outcome:
		return success && !m.has(repeatsAfterSuccess)
	default:
		return false
	}
}

// spoil is where the defects of a retry are; a good one changes nothing.
func (m *messenger) spoil(s *sending) {
	if m.has(newIDOnRetry) {
		m.outbox.drop(s.id)
		s.id = m.NewID()
		m.sent.Add(s.id)
		m.outbox.add(s) // a place has just become free
	}
	if m.has(changesTextOnRetry) {
		s.text += " (again)"
	}
	if m.has(losesFilesOnRetry) {
		s.files = nil
	}
}

// dataOf is the data of a client's message, with the defects in it.
func (m *messenger) dataOf(s message) map[string]any {
	data := map[string]any{
		"externalMessageId": s.id,
		"externalChatId":    s.chat,
		"externalChatName":  "Chat " + s.chat,
		"externalUserId":    s.user,
	}
	if s.text != "" {
		data["text"] = s.text
	}
	if len(s.files) > 0 {
		data["files"] = s.files
	}
	for name, misstate := range misstated {
		if m.has(name) {
			misstate(data)
		}
	}
	return data
}
