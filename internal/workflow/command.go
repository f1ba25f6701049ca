// Package workflow writes the workflow commands with which a program tells GitHub what
// to show beside a run, or beside a line of a file.
package workflow

import (
	"fmt"
	"strings"

	"github.com/parleykit/parley/internal/visible"
)

// Place is where an annotation stands. Without a file it stands beside the run, without
// a line at the top of the file; both begin with 1.
type Place struct {
	File         string
	Line, Column int
}

var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// Annotation is one command on one line. Its level is "error", "warning" or "notice".
func Annotation(level string, at Place, title, message string) string {
	var properties []string
	if at.File != "" {
		properties = append(properties, "file="+escapeProperty.Replace(visible.Line(at.File)))
		if at.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d,col=%d", at.Line, at.Column))
		}
	}
	properties = append(properties, "title="+escapeProperty.Replace(visible.Line(title)))
	return fmt.Sprintf("::%s %s::%s\n", level, strings.Join(properties, ","), escapeData.Replace(visible.Line(message)))
}
