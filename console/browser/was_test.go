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
		p.sees(".empty", "No change of it is recorded")
		p.clicks(".was button", "difference")
		p.sees(".was table", "/elma365/messages/1")
		p.clicks(".was button", "fork here")
		p.sees("form.fork", "what had not been delivered is cancelled in it")
		p.usable()
		p.fits()
		p.clicks(".was a", "state after it")
		p.sees(".at", "As it was after ex-000002")
		p.until(`document.querySelectorAll("tbody tr").length === 2`)
		p.until(`![...document.querySelectorAll("main button")].some((b) => /^(add|replace)$/.test(b.innerText))`)
		p.usable()
		p.fits()
		p.clicks(".at button", "◀")
		p.until(`document.querySelectorAll("tbody tr").length === 1 && new URLSearchParams(location.search).get("at") === "ex-000001"`)
		p.eval(`(() => { const e = document.getElementById("state-at"); e.value = "ex-000003"; e.dispatchEvent(new Event("change", {bubbles: true})); return true })()`)
		p.until(`document.querySelectorAll("tbody tr").length === 3 && [...document.querySelectorAll(".at button")].find((b) => b.innerText === "▶").disabled`)
		p.clicks(".at button", "live again")
		p.sees("main button", "add")
		p.until(`!new URLSearchParams(location.search).get("at")`)
		p.usable()
	})
	p := open(t, m.URL+"/_parley/ui/?view=state&at=ex-000001", desk)
	p.clicks(".at button", "fork here")
	p.fills("Name of the sandbox", "retry")
	p.clicks("form.fork button", "Make it")
	p.sees(".at", "Sandbox retry goes on from ex-000001")
	p.until(`[...document.querySelectorAll(".at a")].some((a) => a.pathname === "/~retry/_parley/ui/")`)
	p = open(t, m.URL+"/~retry/_parley/ui/?view=state", desk)
	p.until(`document.querySelectorAll("tbody tr").length === 1`)
}

// TestWhatIsNotKnownOfThen is said, and so is a fork that is refused.
func TestWhatIsNotKnownOfThen(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365", "--history")
	m.message("ebf45efc-cc67-4b60-9e3f-121966ba9f30", goodMessage)
	p := open(t, m.URL+"/_parley/ui/?view=state&at=ex-000009", desk)
	p.sees(".empty", "is not in the journal any more, or never was")
	p.usable()
	p.clicks(".empty button", "Live again")
	p.sees("table", "m-1")
	p = open(t, m.URL+"/_parley/ui/?ex=ex-000001&tab=state", desk)
	p.clicks(".was button", "fork here")
	p.fills("Name of the sandbox", "no name")
	p.clicks("form.fork button", "Make it")
	p.sees("form.fork .failure", "no name of a sandbox")
}
