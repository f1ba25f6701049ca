package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// private is the mode of what Parley writes: its owner reads it, and nobody else.
const private = 0o600

// Writable refuses a file that would not be written: what is there and is no
// regular file, also a link, and what is in no folder.
func Writable(name string) error {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err = os.Stat(filepath.Dir(name)); err != nil {
			return fmt.Errorf("%s cannot be made: %w", name, err)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is %s; name a regular file, or one that is not there yet", name, Kind(info.Mode()))
	}
	return nil
}

// Same reports whether two names are of one file, or would be of one if it were
// there.
func Same(a, b string) bool {
	one, errOne := os.Stat(a)
	two, errTwo := os.Stat(b)
	if errOne == nil && errTwo == nil {
		return os.SameFile(one, two)
	}
	return place(a) == place(b)
}

// place is a name without links and detours on the way to it.
func place(name string) string {
	dir, err := filepath.EvalSymlinks(filepath.Dir(name))
	if err != nil {
		dir = filepath.Dir(name)
	}
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	return filepath.Join(dir, filepath.Base(name))
}

// Write makes a file, its owner's alone, in the place of any regular file of that
// name. When it cannot be written whole, what was there stays.
func Write(name string, write func(io.Writer) error) error {
	if err := Writable(name); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*") // with mode 0600
	if err != nil {
		return err
	}
	err = write(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}

// Create opens an empty file that grows, its owner's alone: a new one, or a regular
// one of that name, whose content is lost.
func Create(name string) (*os.File, error) {
	file, err := openPrivate(name, os.O_WRONLY)
	if err != nil {
		return nil, err
	}
	if err := file.Truncate(0); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// openPrivate opens a regular file or makes it, follows no link, waits for nobody,
// and takes from others what they may do with it.
func openPrivate(name string, flags int) (*os.File, error) {
	if err := Writable(name); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(name, flags|os.O_CREATE|dontWait|dontFollow, private)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil {
		err = regular(name, info)
	}
	if err == nil && othersMay(info) {
		if err = file.Chmod(private); err != nil {
			err = fmt.Errorf("%s may be read or written by others (%s), and that cannot be taken from them: %w; name another file", name, info.Mode(), err)
		}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
