package specs

import (
	"cmp"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// Load reads the contract in a folder. Name is what errors call the folder.
// The default readings are in force; WithReadings chooses others. An *Error
// names file and line of what is wrong.
func Load(folder fs.FS, name string) (*Contract, error) {
	at := place{folder: name}
	c := &Contract{Folder: folder, folderName: name}
	var payloadError, readingError error
	var group sync.WaitGroup // the files are read side by side; start-up is felt
	group.Go(func() { c.Payloads, payloadError = loadPayloads(folder, at) })
	group.Go(func() { c.Readings, readingError = loadReadings(folder, at) })
	outline, documentError := c.loadDocument(at)
	group.Wait()
	if err := cmp.Or(documentError, payloadError, readingError); err != nil {
		return nil, err
	}
	if err := c.loadOperations(outline, at.file(documentFile)); err != nil {
		return nil, err
	}
	if err := c.addCollections(); err != nil {
		return nil, at.file(documentFile).near(folder, err).errorf("%v", err)
	}
	c.addExamples()
	c.NotJudged = append(c.NotJudged, c.notJudged()...)
	return c.WithReadings(nil)
}

// loadDocument reads openapi.yaml, and the requirements, which refer to its sources.
func (c *Contract) loadDocument(at place) (outline, error) {
	document, outline, err := openDocument(c.Folder, at)
	if err != nil {
		return outline, err
	}
	inDocument := at.file(documentFile)
	if document.Info == nil {
		return outline, inDocument.errorf("`info` is missing; this is no OpenAPI document")
	}
	c.document, c.Title = func() *openapi3.T { return document }, document.Info.Title
	c.ID, c.Name = outline.Parley.ID, cmp.Or(outline.Parley.Name, outline.Parley.ID)
	c.Sources, c.Delivery, c.NotJudged = outline.Parley.Sources, outline.Parley.delivery(), outline.Parley.NotJudged
	if c.Signature, err = signatureOf(&outline.Parley.Signature, c.Sources, inDocument); err != nil {
		return outline, err
	}
	c.noteSignature()
	if c.ID == "" {
		return outline, inDocument.errorf("`x-parley.id` is missing; it is the name by which users call this contract")
	}
	c.Requirements, err = loadRequirements(c.Folder, at, c.Sources)
	return outline, err
}

// loadOperations reads what crosses the wire, once the payloads are known.
func (c *Contract) loadOperations(outline outline, at place) (err error) {
	c.Servers = basesOf(c.Document().Servers)
	if c.Operations, err = c.pathOperations(outline.Paths.keys(), outline.Paths.below("x-operations")); err != nil {
		return at.near(c.Folder, err).errorf("%v", err)
	}
	if c.Events, err = c.webhookOperations(outline.Webhooks.keys()); err != nil {
		return at.near(c.Folder, err).errorf("%v", err)
	}
	return nil
}

// Validate runs the checks that cost more than loading: kin-openapi's own on the
// document, that nothing in the folder is left unread, and that requirements
// and sources named by operations exist.
func (c *Contract) Validate() error {
	if err := c.vetUnread(); err != nil {
		return err
	}
	at := place{folder: c.folderName}.file(documentFile)
	if err := validateDocument(c.Folder); err != nil {
		return at.line(lineOfReference(c.Folder, err)).errorf("%v", err)
	}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		if err := c.vetBodies(o); err != nil {
			return at.line(lineOf(c.Folder, documentFile, o.ID)).errorf("%v", err)
		}
		for _, e := range o.evidences() {
			if err := e.check(c.Sources); err != nil && e != (Evidence{}) {
				return at.line(lineOf(c.Folder, documentFile, cmp.Or(e.Source, string(e.Class)))).errorf("%s: x-evidence: %v", o.Name(), err)
			}
		}
		for _, id := range o.named() {
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
