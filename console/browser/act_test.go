package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// writes puts a text into the editor, as somebody who pastes it.
func (p *page) writes(selector, text string) {
	p.t.Helper()
	p.until(`document.querySelector(%s)`, quoted(selector))
	p.eval(`(() => { const e = document.querySelector(` + quoted(selector) + `); e.focus(); e.select?.(); document.execCommand("insertText", false, ` + quoted(text) + `); return true })()`)
}

const bodyText = `textarea[aria-label="Body as JSON"]`

// TestSendingAnEvent goes from the sample over a mistake and a dry run to the delivery.
func TestSendingAnEvent(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=act&of=elma365&item=events/message", l)
		p.sees("h2", "Act for the vendor")
		if l.width < 640 {
			p.clicks("button", "JSON")
		}
		p.sees(".judged", "finds nothing")
		p.usable()
		p.fits()
		p.writes(bodyText, `{"type": "message", "token": "x", "channelId": "c", "data": {"targetChatId": 7, "text": "Hello"}}`)
		p.sees(".editor .findings", "body.type")
		p.sees(".editor .findings", "/data/targetChatId")
		p.usable()
		p.clicks(".editor .place", "1:")
		p.until(`document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd).includes("7")`)
		p.writes(bodyText, `{"type": "message", "data": {"targetChatId": "chat-1", "text": "Written on the page"}}`)
		p.clicks("button", "Dry run")
		p.sees(".outcome", "nothing was sent")
		p.sees(".outcome", "Written on the page")
		p.clicks("button", "Send")
		p.sees(".outcome", "Sent as dl-")
		p.sees(".outcome", "the partner answered")
		p.usable()
		p.clicks(".outcome a", "ex-")
		p.sees(".exchange h2", "vendor → partner")
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
	p.sees(".judged", "The validator finds")
	p.writes(bodyText, `{"type":"message","mine":12345678901234567890,"token":"t","data":{"externalMessageId":"m-1","externalChatId":"c-1","externalUserId":"u-1","text":"one"}}`)
	p.until(`[...document.querySelectorAll(".form-half input, .form-half textarea")].some((e) => e.value === "one")`)
	p.eval(`(() => { const e = [...document.querySelectorAll(".form-half input, .form-half textarea")].find((e) => e.value === "one"); e.focus(); e.select(); document.execCommand("insertText", false, "two"); return true })()`)
	p.until(`document.querySelector(%s).value.includes('"text":"two"') && document.querySelector(%[1]s).value.includes('"mine":12345678901234567890')`, quoted(bodyText))
}

// TestPlayingThePartner calls an operation, and finds the call in the journal.
func TestPlayingThePartner(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	p := open(t, m.URL+"/_parley/ui/?view=act&of=expertflow&item=operations/pushActivity", desk)
	p.sees("h2", "Act for the partner")
	p.clicks("button", "Call")
	p.sees(".outcome", "the vendor answered")
	calls := m.do("GET", "/_parley/journal?operation=operations/pushActivity", "")["exchanges"].([]any)
	if len(calls) != 1 {
		t.Errorf("%d calls", len(calls))
	}
	p.eval(`navigator.clipboard.writeText = async (text) => { window.copied = text }, true`)
	p.clicks(".order button", "curl")
	p.until(`window.copied?.includes("/conversation-manager/activities")`)
	if copied := p.eval(`window.copied`).(string); !strings.HasPrefix(copied, "curl ") {
		t.Error(copied)
	}
}

// TestDeliveries are listed, opened, retried, replayed and edited.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	m := conversation(t)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=deliveries", l)
		p.sees("main", "dl-000001")
		p.sees("main", "failed")
		p.usable()
		p.fits()
		p.clicks("button", "failed")
		p.until(`!document.querySelector("main").innerText.includes("dl-000001")`)
		p.clicks("main button.link", "dl-00000")
		p.sees(".attempts", "ex-")
		p.usable()
		p.clicks("button", "Replay")
		p.sees("main", "Sent again as dl-")
	})
	p := open(t, m.URL+"/_parley/ui/?view=deliveries&item=dl-000002", desk)
	p.sees("article h2", "dl-000002")
	p.until(`document.querySelector("button.danger").disabled`) // it has ended
	p.clicks("a.button", "Edit and send")
	p.sees("h2", "Act for the vendor")
	p.until(`document.querySelector(%s)?.value.includes("type")`, quoted(bodyText))
	p.do(chromedp.NavigateBack())
	p.sees("article h2", "dl-000002")
}
