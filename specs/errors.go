package specs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/yamlnode"
)

// Error says what is wrong with a contract and where. Line is 0 when the whole
// file is meant.
type Error struct {
	File string
	Line int
	Text string
}

// Error gives "file:line: text", as compilers do.
func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text)
	}
	return e.File + ": " + e.Text
}

// place is where the loader is: a folder as the user calls it, a file of it, a line.
type place struct {
	folder string
	inside string
	at     int
}

func (p place) file(name string) place { return place{folder: p.folder, inside: name} }
func (p place) line(n int) place       { p.at = n; return p }

// near is the line that a flaw names, where one does.
func (p place) near(folder fs.FS, err error) place {
	var found *flaw
	if errors.As(err, &found) {
		p.at = lineOf(folder, p.inside, found.near)
	}
	return p
}

func (p place) errorf(format string, args ...any) error {
	return &Error{File: path.Join(p.folder, p.inside), Line: p.at, Text: fmt.Sprintf(format, args...)}
}

// readYAML fills into from a file of the folder that may be absent.
func readYAML(folder fs.FS, at place, into any) error {
	data, err := fs.ReadFile(folder, at.inside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := yamlnode.UnmarshalStrict(data, into); err != nil {
		line, text := splitYAMLError(err)
		return at.line(line).errorf("%s", text)
	}
	return nil
}

var yamlLine = lazy.Regexp(`line (\d+): `)

func splitYAMLError(err error) (int, string) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimPrefix(text, "unmarshal errors:\n  ")
	found := yamlLine().FindStringSubmatchIndex(text)
	if found == nil {
		return 0, text
	}
	line, _ := strconv.Atoi(text[found[2]:found[3]])
	return line, explained(text[:found[0]] + text[found[1]:])
}

// explained adds what to do where YAML's own words say too little.
func explained(text string) string {
	if strings.Contains(text, "cannot start any token") {
		text += "; YAML takes no tab before a key: indent with spaces"
	}
	return text
}

// strict decodes a mapping and refuses keys that the type does not have.
// Decoder.KnownFields does not reach below a custom UnmarshalYAML.
func strict(node *yaml.Node, into any) error {
	data, err := yaml.Marshal(node)
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		line, text := splitYAMLError(err)
		return fmt.Errorf("line %d: %s", node.Line+max(line-1, 0), text)
	}
	return nil
}

func lineOfError(data []byte, err error) int {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return lineAt(data, int(syntax.Offset))
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return lineAt(data, int(kind.Offset))
	}
	return 1 + bytes.Count(data, []byte("\n"))
}

func lineAt(data []byte, offset int) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), len(data))], []byte("\n"))
}

// lineOfItem is the line of an item of a YAML list. It is looked up only when
// there is an error to place: parsing for lines costs as much as loading.
func lineOfItem(folder fs.FS, at place, i int) int {
	data, err := fs.ReadFile(folder, at.inside)
	var document yaml.Node
	if err != nil || yaml.Unmarshal(data, &document) != nil || len(document.Content) == 0 {
		return 0
	}
	if items := document.Content[0].Content; i < len(items) {
		return items[i].Line
	}
	return 0
}

// lineOf finds the first line that contains text; 0 when none does.
func lineOf(folder fs.FS, file, text string) int {
	data, err := fs.ReadFile(folder, file)
	if err != nil || text == "" {
		return 0
	}
	at := bytes.Index(data, []byte(text))
	if at < 0 {
		return 0
	}
	return lineAt(data, at)
}

func oneOf[T comparable](value T, allowed ...T) bool { return slices.Contains(allowed, value) }
