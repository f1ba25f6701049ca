package elma365

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

type handler func(context.Context, event) reply

func (m *messenger) handlers() map[string]handler {
	return map[string]handler{
		"connect":        m.connect,
		"message":        m.message,
		"messageOutcome": m.messageOutcome,
		"userInfo":       m.userInfo,
		"markAsRead":     m.markAsRead,
		"disconnect":     m.disconnect,
	}
}

// spelling is the name under which a type is looked up: its own.
func (m *messenger) spelling(kind string) string {
	switch {
	case m.has(ignoresTypeCase):
		for name := range m.handlers() {
			if strings.EqualFold(name, kind) {
				return name
			}
		}
	case m.has(expectsSummaryNames) && kind == "MarkMessageAsRead":
		return "markAsRead"
	case m.has(expectsSummaryNames) && (kind == "markAsRead" || kind == "messageOutcome"):
		return "not in the summary"
	}
	return kind
}

func (m *messenger) connect(_ context.Context, e event) reply {
	webhook, err := want[string](e.data, "data.webhook")
	if err != nil || e.channel == "" {
		return m.incomplete(errors.Join(err, missingIf(e.channel == "", "channelId")))
	}
	if !partnerkit.IsHTTP(webhook) {
		return *m.cannot(http.StatusBadRequest, "data.webhook is not an http URL")
	}
	known, again := m.channels.find(e.channel)
	switch {
	case m.has(refusesSecondConnect) && again,
		m.has(refusesNewChannel) && !again && m.channels.opened() > 0,
		m.has(refusesConnectAfterDisconnect) && m.channels.shut() > 0:
		return reply{status: http.StatusInternalServerError, why: "will not be connected"}
	case m.has(keepsFirstURL) && again && known.webhook != "":
		webhook = known.webhook
	}
	m.channels.connect(e.channel, webhook)
	return executed
}

// message acknowledges as soon as the message is queued for its client.
func (m *messenger) message(ctx context.Context, e event) reply {
	chat, err := want[string](e.data, "data.targetChatId")
	words, textErr := optional[string](e.data, "data.text")
	files, filesErr := optional[[]partnerkit.Object](e.data, "data.files")
	if err := errors.Join(err, textErr, filesErr, missingIf(e.channel == "", "channelId")); err != nil {
		return m.incomplete(err)
	}
	for _, file := range files {
		_, nameErr := want[string](file, "name")
		_, urlErr := want[string](file, "URL")
		if err := errors.Join(nameErr, urlErr); err != nil {
			return m.incomplete(err)
		}
	}
	if words == "" && len(files) == 0 && !m.has(acceptsEmptyMessage) {
		return *m.cannot(http.StatusBadRequest, "the message has neither text nor files")
	}
	if refusal := m.burdened(ctx, e, chat); refusal != nil {
		return *refusal
	}
	if odd := m.oddly(e.channel, chat); odd != nil {
		return *odd
	}
	select {
	case m.inbox <- incoming{chat, words, len(files)}:
		return executed
	default:
		return reply{status: http.StatusInternalServerError, why: "too many messages wait for their clients"}
	}
}

// burdened is where the defects of a messenger under load are; a good one is not.
func (m *messenger) burdened(ctx context.Context, e event, chat string) *reply {
	nth := m.chats.Add(chat)
	switch {
	case m.has(slowAcknowledgement) && nth > 4:
		m.Wait(ctx, time.Minute)
	case m.has(answers429ToBurst) && nth > 15:
		return &reply{status: http.StatusTooManyRequests, why: "too many messages in one chat"}
	case m.has(refusesRepeats) && m.chats.Add(string(e.raw)) > 1:
		return &reply{status: http.StatusConflict, why: "this message was here before"}
	case m.has(serial):
		if !m.busy.TryLock() {
			return &reply{status: http.StatusInternalServerError, why: "another message is being handled"}
		}
		defer m.busy.Unlock()
		m.Wait(ctx, 20*time.Millisecond)
	}
	return nil
}

// oddly is where the defects of a message's answer are.
func (m *messenger) oddly(channel, chat string) *reply {
	switch {
	case m.has(refusesUnknownChat) && chat != ownChat,
		m.has(knowsLatestChat) && chat != m.latest.Load(),
		m.has(keepsChatsApart) && !m.written.Has(channel+" "+chat):
		return &reply{status: http.StatusNotFound, why: "no such chat"}
	case m.has(answersLoginPage):
		return &reply{status: http.StatusOK, page: "<!DOCTYPE html><title>Sign in</title>"}
	case m.has(answersErrorIn200):
		return &reply{status: http.StatusOK, body: map[string]string{"status": "error"}}
	}
	return nil
}

// messageOutcome ends or repeats a message of the messenger's own. One that it
// does not know needs nothing to be done.
func (m *messenger) messageOutcome(_ context.Context, e event) reply {
	success, err := want[bool](e.data, "data.success")
	id, idErr := want[string](e.data, "data.messageId")
	if err := errors.Join(err, idErr); err != nil {
		return m.incomplete(err)
	}
	if !success && m.has(refusesFailedOutcome) {
		return reply{status: http.StatusInternalServerError, why: "a message failed"}
	}
	if m.has(refusesOutcomeOfUnknownMessage) && !m.sent.Has(id) {
		return reply{status: http.StatusNotFound, why: "no such message"}
	}
	if success && m.has(settlesAll) {
		m.outbox.settleAll(success)
	}
	m.outbox.settle(id, success)
	return executed
}

func (m *messenger) markAsRead(_ context.Context, e event) reply {
	if _, err := want[string](e.data, "data.messageId"); err != nil {
		return m.incomplete(err)
	}
	return executed
}

func (m *messenger) disconnect(_ context.Context, e event) reply {
	if e.channel == "" {
		return m.incomplete(missingIf(true, "channelId"))
	}
	if m.has(refusesDisconnect) {
		return reply{status: http.StatusInternalServerError, why: "does not know how to disconnect"}
	}
	m.channels.disconnect(e.channel)
	if m.has(disconnectsAllChannels) {
		m.channels.disconnectAll()
	}
	return executed
}

var (
	errMissing = errors.New("is missing")
	errType    = errors.New("has the wrong type")
)

// incomplete refuses an event whose data does not say what to do.
func (m *messenger) incomplete(err error) reply {
	if m.has(acceptsMissingData) && !errors.Is(err, errType) || m.has(acceptsWrongTypes) && !errors.Is(err, errMissing) {
		return executed
	}
	return *m.cannot(http.StatusBadRequest, strings.ReplaceAll(err.Error(), "\n", ", "))
}

func missingIf(missing bool, path string) error {
	if !missing {
		return nil
	}
	return fmt.Errorf("%s %w", path, errMissing)
}

// want reads a member by its path as errors show it; the last word is its name.
func want[T comparable](o partnerkit.Object, path string) (T, error) {
	var none T
	value, err := optional[T](o, path)
	name := path[strings.LastIndex(path, ".")+1:]
	if err == nil && (!o.Has(name) || any(value) == any("")) {
		return none, missingIf(true, path)
	}
	return value, err
}

// optional is want for a member that need not be there.
func optional[T any](o partnerkit.Object, path string) (T, error) {
	name := path[strings.LastIndex(path, ".")+1:]
	value, ok := partnerkit.Member[T](o, name)
	if !ok && o.Has(name) {
		return value, fmt.Errorf("%s %w", path, errType)
	}
	return value, nil
}
