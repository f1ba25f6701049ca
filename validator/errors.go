package validator

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/parleykit/parley/specs"
)

// errorIn is an error about a schema file; near is a text in the line meant.
func errorIn(c *specs.Contract, p *specs.Payload, near, format string, args ...any) error {
	failed := &specs.Error{File: c.Path(p.File), Text: fmt.Sprintf(format, args...)}
	data, err := fs.ReadFile(c.Folder, p.File)
	if at := strings.Index(string(data), near); err == nil && near != "" && at >= 0 {
		failed.Line, _ = position(data, at)
	}
	return failed
}

var quotedText = regexp.MustCompile(`"[^"]+"`)

// quotedIn returns the first quoted text of an error, which a schema file is
// likely to hold.
func quotedIn(text string) string { return quotedText.FindString(text) }
