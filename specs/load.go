package specs

import (
	"cmp"
	"io/fs"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Load reads the contract in a folder. Name is what errors call the folder.
// The default readings are in force; WithReadings chooses others. An *Error
// names file and line of what is wrong.
func Load(folder fs.FS, name string) (*Contract, error) {
	at := place{folder: name}
	document, err := openDocument(folder, at)
	if err != nil {
		return nil, err
	}
	outline, err := outlineOf(folder)
	if err != nil {
		return nil, err
	}
	if document.Info == nil {
		return nil, at.file(documentFile).errorf("`info` is missing; this is no OpenAPI document")
	}
	c := &Contract{
		ID: outline.Parley.ID, Name: cmp.Or(outline.Parley.Name, outline.Parley.ID), Title: document.Info.Title,
		Sources: outline.Parley.Sources, Delivery: outline.Parley.delivery(),
		Document: document, Folder: folder, folderName: name,
	}
	inDocument := at.file(documentFile)
	if c.ID == "" {
		return nil, inDocument.errorf("`x-parley.id` is missing; it is the name by which users call this contract")
	}
	if c.Operations, err = pathOperations(document, outline.Paths.keys(), outline.Paths.below("x-operations")); err != nil {
		return nil, inDocument.errorf("%v", err)
	}
	if c.Events, err = webhookOperations(document, outline.Webhooks.keys()); err != nil {
		return nil, inDocument.errorf("%v", err)
	}
	if c.Payloads, err = loadPayloads(folder, at); err != nil {
		return nil, err
	}
	if c.Requirements, err = loadRequirements(folder, at, c.Sources); err != nil {
		return nil, err
	}
	if c.Readings, err = loadReadings(folder, at); err != nil {
		return nil, err
	}
	return c.WithReadings(nil)
}

// Validate runs the checks that cost more than loading: kin-openapi's own on the
// whole document, and that requirements named by operations exist.
func (c *Contract) Validate() error {
	at := place{folder: c.folderName}.file(documentFile)
	if err := validateDocument(c.Document); err != nil {
		return at.line(lineOfReference(c.Folder, err)).errorf("%v", err)
	}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		for _, id := range o.Requirements {
			if _, ok := c.Requirement(id); !ok {
				return at.line(lineOf(c.Folder, documentFile, id)).errorf("%s names requirement %s, which requirements.yaml does not have", o.Name(), id)
			}
		}
	}
	return nil
}

// outline is what only the raw YAML tells: the extension of ours and the order
// in which paths and webhooks are written.
type outline struct {
	Parley   header  `yaml:"x-parley"`
	Paths    mapping `yaml:"paths"`
	Webhooks mapping `yaml:"webhooks"`
}

type mapping struct{ node yaml.Node }

func (m *mapping) UnmarshalYAML(node *yaml.Node) error {
	m.node = *node
	return nil
}

func (m mapping) keys() []string {
	var keys []string
	for i := 0; i+1 < len(m.node.Content); i += 2 {
		keys = append(keys, m.node.Content[i].Value)
	}
	return keys
}

// below returns the keys of every mapping called name at any depth, in order.
func (m mapping) below(name string) []string {
	var keys []string
	for i := 0; i+1 < len(m.node.Content); i += 2 {
		inner := mapping{*m.node.Content[i+1]}
		if m.node.Content[i].Value == name {
			keys = append(keys, inner.keys()...)
			continue
		}
		keys = append(keys, inner.below(name)...)
	}
	return keys
}

func outlineOf(folder fs.FS) (outline, error) {
	var o outline
	data, err := fs.ReadFile(folder, documentFile)
	if err != nil {
		return o, err
	}
	err = yaml.Unmarshal(data, &o)
	return o, err
}

// ordered returns the keys of m in the given order, then any others sorted.
func ordered[V any](m map[string]V, order []string) []string {
	rank := func(key string) int {
		if i := slices.Index(order, key); i >= 0 {
			return i
		}
		return len(order)
	}
	return slices.SortedStableFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}
