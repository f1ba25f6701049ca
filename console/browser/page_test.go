package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// look is how a page is looked at.
type look struct {
	width, height int64
	theme         string
}

var (
	desk      = look{1280, 800, "light"}
	telephone = look{380, 780, "dark"}
)

// everyLook runs a test at both widths; usable looks at the other theme as well.
func everyLook(t *testing.T, test func(t *testing.T, l look)) {
	for _, l := range []look{desk, telephone} {
		t.Run(fmt.Sprintf("%d %s", l.width, l.theme), func(t *testing.T) { test(t, l) })
	}
}

// page is a tab.
type page struct {
	t    *testing.T
	ctx  context.Context
	look look

	mu   sync.Mutex
	said []string // in the browser's console: there must be nothing
}

// open opens a URL in a tab of its own, and demands at the end that the browser had
// nothing to complain about.
func open(t *testing.T, url string, l look) *page {
	t.Helper()
	tab, closed := chromedp.NewContext(browser)
	t.Cleanup(closed)
	p := &page{t: t, ctx: tab, look: l}
	if err := chromedp.Listen(tab, p.hear); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(l.width, l.height), p.theme(l.theme), chromedp.Navigate(url))
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, text := range p.said {
			t.Errorf("the browser says: %s", text)
		}
	})
	return p
}

func (p *page) theme(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	})
}

func (p *page) hear(event any) {
	var text string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = e.ExceptionDetails.Text + " " + exceptionText(e.ExceptionDetails)
	case *runtime.EventConsoleAPICalled:
		for _, arg := range e.Args {
			text += string(arg.Value) + " " + arg.Description + " "
		}
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceNetwork || e.Entry.Level == log.EntryLevelVerbose {
			return // an answer of 4xx is the page's to show; advice is no complaint
		}
		text = e.Entry.Text
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, text)
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%v\n%s", err, p.shown())
	}
}

// until waits until an expression is true on the page.
func (p *page) until(expression string, args ...any) {
	p.t.Helper()
	expression = fmt.Sprintf(expression, args...)
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(patience))); err != nil {
		p.t.Fatalf("never true: %s (%v)\n%s", expression, err, p.shown())
	}
}

// sees waits until an element with a text can be seen.
func (p *page) sees(selector, text string) {
	p.t.Helper()
	p.until(`[...document.querySelectorAll(%s)].some((e) => e.innerText !== undefined ? e.checkVisibility() && e.innerText.includes(%[2]s) : e.textContent.includes(%[2]s))`, quoted(selector), quoted(text))
}

// clicks on the first visible element with a text.
func (p *page) clicks(selector, text string) {
	p.t.Helper()
	p.sees(selector, text)
	p.eval(fmt.Sprintf(`(() => { const e = [...document.querySelectorAll(%s)].find((e) => (e.innerText ?? e.textContent).includes(%s)); e.scrollIntoView({block: "nearest"}); e.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})); return true; })()`, quoted(selector), quoted(text)))
}

// types writes into a field, as keys.
func (p *page) types(selector, text string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

func (p *page) presses(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

func (p *page) eval(expression string) any {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[any](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// shown is what a person reads on the page, for the message of a failed test.
func (p *page) shown() string {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return text
}

// usable asks axe-core whether everybody can use the page as it stands, and whether they
// can in the other theme: of that, what depends on colours, which is all that it changes.
func (p *page) usable() {
	p.t.Helper()
	text, err := axe()
	if err != nil {
		if os.Getenv("CI") == "true" {
			p.t.Fatal(err)
		}
		p.t.Logf("skipped: axe-core is not there: %v", err)
		return
	}
	if p.eval(`typeof axe === "undefined"`) == true { // the page has not been asked before
		p.eval("(() => {" + text + "\n;return true})()")
	}
	p.violates(p.look.theme, `{resultTypes: ["violations"]}`)
	other := map[string]string{"light": "dark", "dark": "light"}[p.look.theme]
	p.do(p.theme(other))
	p.violates(other, `{resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block"]}`)
	p.do(p.theme(p.look.theme))
}

// violates runs axe-core, and says what it finds.
func (p *page) violates(theme, options string) {
	p.t.Helper()
	found := p.eval(`axe.run(document, ` + options + `).then((r) => JSON.stringify(r.violations.map((v) => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.target.join(" ") + ": " + n.failureSummary)}))))`)
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

// fits demands that nothing makes the page scroll sideways.
func (p *page) fits() {
	p.t.Helper()
	if wide := p.eval(`document.documentElement.scrollWidth > innerWidth || [...document.querySelectorAll("main, .page, .detail, .rows")].some((e) => e.scrollWidth > e.clientWidth + 1 && !/auto|scroll/.test(getComputedStyle(e).overflowX))`); wide == true {
		p.t.Errorf("the page is wider than the window")
	}
}

func quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string can be written
	}
	return string(data)
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception == nil {
		return ""
	}
	return d.Exception.Description
}
