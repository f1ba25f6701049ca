package elma365

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// event is one request of ELMA365's, as far as it could be read.
type event struct {
	partnerkit.Object
	raw     []byte
	kind    string            // type; "" when there is none
	channel string            // channelId; "" when there is none
	data    partnerkit.Object // nil when there is none
}

// reply is the messenger's answer to an event. The page documents a body for
// userInfo only; why is for people.
type reply struct {
	status int
	body   any
	page   string // HTML
	why    string
}

var executed = reply{status: http.StatusOK}

// webhook takes one event: read, verify, execute, answer.
func (m *messenger) webhook(w http.ResponseWriter, r *http.Request) {
	e, answer := m.read(w, r)
	if answer == nil {
		answer = m.verify(e)
		if answer == nil || m.has(actsBeforeVerifying) {
			done := m.execute(r.Context(), e)
			answer = or(answer, &done)
		}
	}
	m.Logf("%s %.40q → %d %s", r.Method, e.kind, answer.status, answer.why)
	m.write(w, *answer)
}

func or(first, second *reply) *reply {
	if first != nil {
		return first
	}
	return second
}

// read turns a request into an event, or says why it cannot.
func (m *messenger) read(w http.ResponseWriter, r *http.Request) (event, *reply) {
	if r.Method != http.MethodPost && !m.has(acceptsAnyMethod) {
		return event{}, m.cannot(http.StatusMethodNotAllowed, "the method is not POST")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); (err != nil || kind != "application/json") && !m.has(acceptsAnyContentType) {
		return event{}, m.cannot(http.StatusUnsupportedMediaType, "the content type is not application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, partnerkit.MaxBody))
	if err != nil {
		return event{}, m.cannot(http.StatusBadRequest, "the body cannot be read or is too large")
	}
	o, ok := partnerkit.Parse(body)
	if !ok {
		return event{}, m.unreadable(body)
	}
	e := event{Object: o, raw: body}
	e.kind, _ = partnerkit.Text(o, "type")
	e.channel, _ = partnerkit.Text(o, "channelId")
	e.data, _ = partnerkit.Member[partnerkit.Object](o, "data")
	return e, nil
}

func (m *messenger) unreadable(body []byte) *reply {
	switch {
	case m.has(acceptsEmptyBody) && len(body) == 0,
		m.has(acceptsAnyJSON) && json.Valid(body),
		m.has(acceptsInvalidJSON) && len(body) > 0 && !json.Valid(body):
		return &executed
	}
	return m.cannot(http.StatusBadRequest, "the body is not one JSON object")
}

// cannot refuses a request that cannot be executed. The page has one status that
// can mean it, 500; customary is what HTTP has for it.
func (m *messenger) cannot(customary int, why string) *reply {
	if m.has(fmt.Sprintf("answers-%d", customary)) {
		return &reply{status: customary, why: why}
	}
	return &reply{status: http.StatusInternalServerError, why: why}
}

// execute does what a verified event asks for.
func (m *messenger) execute(ctx context.Context, e event) reply {
	for name, breaks := range fragile {
		if m.has(name) && breaks(e) {
			return reply{status: http.StatusInternalServerError, why: "broke: " + name}
		}
	}
	handle := m.handlers()[m.spelling(e.kind)]
	switch {
	case handle != nil:
		return handle(ctx, e)
	case m.has(acceptsMissingType) && e.kind == "",
		m.has(acceptsUnknownType) && e.kind != "":
		return executed
	}
	return *m.cannot(http.StatusBadRequest, "the type is not one of the six")
}

func (m *messenger) write(w http.ResponseWriter, answer reply) {
	status := answer.status
	if status == http.StatusOK && m.has(answers201) {
		status = http.StatusCreated
	}
	switch {
	case answer.page != "":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, answer.page) // the caller is gone
	case answer.body != nil:
		partnerkit.WriteJSON(w, status, answer.body)
	case answer.why != "":
		http.Error(w, answer.why, status)
	default:
		w.WriteHeader(status)
	}
}
