package browser

import (
	"net/url"
	"strings"
	"testing"
)

// TestHostileText shows what came over the wire as text, whatever it is: nothing of it
// runs, is fetched, or becomes a part of the page.
func TestHostileText(t *testing.T) {
	t.Parallel()
	m := serve(t)
	corpus := []string{
		`<script>window.hacked = 1</script>`, `<img src=x onerror="window.hacked = 1">`, `"><svg onload=window.hacked=1>`,
		`javascript:window.hacked=1`, `{{constructor.constructor('window.hacked=1')()}}`, `</textarea></title></style><b>bold</b>`,
		"\u202Eright-to-left\u202C", "\x1b[31mred\x1b[0m", "line\r\nbreak\x00nul", "${window.hacked=1}", `\u003cscript\u003e`,
		`__proto__`, `constructor`, strings.Repeat("A", 20_000), strings.Repeat("[", 1000),
	}
	for _, text := range corpus {
		m.do("POST", "/api/messengers/external/other/webhook/"+"nope", `{"type":"message","token":`+quoted(text)+`,"data":{`+quoted(text)+`:`+quoted(text)+`,"text":`+quoted(text)+`}}`, "X-Note", strings.Map(printable, text[:min(len(text), 200)]))
		m.do("POST", "/conversation-manager/activities", text)
		m.do("GET", "/api/messengers/"+url.PathEscape(text[:min(len(text), 100)]), "")
	}
	m.do("POST", "/conversation-manager/activities", "\xff\xfe\x00binary\x80")
	m.do("POST", "/conversation-manager/activities", `{"text":"`+strings.Repeat("long ", 200_000)+`"}`)
	m.do("POST", "/conversation-manager/activities", "["+strings.Repeat(`{"a":1},`, 20_000)+`{}]`)

	p := open(t, m.URL+"/_parley/ui/", desk)
	p.Sees(".row", "pushActivity")
	ids := p.Eval(`fetch("../journal?limit=10000").then((r) => r.json()).then((j) => j.exchanges.map((e) => e.id))`).([]any)
	if len(ids) < 3*len(corpus) {
		t.Fatalf("%d exchanges", len(ids))
	}
	for _, id := range ids {
		for _, tab := range []string{"request", "raw"} {
			p.Eval(`(history.pushState(null, "", "?ex=` + id.(string) + `&tab=` + tab + `"), dispatchEvent(new PopStateEvent("popstate")), true)`)
			p.Until(`document.querySelector(".exchange h2 code")?.textContent === %s && document.querySelector("[role=tab][aria-selected=true]").textContent.startsWith(%s)`, quoted(id.(string)), quoted(tab))
		}
	}
	p.Eval(`(history.pushState(null, "", "?view=conversation&of=*"), dispatchEvent(new PopStateEvent("popstate")), true)`)
	p.Until(`document.querySelectorAll(".step").length > 10`)
	if p.Eval(`window.hacked === 1 || document.querySelectorAll("main script, main img, main svg[onload], main b > b, main iframe").length > 0`) == true {
		t.Error("something of what came over the wire became a part of the page")
	}
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return '.'
	}
	return r
}
