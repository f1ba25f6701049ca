package browsertest

import (
	"encoding/json"
	"os"
	"strings"
	"sync"
)

// axe is the text of axe-core, which judges whether everybody can use a page. A package
// that looks at pages stands two folders below the root.
var axe = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile("../../independent/node_modules/axe-core/axe.min.js")
	return string(text), err
})

// Usable asks axe-core whether everybody can use the page as it stands, and whether they
// can in the other theme: of that, what depends on colours, which is all that it changes.
func (p *Page) Usable() {
	p.t.Helper()
	text, err := axe()
	if err != nil {
		if os.Getenv("CI") == "true" {
			p.t.Fatal(err)
		}
		p.t.Logf("skipped: axe-core is not there: %v", err)
		return
	}
	if p.Eval(`typeof axe === "undefined"`) == true { // the page has not been asked before
		p.Eval("(() => {" + text + "\n;return true})()")
	}
	p.violates(p.look.Theme, `{resultTypes: ["violations"]}`)
	other := map[string]string{"light": "dark", "dark": "light"}[p.look.Theme]
	p.do(p.theme(other))
	p.violates(other, `{resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block"]}`)
	p.do(p.theme(p.look.Theme))
}

// violates runs axe-core, and says what it finds.
func (p *Page) violates(theme, options string) {
	p.t.Helper()
	found := p.Eval(`axe.run(document, ` + options + `).then((r) => JSON.stringify(r.violations.map((v) => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.target.join(" ") + ": " + n.failureSummary)}))))`)
	var violations []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(found.(string)), &violations); err != nil {
		p.t.Fatal(err)
	}
	for _, v := range violations {
		p.t.Errorf("axe, %s: %s: %s\n  %s", theme, v.ID, v.Help, strings.Join(v.Nodes, "\n  "))
	}
}

// Fits demands that nothing makes the page scroll sideways.
func (p *Page) Fits() {
	p.t.Helper()
	if wide := p.Eval(`document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll("main, .page, .detail, .rows")].some((e) => e.scrollWidth > e.clientWidth + 1 && !/auto|scroll/.test(getComputedStyle(e).overflowX))`); wide == true {
		p.t.Errorf("the page is wider than the window")
	}
}
