//go:build unix

package main

import (
	"os/exec"
	"os/signal"
	"syscall"
)

// ownGroup gives a command a process group, so that its children can be ended
// with it and an interrupt of the terminal reaches Parley alone.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func terminateGroup(pid int) error { return syscall.Kill(-pid, syscall.SIGTERM) }

func killGroup(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// survivePipe keeps a closed standard output from ending Parley at once.
func survivePipe() { signal.Ignore(syscall.SIGPIPE) }
