package main

import (
	"fmt"
	"strings"

	"github.com/parleykit/parley/internal/terminal"
)

// Exit codes, the same for every command. Only main exits.
const (
	exitOK          = 0
	exitFailed      = 1 // the traffic or the partner breaks the contract
	exitUsage       = 2 // wrong flags, arguments or configuration, a file that cannot be read
	exitIncomplete  = 3 // something could not be decided that should have been
	exitEnvironment = 4 // a port is taken, a partner cannot be reached, a file cannot be written
)

// exitCodes says what each means: in the help of a command, and in whole sentences.
var exitCodes = []struct {
	code           int
	brief, meaning string
}{
	{exitOK, "passed",
		"What was asked for was done. Of a judgment: nothing as bad as --fail-on was found, nothing was kept from being judged, and at least one thing was decided. Milder verdicts are listed by name; --fail-on makes a 0 say that there were none of them either."},
	{exitFailed, "the contract is broken",
		"Something breaks the contract as gravely as --fail-on names, and is not known to."},
	{exitUsage, "wrong usage or configuration (also a file that cannot be read)",
		"A flag, an argument or a file of configuration is wrong, or a file cannot be read. Nothing was judged."},
	{exitIncomplete, "incomplete (something could not be run or read)",
		"Something could not be run or read, or nothing was decided. It is never to be taken for a 0."},
	{exitEnvironment, "environment (port taken, partner unreachable, a file cannot be written)",
		"A port is taken, a partner cannot be reached, or a file cannot be written."},
}

// exitHelp is the paragraph of a command's help.
var exitHelp = func() string {
	var list []string
	for _, e := range exitCodes {
		list = append(list, fmt.Sprint(e.code, " ", e.brief))
	}
	return "\n" + strings.Join(terminal.Wrap("Exit codes: "+strings.Join(list, ", ")+".", 80), "\n")
}()
