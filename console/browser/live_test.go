package browser

import (
	"fmt"
	"testing"
)

// TestLive reads the list as a person does: exchanges come while one looks, are
// filtered, opened with keys, and stay in the address.
func TestLive(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	channel := m.channel()
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/", l) // the root leads to the page
		p.Sees(".connection", "live")
		p.Until(`!document.querySelector(".notice")`) // which stood there while the page was fetched
		p.Sees(".row", "connect")
		p.message(m, channel, brokenMessage)
		p.Sees(".row", "message")
		p.Usable()
		p.Fits()

		p.Presses("/")
		p.Until(`document.activeElement.id === "filter"`)
		p.Eval(`document.activeElement.select()`) // this driver's key types its character all the same
		p.Presses("has:errors")
		p.Until(`location.search.includes("q=has%%3Aerrors")`)
		p.Until(`document.querySelectorAll(".row").length > 0 && [...document.querySelectorAll(".row")].every((r) => r.textContent.includes("✗"))`)
		p.Types("#filter", " nonsense-that-nobody-wrote")
		p.Sees(".empty", "No exchange matches")
		p.Clicks("button", "Clear the filter")
		p.Sees(".row", "connect")
		p.Types("#filter", "status:abc")
		p.Sees(".filter .failure", "404, 4xx")
		p.Eval(`document.activeElement.blur(), history.back()`)
	})
}

// TestAnExchangeIsOpenedByKeys goes through the list with j and k and closes it again.
func TestAnExchangeIsOpenedByKeys(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	m.message(m.channel(), goodMessage)
	p := open(t, m.URL+"/_parley/ui/", desk)
	p.Sees(".row", "messageOutcome")
	p.Presses("j")
	p.Until(`document.querySelector(".row.chosen .name")?.textContent === "messageOutcome"`)
	p.Presses("j")
	p.Until(`document.querySelector(".row.chosen .name")?.textContent === "message"`)
	p.Sees(".exchange h2", "partner → vendor")
	p.Presses("k")
	p.Until(`document.querySelector(".row.chosen .name")?.textContent === "messageOutcome"`)
	p.Presses("\x1b")
	p.Until(`!document.querySelector(".exchange") && !location.search.includes("ex=")`)
	p.Presses("?")
	p.Sees("dialog", "next, previous exchange")
	p.Usable()
	p.Presses("\x1b")
	p.Until(`!document.querySelector("dialog")`)
}

// TestPause holds the list while new exchanges come, and says how many.
func TestPause(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	p := open(t, m.URL+"/_parley/ui/", desk)
	p.Sees(".empty", "Nothing has crossed the wire yet")
	p.Usable()
	m.message("nope", goodMessage)
	p.Sees(".row", "message")
	p.Presses("p")
	for range 3 {
		m.message("nope", goodMessage)
	}
	p.Sees(".note", "3 new")
	p.Until(`document.querySelectorAll(".row").length === 1`)
	p.Presses("p")
	p.Until(`document.querySelectorAll(".row").length === 4`)
	p.Clicks("button", "by channel")
	p.Sees(".row.head", "4 exchanges")
	p.Clicks("button", "newest first")
	p.Sees("button", "oldest first")
}

// TestThePageComesBack after the mock was away, and begins anew with one that forgot.
func TestThePageComesBack(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	m.message("nope", goodMessage)
	p := open(t, m.URL+"/_parley/ui/", desk)
	p.Sees(".row", "message")
	m.do("POST", "/_parley/reset", "")
	m.do("POST", "/_parley/send", `{"event":"connect"}`) // refused: nothing of it is journaled
	m.message("other", goodMessage)
	p.Until(`document.querySelectorAll(".row").length === 1`)
	p.Sees(".row", "other")
}

// TestASandboxHasItsOwnPage below its own address.
func TestASandboxHasItsOwnPage(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	m.do("POST", "/~mine/api/messengers/external/other/webhook/nope", goodMessage)
	p := open(t, m.URL+"/~mine/", desk)
	p.Until(`location.pathname === "/~mine/_parley/ui/"`)
	p.Sees(".row", "message")
	p.Sees("header", "sandbox mine")
	q := open(t, m.URL+"/", desk)
	q.Sees(".empty", "Nothing has crossed the wire yet")
}

// TestTheTokenIsAskedForOnce and kept by the tab alone.
func TestTheTokenIsAskedForOnce(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365", "--control-token", "geheim-4711")
	m.message("nope", goodMessage)
	p := open(t, m.URL+"/", desk)
	p.Sees("form.token", "demands its control token")
	p.Usable()
	p.Types("form.token input", "wrong")
	p.Clicks("button", "Open")
	p.Sees("form.token", "demands its control token")
	p.Until(`document.querySelector("form.token input").value === ""`)
	p.Types("form.token input", "geheim-4711")
	p.Clicks("button", "Open")
	p.Sees(".row", "message")
	p.Reload()
	p.Sees(".row", "message")
	if found := p.Eval(`document.documentElement.outerHTML.includes("geheim-4711") || location.href.includes("geheim") || JSON.stringify(localStorage).includes("geheim")`); found == true {
		t.Error("the token stands in the page, its address or the browser's lasting memory")
	}
}

// message lets a partner call while the page looks on.
func (p *page) message(m *mock, channel, body string) {
	p.t.Helper()
	m.message(channel, body)
}

// TestManyExchangesAreScrolled keeps few rows in the page however many there are.
func TestManyExchangesAreScrolled(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	for i := range 400 {
		m.message(fmt.Sprintf("nope-%d", i), goodMessage)
	}
	p := open(t, m.URL+"/_parley/ui/", desk)
	p.Sees(".options", "400 exchanges")
	p.Until(`document.querySelectorAll(".row").length < 60`)
	p.Eval(`document.querySelector(".rows").scrollTop = 1e6`)
	p.Sees(".row", "nope-0")
	m.message("the-newest", goodMessage)
	p.Sees(".options", "401 exchanges")
	p.Sees(".row", "nope-0") // who reads further down stays there
}
