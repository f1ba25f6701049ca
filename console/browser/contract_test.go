package browser

import "testing"

// TestContract reads a contract on the page, with what traffic touched of it.
func TestContract(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	m.message(m.channel(), goodMessage)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=contract&of=elma365", l)
		p.Sees(".outline", "Operations")
		p.Sees(".outline", "✓")
		p.Usable()
		p.Fits()
		p.Clicks(".outline a", "message")
		p.Sees(".detail h2, .detail", "/api/messengers/external/other/webhook/{channelId}")
		p.Sees(".detail", "externalMessageId")
		p.Usable()
		p.Fits()
		p.Clicks(".detail a", "ELMA365-IN-004")
		p.Sees(".detail", "A client's message carries data.externalMessageId")
		p.Sees(".detail blockquote", "Message ID in the messenger")
		p.Usable()
		p.Eval(`(history.pushState(null, "", "?view=contract&of=elma365&item=ELMA365-R-26"), dispatchEvent(new PopStateEvent("popstate")), true)`)
		p.Sees(".detail", "--reading ELMA365-R-26=")
		p.Usable()
	})
	p := open(t, m.URL+"/_parley/ui/?view=contract&of=elma365", desk)
	p.Sees(`section[aria-label="Requirements"] a`, "✓") // what was seen is known
	p.Clicks("button", "show only untouched")
	p.Sees(".outline a", "markAsRead")
	p.Until(`![...document.querySelectorAll('section[aria-label="Requirements"] a')].some((a) => /^✓/.test(a.innerText))`) // a call may be seen in part
}
