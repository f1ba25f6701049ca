package browser

import (
	"testing"
)

// fills writes into the field of a label.
func (p *page) fills(label, text string) {
	p.t.Helper()
	field := `[...document.querySelectorAll("label")].find((l) => l.checkVisibility() && l.innerText.trim().startsWith(` + quoted(label) + `))`
	p.until("%s", field)
	p.eval(`(() => { const l = ` + field + `; const e = l.control ?? document.getElementById(l.htmlFor); e.focus();
		if (e.tagName === "SELECT") { e.value = ` + quoted(text) + `; e.dispatchEvent(new Event("change", {bubbles: true})); }
		else { e.select(); document.execCommand("insertText", false, ` + quoted(text) + `); } return true })()`)
}

// TestFaults makes one with the form, lets it act, reads what it did, and removes it.
func TestFaults(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	channel := m.channel()
	everyLook(t, func(t *testing.T, l look) {
		m.do("DELETE", "/_parley/faults", "")
		p := open(t, m.URL+"/_parley/ui/?view=faults", l)
		p.sees(".empty", "Nothing goes wrong on purpose")
		p.usable()
		p.clicks("button", "Make a fault")
		p.sees("form.faultform", "What it concerns")
		p.usable()
		p.fits()
		p.fills("vendor", "elma365")
		p.fills("operation", "message")
		p.fills("status", "500")
		p.fills("times", "1")
		p.sees(".says", "answered 500")
		p.clicks("button", "Add the fault")
		p.sees(".faultrow", "nothing matched yet")
		m.message(channel, goodMessage)
		p.sees(".faultrow", "acted 1")
		p.sees(".deeds", "ex-")
		p.usable()
		p.clicks(".faultrow button", "remove")
		p.sees("main", "no longer there")
	})
}

// TestAFaultThatIsRefused keeps what was written, and says what is wrong.
func TestAFaultThatIsRefused(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	p := open(t, m.URL+"/_parley/ui/?view=faults&of=elma365&item=operations/message", desk)
	p.sees("form.faultform", "What it concerns")
	p.fills("status", "418") // which the contract does not document
	p.clicks("button", "Add the fault")
	p.sees("form.faultform .failure", "418")
	p.until(`document.getElementById("fault-status").value === "418"`)
}

// TestState lists what the vendors remember, live, and adds to it.
func TestState(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	channel := m.channel()
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=state&of=3dolphins&item=/tickets", l)
		p.sees("table", "Misal Nasabah")
		p.usable()
		p.fits()
		p.types("main input[type=search]", "pelanggan")
		p.until(`document.querySelectorAll("tbody tr").length === 1`)
		p.clicks("tbody a", "294c9ea8")
		p.sees("article h2", "294c9ea88f7e649f8c37ae895ebab247")
		p.sees("article .code", "Contoh Pelanggan")
		p.usable()
	})
	p := open(t, m.URL+"/_parley/ui/?view=state&of=elma365&item=/messages", desk)
	p.sees("main", "messages")
	m.message(channel, goodMessage)
	p.sees("table", "m-1")
	p = open(t, m.URL+"/_parley/ui/?view=state&of=3dolphins&item=/agents", desk)
	p.clicks("button", "add")
	p.writes("main textarea", `{"id": "agent-new", "name": "Agen Baru"}`)
	p.clicks("main form button", "Send")
	p.sees("table", "agent-new")
}

// TestSandboxesAndTheClock makes a sandbox, goes there, stops its time and advances it.
func TestSandboxesAndTheClock(t *testing.T) {
	t.Parallel()
	m := serve(t)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=sandboxes", l)
		p.sees("table", "default")
		p.usable()
		p.fits()
	})
	p := open(t, m.URL+"/_parley/ui/?view=sandboxes", desk)
	p.fills("Name", "mine")
	p.clicks("button", "Make it")
	p.sees("table", "mine")
	p.until(`[...document.querySelectorAll("table a")].some((a) => a.pathname === "/~mine/_parley/ui/")`)
	p = open(t, m.URL+"/~mine/_parley/ui/?view=sandboxes", desk)
	p.clicks("button", "Freeze")
	p.sees(".clockpanel", "stands")
	p.sees("header .clock", "stands")
	before := m.do("GET", "/~mine/_parley/clock", "")["now"].(string)
	p.clicks(".clockpanel button", "1h")
	p.sees(".clockpanel", "nothing was due")
	after := m.do("GET", "/~mine/_parley/clock", "")["now"].(string)
	if before == after || before[:10] > after[:10] {
		t.Errorf("the clock went from %s to %s", before, after)
	}
	p = open(t, m.URL+"/_parley/ui/?view=sandboxes", desk)
	p.clicks("tbody tr:nth-child(2) button", "remove")
	p.clicks("button", "Remove it")
	p.until(`!document.querySelector("table").innerText.includes("mine")`)
}
