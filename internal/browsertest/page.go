package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Look is how a page is looked at.
type Look struct {
	Width, Height int64
	Theme         string // "light" or "dark"
}

// Most pages are looked at from both.
var (
	Desk      = Look{1280, 800, "light"}
	Telephone = Look{380, 780, "dark"}
)

// EveryLook runs a test at both widths; Usable looks at the other theme as well.
func EveryLook(t *testing.T, test func(t *testing.T, l Look)) {
	for _, l := range []Look{Desk, Telephone} {
		t.Run(fmt.Sprintf("%d %s", l.Width, l.Theme), func(t *testing.T) { test(t, l) })
	}
}

// Page is a tab.
type Page struct {
	t    *testing.T
	ctx  context.Context
	look Look

	mu   sync.Mutex
	said []string // in the browser's console: there must be nothing
}

// Open opens a URL in a tab of its own, and demands at the end that the browser had
// nothing to complain about.
func Open(t *testing.T, url string, l Look) *Page {
	t.Helper()
	tab, closed := chromedp.NewContext(browser)
	t.Cleanup(closed)
	p := &Page{t: t, ctx: tab, look: l}
	if err := chromedp.Listen(tab, p.hear); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(l.Width, l.Height), p.theme(l.Theme), chromedp.Navigate(url))
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, text := range p.said {
			t.Errorf("the browser says: %s", text)
		}
	})
	return p
}

func (p *Page) theme(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	})
}

func (p *Page) hear(event any) {
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

func (p *Page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%v\n%s", err, p.shown())
	}
}

// Until waits until an expression is true on the page.
func (p *Page) Until(expression string, args ...any) {
	p.t.Helper()
	expression = fmt.Sprintf(expression, args...)
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(patience))); err != nil {
		p.t.Fatalf("never true: %s (%v)\n%s", expression, err, p.shown())
	}
}

// Sees waits until an element with a text can be seen.
func (p *Page) Sees(selector, text string) {
	p.t.Helper()
	p.Until(`[...document.querySelectorAll(%s)].some((e) => e.innerText !== undefined ? e.checkVisibility() && e.innerText.includes(%[2]s) : e.textContent.includes(%[2]s))`, Quoted(selector), Quoted(text))
}

// Clicks on the first visible element with a text.
func (p *Page) Clicks(selector, text string) {
	p.t.Helper()
	p.Sees(selector, text)
	p.Eval(fmt.Sprintf(`(() => { const e = [...document.querySelectorAll(%s)].find((e) => (e.innerText ?? e.textContent).includes(%s)); e.scrollIntoView({block: "nearest"}); e.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})); return true; })()`, Quoted(selector), Quoted(text)))
}

// Types writes into a field, as keys.
func (p *Page) Types(selector, text string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Presses presses keys, wherever the page has its focus.
func (p *Page) Presses(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// Back goes to where the tab was before.
func (p *Page) Back() {
	p.t.Helper()
	p.do(chromedp.NavigateBack())
}

// Reload loads the page again.
func (p *Page) Reload() {
	p.t.Helper()
	p.do(chromedp.Reload())
}

// Eval is what an expression comes to on the page, or what it promises.
func (p *Page) Eval(expression string) any {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[any](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// Picture is what the window shows, as PNG.
func (p *Page) Picture() []byte {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	data, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	return data
}

// shown is what a person reads on the page, for the message of a failed test.
func (p *Page) shown() string {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + '\\n' + document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return text
}

// Quoted is a text as it stands in an expression.
func Quoted(text string) string {
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
