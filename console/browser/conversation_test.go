package browser

import (
	"strings"
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
	t.Parallel()
	m := conversation(t)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=conversation", l)
		p.Until(`document.querySelectorAll(".step.partner").length >= 3 && document.querySelectorAll(".step.vendor").length >= 5`)
		p.Sees(".step", "⚡")
		p.Sees(".step", "✗")
		p.Sees(".step", "≡A")
		p.Sees(".step", "⟳3")
		p.Until(`document.querySelectorAll(".bracket").length >= 1`)
		p.Usable()
		p.Fits()
		p.Until(`document.querySelectorAll(".step.later").length === 0`)
		p.Eval(`(() => { const r = document.querySelector("input[type=range]"); r.value = 2; r.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
		p.Until(`document.querySelectorAll(".step.later").length === document.querySelectorAll(".step").length - 3`)
		p.Clicks(".step", "⚡")
		p.Sees(".exchange h2", "ex-")
		p.Until(`document.querySelectorAll(".step.chosen").length <= 1 && location.search.includes("ex=")`)
		p.Usable()
	})
}

// TestWhatChanged shows what an exchange changed in the vendor's memory, and how much
// that was at a time that is dragged to.
func TestWhatChanged(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	channel := m.channel()
	p := open(t, m.URL+"/_parley/ui/", desk) // from now on changes are recorded
	p.Sees(".row", "connect")
	p.Until(`fetch("../changes").then((r) => r.ok)`)
	m.message(channel, goodMessage)
	m.message(channel, strings.ReplaceAll(goodMessage, "m-1", "m-2"))
	p.Sees(".row", "messageOutcome")
	p.Eval(`(history.pushState(null, "", "?ex=ex-000002&tab=state"), dispatchEvent(new PopStateEvent("popstate")), true)`)
	p.Sees(".changes", "elma365 messages")
	p.Sees(".difference", "m-1")
	p.Usable()
	p.Eval(`(history.pushState(null, "", "?view=conversation&of=` + channel + `"), dispatchEvent(new PopStateEvent("popstate")), true)`)
	p.Until(`document.querySelectorAll(".step").length >= 5`)
	p.Eval(`(() => { const steps = [...document.querySelectorAll(".step.partner")]; const at = [...document.querySelectorAll(".step")].indexOf(steps[0]); const r = document.querySelector("input[type=range]"); r.value = at; r.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
	p.Sees(".then", "1 messages (+1 since)")
	p.Usable()
}

// TestSavingExchanges hands out what the filter leaves, as other tools read it.
func TestSavingExchanges(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	m.message(m.channel(), brokenMessage)
	p := open(t, m.URL+"/_parley/ui/?q=has%3Aerrors", desk)
	p.Sees(".row", "message")
	p.Eval(`(() => { URL.createObjectURL = (blob) => { blob.text().then((text) => { window.saved = text }); return "#" }; return true })()`)
	p.Clicks(".options button", "HAR")
	p.Until(`window.saved?.startsWith("{") && JSON.parse(window.saved).log.entries.length === 1`)
	p.Clicks(".options button", "NDJSON")
	p.Until(`window.saved?.startsWith('{"id"') && window.saved.trim().split("\n").length === 1`)
}

// TestFirstPaint prints how soon something is seen on this machine.
func TestFirstPaint(t *testing.T) {
	m := serve(t, "elma365")
	p := open(t, m.URL+"/_parley/ui/", desk)
	p.Sees(".empty", "Nothing has crossed the wire yet")
	p.Until(`performance.getEntriesByType("paint").length > 0`)
	t.Logf("first paint after %.0f ms, first content after %.0f ms", p.Eval(`performance.getEntriesByName("first-paint")[0].startTime`), p.Eval(`performance.getEntriesByName("first-contentful-paint")[0].startTime`))
}
