//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// Without process groups only the program itself is ended, not its children.

func survivePipe() {}

func ownGroup(*exec.Cmd) {}

func terminateGroup(pid int) error { return killGroup(pid) }

func killGroup(pid int) error {
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return process.Kill()
}

// startGuarded starts a command. It outlives a Parley that is killed: nothing here
// ends it (job objects would).
func startGuarded(cmd *exec.Cmd) (release func(), err error) {
	return func() {}, cmd.Start()
}
