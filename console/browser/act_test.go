package browser

import (
	"strings"
	"testing"
)

// writes puts a text into the editor, as somebody who pastes it.
func (p *page) writes(selector, text string) {
	p.t.Helper()
	p.Until(`document.querySelector(%s)`, quoted(selector))
	p.Eval(`(() => { const e = document.querySelector(` + quoted(selector) + `); e.focus(); e.select?.(); document.execCommand("insertText", false, ` + quoted(text) + `); return true })()`)
}

const bodyText = `textarea[aria-label="Body as JSON"]`

// TestSendingAnEvent goes from the sample over a mistake and a dry run to the delivery.
func TestSendingAnEvent(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=act&of=elma365&item=events/message", l)
		p.Sees("h2", "Act for the vendor")
		if l.Width < 640 {
			p.Clicks("button", "JSON")
		}
		p.Sees(".judged", "finds nothing")
		p.Usable()
		p.Fits()
		p.writes(bodyText, `{"type": "message", "token": "x", "channelId": "c", "data": {"targetChatId": 7, "text": "Hello"}}`)
		p.Sees(".editor .findings", "body.type")
		p.Sees(".editor .findings", "/data/targetChatId")
		p.Usable()
		p.Clicks(".editor .place", "1:")
		p.Until(`document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd).includes("7")`)
		p.writes(bodyText, `{"type": "message", "data": {"targetChatId": "chat-1", "text": "Written on the page"}}`)
		p.Clicks("button", "Dry run")
		p.Sees(".outcome", "nothing was sent")
		p.Sees(".outcome", "Written on the page")
		p.Clicks("button", "Send")
		p.Sees(".outcome", "Sent as dl-")
		p.Sees(".outcome", "the partner answered")
		p.Usable()
		p.Clicks(".outcome a", "ex-")
		p.Sees(".exchange h2", "vendor → partner")
	})
	sent := m.do("GET", "/_parley/journal?operation=events/message&text=Written+on+the+page", "")["exchanges"].([]any)
	if len(sent) != 2 {
		t.Errorf("%d messages were sent, want one per look", len(sent))
	}
}

// TestTheFormAndTheTextStayInStep: a field that is changed changes the text, and the
// other way round; what the form does not know stays.
func TestTheFormAndTheTextStayInStep(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	p := open(t, m.URL+"/_parley/ui/?view=act&of=elma365&item=operations/message", desk)
	p.Sees(".judged", "The validator finds")
	p.writes(bodyText, `{"type":"message","mine":12345678901234567890,"token":"t","data":{"externalMessageId":"m-1","externalChatId":"c-1","externalUserId":"u-1","text":"one"}}`)
	p.Until(`[...document.querySelectorAll(".form-half input, .form-half textarea")].some((e) => e.value === "one")`)
	p.Eval(`(() => { const e = [...document.querySelectorAll(".form-half input, .form-half textarea")].find((e) => e.value === "one"); e.focus(); e.select(); document.execCommand("insertText", false, "two"); return true })()`)
	p.Until(`document.querySelector(%s).value.includes('"text":"two"') && document.querySelector(%[1]s).value.includes('"mine":12345678901234567890')`, quoted(bodyText))
}

// TestPlayingThePartner calls an operation, and finds the call in the journal.
func TestPlayingThePartner(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	p := open(t, m.URL+"/_parley/ui/?view=act&of=expertflow&item=operations/pushActivity", desk)
	p.Sees("h2", "Act for the partner")
	p.Clicks("button", "Call")
	p.Sees(".outcome", "the vendor answered")
	calls := m.do("GET", "/_parley/journal?operation=operations/pushActivity", "")["exchanges"].([]any)
	if len(calls) != 1 {
		t.Errorf("%d calls", len(calls))
	}
	p.Eval(`navigator.clipboard.writeText = async (text) => { window.copied = text }, true`)
	p.Clicks(".order button", "curl")
	p.Until(`window.copied?.includes("/conversation-manager/activities")`)
	if copied := p.Eval(`window.copied`).(string); !strings.HasPrefix(copied, "curl ") {
		t.Error(copied)
	}
}

// TestDeliveries are listed, opened, retried, replayed and edited.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	m := conversation(t)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=deliveries", l)
		p.Sees("main", "dl-000001")
		p.Sees("main", "failed")
		p.Usable()
		p.Fits()
		p.Clicks("button", "failed")
		p.Until(`!document.querySelector("main").innerText.includes("dl-000001")`)
		p.Clicks("main button.link", "dl-00000")
		p.Sees(".attempts", "ex-")
		p.Usable()
		p.Clicks("button", "Replay")
		p.Sees("main", "Sent again as dl-")
	})
	p := open(t, m.URL+"/_parley/ui/?view=deliveries&item=dl-000002", desk)
	p.Sees("article h2", "dl-000002")
	p.Until(`document.querySelector("button.danger").disabled`) // it has ended
	p.Clicks("a.button", "Edit and send")
	p.Sees("h2", "Act for the vendor")
	p.Until(`document.querySelector(%s)?.value.includes("type")`, quoted(bodyText))
	p.Back()
	p.Sees("article h2", "dl-000002")
}
