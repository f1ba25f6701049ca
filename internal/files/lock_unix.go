//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

const (
	dontWait   = syscall.O_NONBLOCK // for the other end of a pipe
	dontFollow = syscall.O_NOFOLLOW
)

// othersMay reports whether anybody but the owner may do something with a file.
func othersMay(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }

// lockedFile opens a file and locks it: flock(2), which ends with the process and
// with every descriptor of this opening.
func lockedFile(name string) (*os.File, error) {
	for {
		file, err := openPrivate(name, os.O_RDWR)
		if err != nil {
			return nil, err
		}
		if err := lock(file); err != nil {
			file.Close()
			return nil, err
		}
		if here, err := os.Lstat(name); err == nil {
			if mine, err := file.Stat(); err == nil && os.SameFile(here, mine) {
				return file, nil
			}
		}
		file.Close() // the one that held it has just put another file there
	}
}

func lock(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		case err != nil:
			return fmt.Errorf("%s cannot be locked, so that two processes might write it: %w; name a file on a disk of this machine", file.Name(), err)
		}
		return nil
	}
}

// putInPlace gives a file that is written the name and the lock of the held one.
func (h *Held) putInPlace(file *os.File) error {
	if err := lock(file); err != nil { // before it can be found
		return err
	}
	if err := os.Rename(file.Name(), h.name); err != nil {
		return err
	}
	h.lock.Close()
	h.lock = file
	return nil
}
