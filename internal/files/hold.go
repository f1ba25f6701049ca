package files

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Held is a regular file that this process alone writes, until it is released or
// the process ends, however it ends.
type Held struct {
	name string
	lock *os.File // nil: to be taken again
	made bool     // by Hold, and nothing was written yet
}

// errHeld is why a file cannot be locked that another one holds.
var errHeld = errors.New("held")

// someone is the holder where nobody tells who it is.
const someone = "another process"

// Hold makes a file or takes one that is there, its owner's alone, and locks it. The
// error says which process holds it, where the system tells.
func Hold(name string) (*Held, error) {
	_, err := os.Lstat(name)
	made := os.IsNotExist(err)
	lock, err := lockedFile(name)
	if errors.Is(err, errHeld) {
		return nil, fmt.Errorf("%s is written by %s; end that one, or name another file", name, holder(name))
	}
	if err != nil {
		return nil, err
	}
	return &Held{name: name, lock: lock, made: made}, nil
}

// Append opens the file to write at its end.
func (h *Held) Append() (*os.File, error) {
	if h.lock == nil {
		again, err := Hold(h.name)
		if err != nil {
			return nil, err
		}
		*h = *again
	}
	file, err := openPrivate(h.name, os.O_RDWR|os.O_APPEND)
	h.made = h.made && err != nil
	return file, err
}

// Replace puts a whole file in the place of the one that is held, and holds that.
// When it can't be written, what was there stays and nothing else is left.
func (h *Held) Replace(write func(io.Writer) error) error {
	next := h.name + Next
	for _, name := range []string{h.name, next} {
		if err := Writable(name); err != nil {
			return err
		}
	}
	if err := os.Remove(next); err != nil && !os.IsNotExist(err) { // of a process that was killed
		return err
	}
	file, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, private)
	if err != nil {
		return err
	}
	if err = write(file); err == nil {
		err = h.putInPlace(file)
	}
	if err != nil {
		file.Close()
		os.Remove(next)
		return err
	}
	h.made = false
	return nil
}

// What stands beside a file for a while, or for longer.
const (
	Next     = ".next" // what Replace has not yet written whole
	Previous = ".1"    // what Rotate has moved away
)

// Rotate moves the file away, in the place of an earlier one, and holds a new one.
// No file of the held one's may be open.
func (h *Held) Rotate() error {
	to := h.name + Previous
	if _, err := os.Lstat(to); !os.IsNotExist(err) {
		before, err := Hold(to) // another process may write there
		if err != nil {
			return err
		}
		before.Release()
	}
	if err := os.Rename(h.name, to); err != nil {
		return err
	}
	h.lock.Close()
	h.lock = nil
	next, err := Hold(h.name)
	if err == nil {
		*h = *next
	}
	return err
}

// Release lets others hold the file. One that Hold made and nobody wrote goes.
func (h *Held) Release() {
	if h.lock == nil {
		return
	}
	if h.made {
		os.Remove(h.name)
	}
	h.lock.Close()
	h.lock = nil
}
