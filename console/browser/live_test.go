package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestLive reads the list as a person does: exchanges come while one looks, are
// filtered, opened with keys, and stay in the address.
func TestLive(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	channel := m.channel()
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, m.URL+"/", l) // the root leads to the page
		p.sees(".connection", "live")
		p.until(`!document.querySelector(".notice")`) // which stood there while the page was fetched
		p.sees(".row", "connect")
		p.message(m, channel, brokenMessage)
		p.sees(".row", "message")
		p.usable()
		p.fits()

		p.presses("/")
		p.until(`document.activeElement.id === "filter"`)
		p.eval(`document.activeElement.select()`) // this driver's key types its character all the same
		p.do(chromedp.KeyEvent("has:errors"))
		p.until(`location.search.includes("q=has%%3Aerrors")`)
		p.until(`document.querySelectorAll(".row").length > 0 && [...document.querySelectorAll(".row")].every((r) => r.textContent.includes("✗"))`)
		p.types("#filter", " nonsense-that-nobody-wrote")
		p.sees(".empty", "No exchange matches")
		p.clicks("button", "Clear the filter")
		p.sees(".row", "connect")
		p.types("#filter", "status:abc")
		p.sees(".filter .failure", "404, 4xx")
		p.eval(`document.activeElement.blur(), history.back()`)
	})
}

// TestAnExchangeIsOpenedByKeys goes through the list with j and k and closes it again.
func TestAnExchangeIsOpenedByKeys(t *testing.T) {
	t.Parallel()
	m, _ := serveWithPartner(t)
	m.message(m.channel(), goodMessage)
	p := open(t, m.URL+"/_parley/ui/", desk)
	p.sees(".row", "messageOutcome")
	p.presses("j")
	p.until(`document.querySelector(".row.chosen .name")?.textContent === "messageOutcome"`)
	p.presses("j")
	p.until(`document.querySelector(".row.chosen .name")?.textContent === "message"`)
	p.sees(".exchange h2", "partner → vendor")
	p.presses("k")
	p.until(`document.querySelector(".row.chosen .name")?.textContent === "messageOutcome"`)
	p.presses("\x1b")
	p.until(`!document.querySelector(".exchange") && !location.search.includes("ex=")`)
	p.presses("?")
	p.sees("dialog", "next, previous exchange")
	p.usable()
	p.presses("\x1b")
	p.until(`!document.querySelector("dialog")`)
}

// TestPause holds the list while new exchanges come, and says how many.
func TestPause(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	p := open(t, m.URL+"/_parley/ui/", desk)
	p.sees(".empty", "Nothing has crossed the wire yet")
	p.usable()
	m.message("nope", goodMessage)
	p.sees(".row", "message")
	p.presses("p")
	for range 3 {
		m.message("nope", goodMessage)
	}
	p.sees(".note", "3 new")
	p.until(`document.querySelectorAll(".row").length === 1`)
	p.presses("p")
	p.until(`document.querySelectorAll(".row").length === 4`)
	p.clicks("button", "by channel")
	p.sees(".row.head", "4 exchanges")
	p.clicks("button", "newest first")
	p.sees("button", "oldest first")
}

// TestThePageComesBack after the mock was away, and begins anew with one that forgot.
func TestThePageComesBack(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	m.message("nope", goodMessage)
	p := open(t, m.URL+"/_parley/ui/", desk)
	p.sees(".row", "message")
	m.do("POST", "/_parley/reset", "")
	m.do("POST", "/_parley/send", `{"event":"connect"}`) // refused: nothing of it is journaled
	m.message("other", goodMessage)
	p.until(`document.querySelectorAll(".row").length === 1`)
	p.sees(".row", "other")
}

// TestASandboxHasItsOwnPage below its own address.
func TestASandboxHasItsOwnPage(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	m.do("POST", "/~mine/api/messengers/external/other/webhook/nope", goodMessage)
	p := open(t, m.URL+"/~mine/", desk)
	p.until(`location.pathname === "/~mine/_parley/ui/"`)
	p.sees(".row", "message")
	p.sees("header", "sandbox mine")
	q := open(t, m.URL+"/", desk)
	q.sees(".empty", "Nothing has crossed the wire yet")
}

// TestTheTokenIsAskedForOnce and kept by the tab alone.
func TestTheTokenIsAskedForOnce(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365", "--control-token", "geheim-4711")
	m.message("nope", goodMessage)
	p := open(t, m.URL+"/", desk)
	p.sees("form.token", "demands its control token")
	p.usable()
	p.types("form.token input", "wrong")
	p.clicks("button", "Open")
	p.sees("form.token", "demands its control token")
	p.until(`document.querySelector("form.token input").value === ""`)
	p.types("form.token input", "geheim-4711")
	p.clicks("button", "Open")
	p.sees(".row", "message")
	p.do(chromedp.Reload())
	p.sees(".row", "message")
	if found := p.eval(`document.documentElement.outerHTML.includes("geheim-4711") || location.href.includes("geheim") || JSON.stringify(localStorage).includes("geheim")`); found == true {
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
	p.sees(".options", "400 exchanges")
	p.until(`document.querySelectorAll(".row").length < 60`)
	p.eval(`document.querySelector(".rows").scrollTop = 1e6`)
	p.sees(".row", "nope-0")
	m.message("the-newest", goodMessage)
	p.sees(".options", "401 exchanges")
	p.sees(".row", "nope-0") // who reads further down stays there
}
