//go:build unix

package main

import "syscall"

// descriptors is how many files a process may have open. Go programs raise their
// own limit to this.
func descriptors() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 1024
	}
	return int(min(limit.Max, 1<<20))
}
