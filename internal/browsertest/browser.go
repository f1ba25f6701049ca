// Package browsertest lets tests look at pages in a real browser, as a person does: at a
// desk's and at a telephone's width, in both themes. What a page must not have is a message
// in the browser's console, or anything that axe-core, which is not ours, has to say
// about it. Nothing of Parley itself may use it.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// patience bounds what a test waits for a page to do; machines may be busy.
const patience = 40 * time.Second

// browser is what all tests of a package share.
var browser context.Context

// Run starts the browser, runs the tests of a package, and returns the status with which
// its program ends. Without a browser there is nothing to run, which CI does not accept.
func Run(tests func() int) int {
	path, err := chromium()
	if err != nil {
		fmt.Println(err)
		if os.Getenv("CI") == "true" {
			return 1
		}
		return 0
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
	return tests()
}

// chromium is the path of a browser of that family.
func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("skipped: no Chromium is there, so nobody looks at the pages; apt-get install chromium")
}
