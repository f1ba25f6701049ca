// Package files reads the files that a user names and writes those that Parley
// leaves behind. What is read is a regular file with a bound, so that no device and
// no pipe can fill the memory or hang the process; what is written is a regular
// file too, and its owner's alone.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The most that is read of a file, in bytes. YAML needs up to 170 times its size when
// it is read, so that there is much in little.
const (
	Text     = 4 << 20 // one that people write
	Document = 8 << 20 // one of a contract's folder
)

// patience is how long a read may wait. Regular files don't make one wait, but for
// some below /proc that are none and say that they are.
const patience = 2 * time.Second

// Read returns a regular file of at most so many bytes; a link may lead to it. The
// error names the file, and the bound where that is what is wrong.
func Read(name string, limit int64) ([]byte, error) {
	file, size, err := OpenRegular(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if size > limit {
		return nil, tooLarge(name, limit)
	}
	_ = file.SetReadDeadline(time.Now().Add(patience)) // most files have none, and need none
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, fmt.Errorf("%s does not end: nothing came for %s", name, patience)
	case err != nil:
		return nil, err
	case int64(len(data)) > limit:
		return nil, tooLarge(name, limit)
	}
	return data, nil
}

func tooLarge(name string, limit int64) error {
	bound := fmt.Sprintf("%d bytes", limit)
	switch {
	case limit%(1<<20) == 0:
		bound = fmt.Sprintf("%d MiB", limit>>20)
	case limit%(1<<10) == 0:
		bound = fmt.Sprintf("%d KiB", limit>>10)
	}
	return fmt.Errorf("%s has more than %s, which is the most that is read of such a file", name, bound)
}

// OpenRegular opens a regular file, or what a link to one leads to, and returns its
// size in bytes. It never waits: what is no regular file is refused.
func OpenRegular(name string) (*os.File, int64, error) {
	info, err := os.Stat(name) // before opening, which alone wakes some devices
	if err != nil {
		return nil, 0, openError(err)
	}
	if err := regular(name, info); err != nil {
		return nil, 0, err
	}
	file, err := os.OpenFile(name, os.O_RDONLY|dontWait, 0)
	if err != nil {
		return nil, 0, err
	}
	if info, err = file.Stat(); err == nil { // it may be another one by now
		err = regular(name, info)
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// openError tells of a file that is not there as opening it would have done.
func openError(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		at.Op = "open"
	}
	return err
}

func regular(name string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return fmt.Errorf("%s is %s; name a regular file", name, Kind(info.Mode()))
}

// Kind says what a file is, with its article: "a folder".
func Kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSymlink != 0:
		return "a link"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	case mode.IsRegular():
		return "a regular file"
	}
	return "no regular file"
}

// Folder is a folder of the user's, as os.DirFS, of which only regular files of at
// most Document bytes can be read.
func Folder(dir string) fs.FS { return folder{os.DirFS(dir), dir} }

type folder struct {
	fs.FS
	dir string
}

// Open opens folders, and reads files whole.
func (f folder) Open(name string) (fs.File, error) {
	info, err := fs.Stat(f.FS, name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return f.FS.Open(name)
	}
	file, size, err := OpenRegular(f.path(name))
	if err == nil && size > Document {
		file.Close()
		err = tooLarge(f.path(name), Document)
	}
	return file, err
}

// ReadFile implements fs.ReadFileFS.
func (f folder) ReadFile(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return Read(f.path(name), Document)
}

// Stat implements fs.StatFS.
func (f folder) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }

// ReadDir implements fs.ReadDirFS.
func (f folder) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) }

func (f folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }
