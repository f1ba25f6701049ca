package files

import (
	"errors"
	"os"
	"syscall"
)

const (
	deleteOnClose    = 0x04000000                  // FILE_FLAG_DELETE_ON_CLOSE: also when the process is killed
	sharingViolation = syscall.Errno(32)           // ERROR_SHARING_VIOLATION
	deletePending    = syscall.ERROR_ACCESS_DENIED // of one that is just being closed
)

// openAlone opens a file that nobody else can open until it is closed, when it is
// removed.
func openAlone(name string) (*os.File, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	handle, err := syscall.CreateFile(path, syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL|deleteOnClose, 0)
	switch {
	case errors.Is(err, sharingViolation), errors.Is(err, deletePending):
		return nil, errHeld
	case err != nil:
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(handle), name), nil
}
