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
		p.Sees(".exchange h2", "ex-000003")
		p.Sees(".findings", "body.required")
		p.Until(`[...document.querySelectorAll(".codeline.marked")].some((l) => l.textContent.includes('"url"'))`)
		p.Sees(".here", "ELMA365-IN-010")
		p.Sees(".here blockquote", "URL")
		p.Until(`document.querySelector(".here blockquote a").href.startsWith("https://")`)
		p.Usable()
		p.Fits()
		p.Clicks("[role=tab]", "why")
		p.Sees("[role=tabpanel]", "breaks the contract in")
		p.Sees("[role=tabpanel]", "Readings in force")
		p.Usable()
		p.Clicks("[role=tab]", "answer")
		p.Sees("[role=tabpanel]", "header")
		p.Clicks("[role=tab]", "raw")
		p.Sees("[role=tabpanel]", `"requirement": "ELMA365-IN-010"`)
		p.Usable()
	})

	p := open(t, m.URL+"/_parley/ui/?ex=ex-000002&tab=why", desk)
	p.Sees("[role=tabpanel]", "ft-000001")
	p.Clicks(".exchange a", "channel")
	p.Sees("header nav a[aria-current]", "Conversation")
}

// TestCopies hands an exchange out in the forms in which people use it elsewhere.
func TestCopies(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	m.message(m.channel(), goodMessage)
	p := open(t, m.URL+"/_parley/ui/?ex=ex-000002", desk)
	p.Sees(".exchange h2", "ex-000002")
	p.Eval(`navigator.clipboard.writeText = async (text) => { window.copied = text }, true`)
	for label, wants := range map[string][]string{
		"curl":     {"curl -sS -i", "-X POST", "/api/messengers/external/other/webhook/", "externalMessageId"},
		"Go test":  {"mocktest.New(t", "func TestMessage(t *testing.T)", "answer.Status != 200"},
		"scenario": {"expect: operations/message", "status: 200"},
	} {
		p.Clicks(".exchange button", label)
		p.Until(`window.copied && window.copied.includes(%s)`, quoted(wants[0]))
		copied := p.Eval(`window.copied`).(string)
		for _, want := range wants {
			if !strings.Contains(copied, want) {
				t.Errorf("%s lacks %q:\n%s", label, want, copied)
			}
		}
	}
	p.Presses("r") // send it again
	p.Sees(".exchange .note", "Called again")
}
