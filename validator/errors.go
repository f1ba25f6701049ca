package validator

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
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

// errorBelow is an error about what stands at an address in a schema file.
func errorBelow(c *specs.Contract, p *specs.Payload, address, format string, args ...any) error {
	failed := &specs.Error{File: c.Path(p.File), Text: fmt.Sprintf(format, args...)}
	_, pointer, _ := strings.Cut(strings.ReplaceAll(address, splitPrefix, ""), "#")
	if data, err := fs.ReadFile(c.Folder, p.File); err == nil && json.Valid(data) {
		if at, ok := spans(data, map[string]bool{pointer: true})[pointer]; ok {
			failed.Line, _ = position(data, at.key)
		}
	}
	return failed
}

var quotedText = lazy.Regexp(`"[^"]+"`)

// quotedIn returns the first quoted text of an error, which a schema file is
// likely to hold.
func quotedIn(text string) string { return quotedText().FindString(text) }
