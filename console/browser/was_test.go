package browser

import (
	"fmt"
	"strings"
	"testing"
)

// TestWhatWas goes from an exchange to what it changed, to the state after it and to those
// around it, back to now, and to a sandbox that goes on from there.
func TestWhatWas(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365", "--history")
	channel := m.do("GET", "/_parley/channels", "")["channels"].([]any)[0].(map[string]any)["id"].(string)
	for i := range 3 {
		m.message(channel, strings.NewReplacer("m-1", fmt.Sprintf("m-%d", i+1)).Replace(goodMessage))
	}
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?ex=ex-000002&tab=state", l)
		p.Sees(".empty", "No change of it is recorded")
		p.Clicks(".was button", "difference")
		p.Sees(".was table", "/elma365/messages/1")
		p.Clicks(".was button", "fork here")
		p.Sees("form.fork", "what had not been delivered is cancelled in it")
		p.Usable()
		p.Fits()
		p.Clicks(".was a", "state after it")
		p.Sees(".at", "As it was after ex-000002")
		p.Until(`document.querySelectorAll("tbody tr").length === 2`)
		p.Until(`![...document.querySelectorAll("main button")].some((b) => /^(add|replace)$/.test(b.innerText))`)
		p.Usable()
		p.Fits()
		p.Clicks(".at button", "◀")
		p.Until(`document.querySelectorAll("tbody tr").length === 1 && new URLSearchParams(location.search).get("at") === "ex-000001"`)
		p.Eval(`(() => { const e = document.getElementById("state-at"); e.value = "ex-000003"; e.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
		p.Until(`document.querySelectorAll("tbody tr").length === 3 && [...document.querySelectorAll(".at button")].find((b) => b.innerText === "▶").disabled`)
		p.Clicks(".at button", "live again")
		p.Sees("main button", "add")
		p.Until(`!new URLSearchParams(location.search).get("at")`)
		p.Usable()
	})
	p := open(t, m.URL+"/_parley/ui/?view=state&at=ex-000001", desk)
	p.Clicks(".at button", "fork here")
	p.fills("Name of the sandbox", "retry")
	p.Clicks("form.fork button", "Make it")
	p.Sees(".at", "Sandbox retry goes on from ex-000001")
	p.Until(`[...document.querySelectorAll(".at a")].some((a) => a.pathname === "/~retry/_parley/ui/")`)
	p = open(t, m.URL+"/~retry/_parley/ui/?view=state", desk)
	p.Until(`document.querySelectorAll("tbody tr").length === 1`)
}

// TestWhatIsNotKnownOfThen is said, and so is a fork that is refused.
func TestWhatIsNotKnownOfThen(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365", "--history")
	m.message("ebf45efc-cc67-4b60-9e3f-121966ba9f30", goodMessage)
	p := open(t, m.URL+"/_parley/ui/?view=state&at=ex-000009", desk)
	p.Sees(".empty", "is not in the journal any more, or never was")
	p.Usable()
	p.Clicks(".empty button", "Live again")
	p.Sees("table", "m-1")
	p = open(t, m.URL+"/_parley/ui/?ex=ex-000001&tab=state", desk)
	p.Clicks(".was button", "fork here")
	p.fills("Name of the sandbox", "no name")
	p.Clicks("form.fork button", "Make it")
	p.Sees("form.fork .failure", "no name of a sandbox")
}
