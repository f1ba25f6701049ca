package main

import (
	"os"
	"syscall"
	"unsafe"
)

// empty reports whether all is read that was written to a pipe.
func empty(pipe *os.File) bool {
	var left int32
	_, _, err := syscall.Syscall(syscall.SYS_IOCTL, pipe.Fd(), 0x541B, uintptr(unsafe.Pointer(&left))) // FIONREAD
	return err == 0 && left == 0
}
