// Package private makes files that only their owner may read.
package private

import "os"

// Mode is that of files with recorded traffic.
const Mode = 0o600

// Create makes a file, or empties one, with Mode: an existing file that others may
// read is no longer theirs.
func Create(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, Mode)
	if err != nil {
		return nil, err
	}
	if err := Tighten(file); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// Tighten takes an open file away from all but its owner. A device or a pipe stays
// as it is.
func Tighten(file *os.File) error {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&^Mode == 0 {
		return err
	}
	return file.Chmod(Mode)
}
