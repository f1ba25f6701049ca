package drift

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/specs"
)

// Propose returns the contract's folder with the changes that the items propose,
// and the names of the files that are different. The evidence of what was added is
// observed. Items that are Unfit are left to a person.
func (d *Drift) Propose(r *Report) (files []specs.File, changed []string, err error) {
	edits := map[string][]byte{}
	schemas, err := d.patchedSchemas(r)
	if err != nil {
		return nil, nil, err
	}
	for name, schema := range schemas {
		if edits[d.contract.Payloads[name].File], err = encode(schema); err != nil {
			return nil, nil, err
		}
	}
	if err := d.addStatuses(r, edits); err != nil {
		return nil, nil, err
	}
	err = fs.WalkDir(d.contract.Folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(d.contract.Folder, name)
		if edit, ok := edits[name]; ok {
			data, changed = edit, append(changed, name)
		}
		files = append(files, specs.File{Name: name, Data: data})
		return err
	})
	return files, changed, err
}

// patchedSchemas are the schemas that change, by payload, read from the files: a
// reading that is in force must not be written into them.
func (d *Drift) patchedSchemas(r *Report) (map[string]map[string]any, error) {
	schemas := map[string]map[string]any{}
	for _, item := range r.Items {
		if item.Unfit != "" || item.Status != 0 {
			continue
		}
		at, err := d.locate(item)
		if err != nil {
			return nil, err
		}
		if schemas[at.payload] == nil {
			file := d.contract.Payloads[at.payload].File
			data, err := fs.ReadFile(d.contract.Folder, file)
			if err != nil {
				return nil, err
			}
			decoder := json.NewDecoder(bytes.NewReader(data))
			decoder.UseNumber()
			schema := map[string]any{}
			if err := decoder.Decode(&schema); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			schemas[at.payload] = schema
		}
		var target any = schemas[at.payload]
		for _, name := range at.path {
			target = step(target, name)
		}
		schema, ok := target.(map[string]any)
		if !ok { // only a reading put it there
			return nil, fmt.Errorf("%s has no /%s; choose the default readings", d.contract.Payloads[at.payload].File, strings.Join(at.path, "/"))
		}
		at.schema = schema
		merge(schema, at.patch(item))
	}
	return schemas, nil
}

// merge applies a JSON merge patch (RFC 7396).
func merge(target, patch map[string]any) {
	for name, value := range patch {
		inner, isObject := value.(map[string]any)
		there, _ := target[name].(map[string]any)
		switch {
		case value == nil:
			delete(target, name)
		case isObject && there != nil:
			merge(there, inner)
		default:
			target[name] = value
		}
	}
}

func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	err := plainjson.Write(&out, value)
	return out.Bytes(), err
}

const documentFile = "openapi.yaml"

// addStatuses lists answers in the document, which keeps its order and comments.
func (d *Drift) addStatuses(r *Report, edits map[string][]byte) error {
	data, err := fs.ReadFile(d.contract.Folder, documentFile)
	if err != nil {
		return err
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return fmt.Errorf("%s: %w", documentFile, err)
	}
	added := false
	for _, item := range r.Items {
		o := d.contract.Operation(item.Operation)
		if item.Status == 0 || o == nil {
			continue
		}
		if err := addStatus(&document, o, item.Status); err != nil {
			return err
		}
		added = true
	}
	if !added {
		return nil
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&document); err != nil {
		return err
	}
	edits[path.Clean(documentFile)] = out.Bytes()
	return nil
}

func addStatus(document *yaml.Node, o *specs.Operation, status int) error {
	responses := child(document.Content[0], "paths", o.Path, strings.ToLower(o.Method), "responses")
	if responses == nil {
		return fmt.Errorf("%s: no responses of %s %s", documentFile, o.Method, o.Path)
	}
	switch { // others may share the list, and did not answer this
	case responses.Kind == yaml.AliasNode:
		*responses = *copied(responses.Alias)
	case responses.Anchor != "":
		unshare(document, responses)
		responses.Anchor = ""
	}
	code := fmt.Sprint(status)
	if child(responses, code) != nil {
		return nil // another operation of the same path and method had it listed
	}
	var answer yaml.Node
	if err := answer.Encode(map[string]any{
		"description": "Seen on the wire; no page documents it.", "x-evidence": map[string]string{"class": string(specs.Observed)},
	}); err != nil {
		return err
	}
	responses.Content = append(responses.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: code}, &answer)
	return nil
}

// unshare gives every alias of a node a copy of it.
func unshare(node, shared *yaml.Node) {
	if node.Kind == yaml.AliasNode && node.Alias == shared {
		*node = *copied(shared)
		return
	}
	for _, inner := range node.Content {
		unshare(inner, shared)
	}
}

func copied(node *yaml.Node) *yaml.Node {
	next := *node
	next.Anchor, next.Content = "", nil
	for _, inner := range node.Content {
		next.Content = append(next.Content, copied(inner))
	}
	return &next
}

// child follows keys of mappings; nil when one is not there.
func child(node *yaml.Node, names ...string) *yaml.Node {
	for _, name := range names {
		if node.Kind == yaml.AliasNode {
			node = node.Alias
		}
		var next *yaml.Node
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == name {
				next = node.Content[i+1]
			}
		}
		if next == nil {
			return nil
		}
		node = next
	}
	return node
}
