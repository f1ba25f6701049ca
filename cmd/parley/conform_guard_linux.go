package main

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel kill a command when the thread ends that started it.
func dieWithParent(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL }
