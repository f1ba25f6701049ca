package specs

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// vetUnread finds what stands in a folder and would not be read: a contract would
// then judge less than its author believes.
func (c *Contract) vetUnread() error {
	at := place{folder: c.folderName}
	for file := range filesBelow(c.Folder, schemaFolder) {
		if path.Ext(file) == ".json" && !strings.HasSuffix(file, schemaEnding) {
			return at.file(file).errorf("a payload's schema has a name that ends in %s; this file is not read", schemaEnding)
		}
	}
	for file := range filesBelow(c.Folder, sampleFolder) {
		payload := strings.TrimPrefix(path.Dir(file), sampleFolder+"/")
		if c.Payloads[payload] == nil && strings.HasSuffix(file, ".json") {
			return at.file(file).errorf("a sample of payload %s, which has no %s; the folders below %s are named like the schemas (%s)",
				payload, schemaFile(payload), sampleFolder, strings.Join(c.PayloadNames(), ", "))
		}
	}
	return nil
}

// filesBelow goes through all files below a folder, which may be absent.
func filesBelow(folder fs.FS, below string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		_ = fs.WalkDir(folder, below, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || yield(file) {
				return nil // what cannot be read, the loader has reported
			}
			return fs.SkipAll
		})
	}
}

// vetBodies makes sure that every JSON body of an operation has a schema file: no
// other schema is compiled.
func (c *Contract) vetBodies(o *Operation) error {
	described := c.Described(o)
	if body := described.RequestBody; body != nil && body.Value != nil && o.Selector == (Selector{}) {
		if kind := inline(body.Value.Content); kind != "" {
			return unreadSchema(o, "its "+kind+" body")
		}
	}
	for _, status := range slices.Sorted(maps.Keys(described.Responses.Map())) {
		if answer := described.Responses.Value(status); answer != nil && answer.Value != nil {
			if kind := inline(answer.Value.Content); kind != "" {
				return unreadSchema(o, fmt.Sprintf("its %s answer %s", kind, status))
			}
		}
	}
	return nil
}

// inline returns the JSON type whose schema is not a payload's; "" for none.
func inline(content openapi3.Content) string {
	for _, kind := range contentTypes(content) {
		media := content[kind]
		if strings.Contains(kind, "json") && media != nil && media.Schema != nil && payloadOf(media.Schema.Ref) == "" {
			return kind
		}
	}
	return ""
}

func unreadSchema(o *Operation, which string) error {
	return fmt.Errorf("%s: the schema of %s would not be read; put it into a file and write $ref: ./%s", o.Name(), which, schemaFile("<payload>"))
}

// evidences are those of an operation, its parameters and its answers.
func (o *Operation) evidences() []Evidence {
	list := []Evidence{o.Evidence}
	for _, p := range o.Parameters {
		list = append(list, p.Evidence, p.OfValues)
	}
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		list = append(list, o.Responses[status].Evidence)
	}
	return list
}

// named are the requirements that an operation and its parameters name.
func (o *Operation) named() []string {
	list := slices.Clone(o.Requirements)
	for _, p := range o.Parameters {
		if p.Requirement != "" {
			list = append(list, p.Requirement)
		}
	}
	return list
}
