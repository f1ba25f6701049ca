package browser

import (
	"testing"
)

// fills writes into the field of a label.
func (p *page) fills(label, text string) {
	p.t.Helper()
	field := `[...document.querySelectorAll("label")].find((l) => l.checkVisibility() && l.innerText.trim().startsWith(` + quoted(label) + `))`
	p.Until("%s", field)
	p.Eval(`(() => { const l = ` + field + `; const e = l.control ?? document.getElementById(l.htmlFor); e.focus();
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
		p.Sees(".empty", "Nothing goes wrong on purpose")
		p.Usable()
		p.Clicks("button", "Make a fault")
		p.Sees("form.faultform", "What it concerns")
		p.Usable()
		p.Fits()
		p.fills("vendor", "elma365")
		p.fills("operation", "message")
		p.fills("status", "500")
		p.fills("times", "1")
		p.Sees(".says", "answered 500")
		p.Clicks("button", "Add the fault")
		p.Sees(".faultrow", "nothing matched yet")
		m.message(channel, goodMessage)
		p.Sees(".faultrow", "acted 1")
		p.Sees(".deeds", "ex-")
		p.Usable()
		p.Clicks(".faultrow button", "remove")
		p.Sees("main", "no longer there")
	})
}

// TestAFaultThatIsRefused keeps what was written, and says what is wrong.
func TestAFaultThatIsRefused(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	p := open(t, m.URL+"/_parley/ui/?view=faults&of=elma365&item=operations/message", desk)
	p.Sees("form.faultform", "What it concerns")
	p.fills("status", "418") // which the contract does not document
	p.Clicks("button", "Add the fault")
	p.Sees("form.faultform .failure", "418")
	p.Until(`document.getElementById("fault-status").value === "418"`)
}

// TestState lists what the vendors remember, live, and adds to it.
func TestState(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	channel := m.channel()
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=state&of=3dolphins&item=/tickets", l)
		p.Sees("table", "Misal Nasabah")
		p.Usable()
		p.Fits()
		p.Types("main input[type=search]", "pelanggan")
		p.Until(`document.querySelectorAll("tbody tr").length === 1`)
		p.Clicks("tbody a", "294c9ea8")
		p.Sees("article h2", "294c9ea88f7e649f8c37ae895ebab247")
		p.Sees("article .code", "Contoh Pelanggan")
		p.Usable()
	})
	p := open(t, m.URL+"/_parley/ui/?view=state&of=elma365&item=/messages", desk)
	p.Sees("main", "messages")
	m.message(channel, goodMessage)
	p.Sees("table", "m-1")
	p = open(t, m.URL+"/_parley/ui/?view=state&of=3dolphins&item=/agents", desk)
	p.Clicks("button", "add")
	p.writes("main textarea", `{"id": "agent-new", "name": "Agen Baru"}`)
	p.Clicks("main form button", "Send")
	p.Sees("table", "agent-new")
}

// TestSandboxesAndTheClock makes a sandbox, goes there, stops its time and advances it.
func TestSandboxesAndTheClock(t *testing.T) {
	t.Parallel()
	m := serve(t)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/_parley/ui/?view=sandboxes", l)
		p.Sees("table", "default")
		p.Usable()
		p.Fits()
	})
	p := open(t, m.URL+"/_parley/ui/?view=sandboxes", desk)
	p.fills("Name", "mine")
	p.Clicks("button", "Make it")
	p.Sees("table", "mine")
	p.Until(`[...document.querySelectorAll("table a")].some((a) => a.pathname === "/~mine/_parley/ui/")`)
	p = open(t, m.URL+"/~mine/_parley/ui/?view=sandboxes", desk)
	p.Clicks("button", "Freeze")
	p.Sees(".clockpanel", "stands")
	p.Sees("header .clock", "stands")
	before := m.do("GET", "/~mine/_parley/clock", "")["now"].(string)
	p.Clicks(".clockpanel button", "1h")
	p.Sees(".clockpanel", "nothing was due")
	after := m.do("GET", "/~mine/_parley/clock", "")["now"].(string)
	if before == after || before[:10] > after[:10] {
		t.Errorf("the clock went from %s to %s", before, after)
	}
	p = open(t, m.URL+"/_parley/ui/?view=sandboxes", desk)
	p.Clicks("tbody tr:nth-child(2) button", "remove")
	p.Clicks("button", "Remove it")
	p.Until(`!document.querySelector("table").innerText.includes("mine")`)
}
