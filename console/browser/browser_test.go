package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/parleykit/parley/internal/built"
)

// patience bounds what a test waits for a page to do; machines may be busy.
const patience = 40 * time.Second

// browser and binary are what all tests of this package share.
var (
	browser context.Context
	binary  string
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	path, err := chromium()
	if err != nil {
		fmt.Println(err)
		if os.Getenv("CI") == "true" {
			return 1
		}
		return 0
	}
	folder, err := os.MkdirTemp("", "parley-browser-")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(folder)
	if binary, err = built.Parley("../../cmd/parley", folder); err != nil {
		fmt.Println(err)
		return 1
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true),
		// A tab needs no process of its own, and none that waits for the next one.
		chromedp.Flag("process-per-site", true), chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,SpareRendererForSitePerProcess"))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // a browser refuses its sandbox to root
	}
	allocated, end := chromedp.NewExecAllocator(context.Background(), options...)
	defer end()
	var closed context.CancelFunc
	browser, closed = chromedp.NewContext(allocated)
	defer closed()
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		fmt.Println("the browser does not start:", err)
		return 1
	}
	return m.Run()
}

// chromium is the path of a browser of that family.
func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("skipped: no Chromium is there, so nobody looks at the console; apt-get install chromium")
}

// axe is the text of axe-core, which judges whether everybody can use a page.
var axe = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile("../../independent/node_modules/axe-core/axe.min.js")
	return string(text), err
})
