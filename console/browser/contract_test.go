package browser

import "testing"

// TestContract reads a contract on the page, with what traffic touched of it.
func TestContract(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	m.message(m.channel(), goodMessage)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=contract&of=elma365", l)
		p.sees(".outline", "Operations")
		p.sees(".outline", "✓")
		p.usable()
		p.fits()
		p.clicks(".outline a", "message")
		p.sees(".detail h2, .detail", "/api/messengers/external/other/webhook/{channelId}")
		p.sees(".detail", "externalMessageId")
		p.usable()
		p.fits()
		p.clicks(".detail a", "ELMA365-IN-004")
		p.sees(".detail", "A client's message carries data.externalMessageId")
		p.sees(".detail blockquote", "Message ID in the messenger")
		p.usable()
		p.eval(`(history.pushState(null, "", "?view=contract&of=elma365&item=ELMA365-R-26"), dispatchEvent(new PopStateEvent("popstate")), true)`)
		p.sees(".detail", "--reading ELMA365-R-26=")
		p.usable()
	})
	p := open(t, m.URL+"/_parley/ui/?view=contract&of=elma365", desk)
	p.clicks("button", "show only untouched")
	p.until(`![...document.querySelectorAll(".outline a")].some((a) => /^✓/.test(a.innerText))`)
	p.until(`[...document.querySelectorAll(".outline a")].some((a) => a.innerText.includes("markAsRead"))`)
}
