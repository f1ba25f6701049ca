package main

import (
	"os"
	"syscall"
)

// largest is how much memory a process that has ended held at most, in MiB; what
// started it counts too, as it was at that moment.
func largest(state *os.ProcessState) float64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(usage.Maxrss) / 1024
}
