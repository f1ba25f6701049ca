package browser

import (
	"testing"
)

// conversation is a mock whose partner was away: one delivery needed several attempts,
// another came twice, calls failed and were repeated.
func conversation(t *testing.T) *mock {
	m, partner := serveWithPartner(t)
	channel := m.channel()
	m.do("PATCH", "/_parley/channels/"+channel, `{"policy":{"timeout":"2s","attempts":3,"backoff":"10ms"}}`)
	m.do("POST", "/_parley/faults", `{"vendor":"elma365","operation":"message","status":500,"times":1}`)
	m.do("POST", partner+"/act", "", "Parley-Ask", "Let a client write one message to the operator (message).")
	m.do("POST", "/_parley/faults", `{"vendor":"elma365","event":"message","copies":1,"together":true,"times":1}`)
	m.do("POST", "/_parley/send", `{"vendor":"elma365","event":"message","channel":"`+channel+`","set":{"data.targetChatId":"chat-1","data.text":"Your parcel left today."},"wait":true}`)
	m.do("POST", "/_parley/send", `{"vendor":"elma365","event":"message","channel":"`+channel+`","body":{"type":"nothing that anybody knows"},"broken":true,"wait":true}`)
	m.message(channel, brokenMessage)
	return m
}

// TestConversation draws who said what to whom, with attempts, twins, faults and findings
// on the arrows.
func TestConversation(t *testing.T) {
	m := conversation(t)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=conversation", l)
		p.until(`document.querySelectorAll(".step.partner").length >= 3 && document.querySelectorAll(".step.vendor").length >= 5`)
		p.sees(".step", "⚡")
		p.sees(".step", "✗")
		p.sees(".step", "≡A")
		p.sees(".step", "⟳3")
		p.until(`document.querySelectorAll(".bracket").length >= 1`)
		p.usable()
		p.fits()
		p.until(`document.querySelectorAll(".step.later").length === 0`)
		p.eval(`(() => { const r = document.querySelector("input[type=range]"); r.value = 2; r.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
		p.until(`document.querySelectorAll(".step.later").length === document.querySelectorAll(".step").length - 3`)
		p.clicks(".step", "⚡")
		p.sees(".exchange h2", "ex-")
		p.until(`document.querySelectorAll(".step.chosen").length <= 1 && location.search.includes("ex=")`)
		p.usable()
	})
}
