package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// TestReport opens a report that was written, and goes from a check to its exchange.
func TestReport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "report")
	partner := freeAddress(t)
	out, err := exec.Command(binary, "conform", "elma365/webhook", "--run", "connect,wrong-token,emoji", "--report", folder,
		"--target", "http://"+partner+"/webhook", "--token", "confirm", "--", binary, "partner", "elma365", "--addr", partner, "--defect", "accepts-any-token").CombinedOutput()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 {
		t.Fatalf("a partner that ignores the token: %v\n%s", err, out)
	}
	addr := freeAddress(t)
	start(t, "console", "report", folder, "--addr", addr)
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, "http://"+addr+"/", l)
		p.sees(".standing", "failed")
		p.sees(".outline", "Failed")
		p.usable()
		p.fits()
		p.clicks(".outline a.check", "401")
		p.sees(".detail", "expected")
		p.sees(".detail", "401")
		p.sees(".detail blockquote", "“")
		p.usable()
		p.fits()
		p.clicks(".detail a", "ex-")
		p.sees(".exchange h2", "ex-")
	})
}

// TestARunIsSeenWhileItRuns: a partner that does not answer yet holds it up.
func TestARunIsSeenWhileItRuns(t *testing.T) {
	held := make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	t.Cleanup(release)
	asked := 0
	var mu sync.Mutex
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		mu.Lock()
		asked++
		n := asked
		mu.Unlock()
		if n > 8 {
			<-held
		}
	}))
	t.Cleanup(partner.Close)
	t.Cleanup(release) // before the server waits for what is under way
	addr := freeAddress(t)
	start(t, "console", "conform", "elma365/webhook", "--ui="+addr, "--target", partner.URL+"/webhook", "--token", "confirm")
	p := open(t, "http://"+addr+"/", desk)
	p.sees(".standing", "running")
	p.sees(".standing", "checks judged")
	p.sees(".outline", "Passed")
	p.usable()
	before := p.eval(`document.querySelector("progress").value`).(float64)
	p.clicks("header nav a", "Live")
	p.sees(".row", "connect")
	p.clicks("header nav a", "Report")
	release()
	p.until(`!document.querySelector("progress") || document.querySelector("progress").value > %v`, before)
}

// TestTheProxyHasThePage for real traffic, without what only a mock has.
func TestTheProxyHasThePage(t *testing.T) {
	m := serve(t, "elma365")
	addr, page := freeAddress(t), freeAddress(t)
	start(t, "Ctrl-C", "proxy", "elma365", "--to", m.URL, "--addr", addr, "--ui", page)
	p := open(t, "http://"+page+"/", telephone)
	p.sees(".empty", "Nothing has crossed the wire yet")
	(&mock{t, "http://" + addr}).message("nope", brokenMessage)
	p.sees(".row", "message")
	p.usable()
	p.until(`![...document.querySelectorAll("header nav a")].some((a) => ["Act", "Faults", "State", "Sandboxes"].includes(a.innerText))`)
	p.clicks(".row", "message")
	p.sees(".here", "ELMA365-IN-010")
	p.usable()
	p.until(`![...document.querySelectorAll(".exchange button")].some((b) => b.innerText === "again")`)
}
