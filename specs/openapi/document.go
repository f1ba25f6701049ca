// Package openapi reads an OpenAPI document of a user's own as a contract. It writes
// what the document says into the form that a contract's folder has, so that all else
// in Parley knows one form only; what that form cannot say is named, never dropped.
package openapi

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
)

// document is a file with the files that it refers to, each read once.
type document struct {
	root  fs.FS
	main  string
	name  string // what errors call the root
	files map[string]*yaml.Node
}

// found is a value in one of the files.
type found struct {
	file string
	node *yaml.Node
}

// read returns the root of a file.
func (d *document) read(file string) (*yaml.Node, error) {
	if node := d.files[file]; node != nil {
		return node, nil
	}
	data, err := fs.ReadFile(d.root, file)
	if err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	node, err := yamlnode.Parse(data)
	if err != nil {
		return nil, d.broken(file, data, err)
	}
	pointAtNames(file, data, node)
	if d.files == nil {
		d.files = map[string]*yaml.Node{}
	}
	d.files[file] = node
	return node, nil
}

// broken is the error of a file that is neither JSON nor YAML.
func (d *document) broken(file string, data []byte, err error) error {
	var second *yamlnode.SecondError
	if errors.As(err, &second) {
		return &specs.Error{File: d.called(file), Line: second.Line, Text: second.Text()}
	}
	line := 0
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if n, _ := fmt.Sscanf(rest, "%d", &line); n == 1 {
			_, text, _ = strings.Cut(rest, ": ")
		}
	}
	if strings.Contains(text, "cannot start any token") {
		text += "; YAML takes no tab before a key: indent with spaces"
	}
	return &specs.Error{File: d.called(file), Line: line, Text: "this is neither YAML nor JSON: " + text}
}

func (d *document) called(file string) string {
	if file == d.main {
		return d.name
	}
	return path.Join(path.Dir(d.name), file)
}

// errorf is an error at a place.
func (d *document) errorf(at found, format string, args ...any) error {
	e := &specs.Error{File: d.called(at.file), Text: fmt.Sprintf(format, args...)}
	if at.node != nil {
		e.Line = at.node.Line
	}
	return e
}

// resolve follows references until a value is reached. It returns the value with the
// last reference that led to it, "" for none.
func (d *document) resolve(at found) (value found, ref string, err error) {
	for range 50 {
		at.node = yamlnode.Resolved(at.node)
		given := yamlnode.Member(at.node, "$ref")
		if given == nil || given.Kind != yaml.ScalarNode {
			return at, ref, nil
		}
		next, err := d.follow(at, given.Value)
		if err != nil {
			return at, "", d.errorf(found{at.file, given}, "%v", err)
		}
		at, ref = next, next.file+"#"+fragment(given.Value)
	}
	return at, "", d.errorf(at, "$ref leads round in a circle")
}

func fragment(ref string) string {
	_, f, _ := strings.Cut(ref, "#")
	return f
}

// follow returns what a reference names.
func (d *document) follow(from found, ref string) (found, error) {
	file, pointer, _ := strings.Cut(ref, "#")
	if strings.Contains(file, "://") {
		return found{}, fmt.Errorf("$ref %q leads out of this folder, and nothing is fetched; put the file beside this one", ref)
	}
	at := found{file: from.file}
	if file != "" {
		at.file = path.Join(path.Dir(from.file), file)
	}
	if strings.HasPrefix(at.file, "..") {
		return found{}, fmt.Errorf("$ref %q leads out of the folder in which the document stands; put the file below it", ref)
	}
	node, err := d.read(at.file)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return found{}, fmt.Errorf("$ref %q: there is no such file", ref)
		}
		return found{}, err
	}
	if pointer != "" && !strings.HasPrefix(pointer, "/") {
		return found{}, fmt.Errorf("$ref %q names an anchor; write a path such as #/components/schemas/Pet", ref)
	}
	for segment := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if pointer == "" {
			break
		}
		segment = jsonpointer.Unescape(unpercent(segment))
		node = yamlnode.Step(yamlnode.Resolved(node), segment)
		if node == nil {
			return found{}, fmt.Errorf("$ref %q leads to nothing: there is no %q", ref, segment)
		}
	}
	at.node = yamlnode.Resolved(node)
	return at, nil
}
