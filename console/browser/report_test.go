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
	t.Parallel()
	url := reportOf(t, "elma365/webhook", "--defect", "accepts-any-token", "--run", "connect,wrong-token,emoji")
	everyLook(t, func(t *testing.T, l look) {
		p := open(t, url+"/", l)
		p.Sees(".standing", "failed")
		p.Sees(".outline", "Failed")
		p.Usable()
		p.Fits()
		p.Clicks(".outline a.check", "401")
		p.Sees(".detail", "expected")
		p.Sees(".detail", "401")
		p.Sees(".detail blockquote", "“")
		p.Usable()
		p.Fits()
		p.Clicks(".detail a", "ex-")
		p.Sees(".exchange h2", "ex-")
	})
}

// reportOf judges a reference partner with defects, which fails, and returns where its
// report is shown. What goes to the partner is behind --defect, all else to the run.
func reportOf(t *testing.T, suite string, args ...string) (url string) {
	t.Helper()
	folder, partner := filepath.Join(t.TempDir(), "report"), freeAddress(t)
	conform := []string{"conform", suite, "--report", folder, "--target", "http://" + partner + "/webhook", "--token", "confirm"}
	ours := []string{"--", binary(t), "partner", "elma365", "--addr", partner}
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "--defect" {
			ours = append(ours, args[i:i+2]...)
		} else {
			conform = append(conform, args[i:i+2]...)
		}
	}
	out, err := exec.Command(binary(t), append(conform, ours...)...).CombinedOutput()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 {
		t.Fatalf("a partner with defects: %v\n%s", err, out)
	}
	addr := freeAddress(t)
	start(t, "console", "report", folder, "--addr", addr)
	return "http://" + addr
}

// TestARunIsSeenWhileItRuns: a partner that does not answer yet holds it up.
func TestARunIsSeenWhileItRuns(t *testing.T) {
	t.Parallel()
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
	p.Sees(".standing", "running")
	p.Sees(".standing", "checks judged")
	p.Sees(".outline", "Passed")
	p.Usable()
	before := p.Eval(`document.querySelector("progress").value`).(float64)
	p.Clicks("header nav a", "Live")
	p.Sees(".row", "connect")
	p.Clicks("header nav a", "Report")
	release()
	p.Until(`!document.querySelector("progress") || document.querySelector("progress").value > %v`, before)
}

// TestTheProxyHasThePage for real traffic, without what only a mock has.
func TestTheProxyHasThePage(t *testing.T) {
	t.Parallel()
	m := serve(t, "elma365")
	addr, page := freeAddress(t), freeAddress(t)
	start(t, "Ctrl-C", "proxy", "elma365", "--to", m.URL, "--addr", addr, "--ui", page)
	p := open(t, "http://"+page+"/", telephone)
	p.Sees(".empty", "Nothing has crossed the wire yet")
	(&mock{t, "http://" + addr}).message("nope", brokenMessage)
	p.Sees(".row", "message")
	p.Usable()
	p.Until(`![...document.querySelectorAll("header nav a")].some((a) => ["Act", "Faults", "State", "Sandboxes"].includes(a.innerText))`)
	p.Clicks(".row", "message")
	p.Sees(".here", "ELMA365-IN-010")
	p.Usable()
	p.Until(`![...document.querySelectorAll(".exchange button")].some((b) => b.innerText === "again")`)
}
