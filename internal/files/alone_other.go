//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package files

import (
	"errors"
	"fmt"
	"os"
)

// openAlone has nothing here that ends with the process.
func openAlone(name string) (*os.File, error) {
	return nil, fmt.Errorf("%s: %w: files cannot be locked on this system", name, errors.ErrUnsupported)
}
