package browser

import (
	"strings"
	"testing"
)

// TestAnExchangeInFull shows what is wrong at its place in the body, with who says so.
func TestAnExchangeInFull(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	m.do("POST", "/_parley/faults", `{"vendor":"elma365","operation":"message","status":500,"times":1}`)
	m.message(m.channel(), goodMessage)
	m.message(m.channel(), brokenMessage)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?ex=ex-000003", l)
		p.sees(".exchange h2", "ex-000003")
		p.sees(".findings", "body.required")
		p.until(`[...document.querySelectorAll(".codeline.marked")].some((l) => l.textContent.includes('"url"'))`)
		p.sees(".here", "ELMA365-IN-010")
		p.sees(".here blockquote", "URL")
		p.until(`document.querySelector(".here blockquote a").href.startsWith("https://")`)
		p.usable()
		p.fits()
		p.clicks("[role=tab]", "why")
		p.sees("[role=tabpanel]", "breaks the contract in")
		p.sees("[role=tabpanel]", "Readings in force")
		p.usable()
		p.clicks("[role=tab]", "answer")
		p.sees("[role=tabpanel]", "header")
		p.clicks("[role=tab]", "raw")
		p.sees("[role=tabpanel]", `"requirement": "ELMA365-IN-010"`)
		p.usable()
	})

	p := open(t, m.URL+"/_parley/ui/?ex=ex-000002&tab=why", desk)
	p.sees("[role=tabpanel]", "ft-000001")
	p.clicks(".exchange a", "channel")
	p.sees("header nav a[aria-current]", "Conversation")
}

// TestCopies hands an exchange out in the forms in which people use it elsewhere.
func TestCopies(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	m.message(m.channel(), goodMessage)
	p := open(t, m.URL+"/_parley/ui/?ex=ex-000002", desk)
	p.sees(".exchange h2", "ex-000002")
	p.eval(`navigator.clipboard.writeText = async (text) => { window.copied = text }, true`)
	for label, wants := range map[string][]string{
		"curl":     {"curl -sS -i", "-X POST", "/api/messengers/external/other/webhook/", "externalMessageId"},
		"Go test":  {"mocktest.New(t", "func TestMessage(t *testing.T)", "answer.Status != 200"},
		"scenario": {"expect: operations/message", "status: 200"},
	} {
		p.clicks(".exchange button", label)
		p.until(`window.copied && window.copied.includes(%s)`, quoted(wants[0]))
		copied := p.eval(`window.copied`).(string)
		for _, want := range wants {
			if !strings.Contains(copied, want) {
				t.Errorf("%s lacks %q:\n%s", label, want, copied)
			}
		}
	}
	p.presses("r") // send it again
	p.sees(".exchange .note", "Called again")
}
