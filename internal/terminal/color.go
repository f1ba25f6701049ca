package terminal

import (
	"io"
	"os"
)

// Choices are what a user may choose of colours.
var Choices = []string{"auto", "always", "never"}

// Colors reports whether what goes to a writer is painted, by what was chosen. "auto" asks
// the environment, as its users expect: NO_COLOR (no-color.org) first, then CLICOLOR_FORCE
// and FORCE_COLOR, then CLICOLOR (bixense.com/clicolors); else terminals are painted on.
func Colors(w io.Writer, choice string) bool {
	switch {
	case choice == "always":
		return true
	case choice == "never" || os.Getenv("NO_COLOR") != "":
		return false
	case isSet("CLICOLOR_FORCE") || isSet("FORCE_COLOR"):
		return true
	case os.Getenv("CLICOLOR") == "0" || os.Getenv("FORCE_COLOR") == "0":
		return false
	}
	return Is(w)
}

func isSet(name string) bool {
	value := os.Getenv(name)
	return value != "" && value != "0" && value != "false"
}
