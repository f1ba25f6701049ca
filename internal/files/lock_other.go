//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package files

import (
	"io/fs"
	"os"
)

const (
	dontWait   = 0
	dontFollow = 0
)

// othersMay is not told by the mode here.
func othersMay(fs.FileInfo) bool { return false }

// lockedFile makes sure that a file can be written, and opens another one beside it
// that nobody else can open: a file that is open cannot be replaced here.
func lockedFile(name string) (*os.File, error) {
	file, err := openPrivate(name, os.O_RDWR)
	if err != nil {
		return nil, err
	}
	file.Close()
	return openAlone(name + ".lock")
}

// putInPlace gives a file that is written the name of the held one.
func (h *Held) putInPlace(file *os.File) error {
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), h.name)
}
