package main

import (
	"os/exec"
	"runtime"

	"github.com/spf13/pflag"
)

func openFlag(flags *pflag.FlagSet, to *bool) {
	flags.BoolVar(to, "open", false, "open the page in your browser")
}

// opener is the command that shows a URL in the user's browser.
func opener() []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{"open"}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	return []string{"xdg-open"}
}

// openPage opens a page in the user's browser. Where that cannot be done it says so:
// the URL can be opened by hand.
func openPage(c *console, url string) {
	command := append(opener(), url)
	path, err := exec.LookPath(command[0])
	if err != nil {
		c.printf("  no browser is opened: there is no %s here; open %s\n", command[0], url)
		return
	}
	browser := exec.Command(path, command[1:]...)
	ownGroup(browser) // Ctrl-C ends Parley, and not the browser
	if err := browser.Start(); err != nil {
		c.printf("  no browser is opened: %v; open %s\n", err, url)
		return
	}
	go browser.Wait() // it goes on by itself
}
