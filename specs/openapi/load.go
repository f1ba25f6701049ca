package openapi

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
)

const documentFile = "openapi.yaml"

// Load reads an OpenAPI document, 3.0 to 3.2 or Swagger 2.0, in YAML or JSON, as a
// contract. Files that it refers to stand below its folder; nothing is fetched. An
// error is a *specs.Error with file and line. What of it nobody judges is in
// Contract.NotJudged.
func Load(file string) (*specs.Contract, error) {
	folder, err := Folder(os.DirFS(filepath.Dir(file)), filepath.Base(file), file)
	if err != nil {
		return nil, err
	}
	return specs.LoadDocument(folder, file)
}

// Folder returns the contract's folder that a document is the same as. Name is what
// errors call the file.
func Folder(root fs.FS, file, name string) (fs.FS, error) {
	files, err := Files(root, file, name)
	if err != nil {
		return nil, err
	}
	return InMemory(files)
}

// InMemory is a folder with these files.
func InMemory(files []specs.File) (fs.FS, error) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, f := range files {
		one, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		if err == nil {
			_, err = one.Write(f.Data)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
}

// Files are those of that folder.
func Files(root fs.FS, file, name string) ([]specs.File, error) {
	d := &document{root: root, main: file, name: name}
	top, err := d.read(file)
	if err != nil {
		return nil, err
	}
	c := &converter{
		document: d, files: map[string]any{}, components: map[string]string{}, alike: map[*yaml.Node]bool{}, taken: map[string]bool{},
		operations: map[string]bool{}, events: map[string]bool{},
	}
	if top, err = c.version(top); err != nil {
		return nil, err
	}
	c.write(found{file, top})
	if c.err != nil {
		return nil, c.err
	}
	return encodedAll(c.files)
}

var version3 = lazy.Regexp(`^3\.([0-2])(\.\d+)?$`)

// version finds out what a document is written in, and converts Swagger 2.0.
func (c *converter) version(top *yaml.Node) (*yaml.Node, error) {
	at := found{c.main, top}
	if top.Kind != yaml.MappingNode {
		return nil, c.errorf(at, "this is no OpenAPI document: it is no object with `openapi`, `info` and `paths`")
	}
	given := yamlnode.Member(top, "openapi")
	if swagger := yamlnode.Member(top, "swagger"); given == nil && swagger != nil {
		return c.swagger(top, swagger)
	}
	if given == nil {
		return nil, c.errorf(at, "this is no OpenAPI document: `openapi` is missing; write openapi: 3.1.0 where it begins")
	}
	match := version3().FindStringSubmatch(given.Value)
	if match == nil {
		return nil, c.errorf(found{c.main, given}, "openapi is %q; Parley reads 3.0, 3.1 (write 3.1.0) and 3.2, and Swagger 2.0", given.Value)
	}
	c.minor = int(match[1][0] - '0')
	return top, nil
}

// swagger lets kin-openapi write Swagger 2.0 as OpenAPI 3.0. Lines are lost by it.
func (c *converter) swagger(top, version *yaml.Node) (*yaml.Node, error) {
	plain := yamlnode.Plain(top)
	if leaveOutTuples(plain) {
		c.notes.add("items that are a list, which Swagger 2.0 does not have", "")
	}
	data, err := json.Marshal(plain)
	if err != nil {
		return nil, c.errorf(found{c.main, top}, "%v", err)
	}
	var old openapi2.T
	if err := json.Unmarshal(data, &old); err != nil {
		return nil, c.errorf(found{c.main, version}, "this Swagger %s can't be read: %v", version.Value, err)
	}
	converted, err := openapi2conv.ToV3(&old)
	if err != nil {
		return nil, c.errorf(found{c.main, version}, "this Swagger %s can't be written as OpenAPI 3: %v", version.Value, err)
	}
	encodeLists(&old, converted)
	if data, err = json.Marshal(converted); err != nil {
		return nil, c.errorf(found{c.main, version}, "%v", err)
	}
	next, err := yamlnode.Parse(data)
	if err != nil {
		return nil, c.errorf(found{c.main, version}, "%v", err)
	}
	c.document.files[c.main] = next
	forget(next)
	c.notes.add("Swagger "+version.Value+" was read as OpenAPI 3.0; lines of the document are not known", "")
	return next, nil
}

func forget(n *yaml.Node) {
	n.Line = 0
	for _, inner := range n.Content {
		forget(inner)
	}
}

var notID = lazy.Regexp(`[^a-z0-9]+`)

// general are names of files that say nothing of a vendor.
var general = []string{"openapi", "swagger", "api", "index", "spec", "schema"}

// idOf is what users call the contract of a file: petstore for Petstore.yaml, and the
// first words of its title where the file's name says nothing.
func idOf(file, title string) string {
	id := slug(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	if slices.Contains(general, id) {
		words := strings.Split(slug(title), "-")
		id = cmp.Or(strings.Join(words[:min(len(words), 3)], "-"), id)
	}
	return cmp.Or(id, "api")
}

func slug(name string) string {
	return strings.Trim(notID().ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// write converts a document.
func (c *converter) write(top found) {
	info := yamlnode.Member(top.node, "info")
	if info == nil {
		c.fail(c.errorf(top, "`info` is missing; write info: {title: Pets, version: 1.0.0}"))
		return
	}
	own, _ := yamlnode.Plain(yamlnode.Member(top.node, "x-parley")).(map[string]any)
	header := maps.Clone(own)
	if header == nil {
		header = map[string]any{}
	}
	title := cmp.Or(yamlnode.Text(yamlnode.Member(info, "title")), c.main)
	if header["id"] == nil {
		header["id"] = idOf(c.main, title)
	}
	if header["name"] == nil {
		header["name"] = title
	}
	sources, _ := header["sources"].(map[string]any)
	if sources == nil {
		sources = map[string]any{}
		header["sources"] = sources
	}
	sources[sourceKey] = map[string]any{"title": path.Base(c.name)}
	out := map[string]any{
		"openapi": "3.1.0", "x-parley": header,
	}
	about := map[string]any{"title": title, "version": cmp.Or(yamlnode.Text(yamlnode.Member(info, "version")), "0")}
	described(about, info)
	out["info"] = about
	c.files[documentFile] = out
	for _, key := range []string{"servers", "security"} {
		if value := yamlnode.Member(top.node, key); value != nil {
			out[key] = yamlnode.Plain(value)
		}
	}
	if schemes := yamlnode.Member(yamlnode.Member(top.node, "components"), "securitySchemes"); schemes != nil {
		out["components"] = map[string]any{"securitySchemes": yamlnode.Plain(schemes)}
	}
	out["paths"] = c.paths(found{top.file, yamlnode.Member(top.node, "paths")})
	c.webhooks(found{top.file, yamlnode.Member(top.node, "webhooks")})
	c.webhooks(found{top.file, yamlnode.Member(top.node, "x-webhooks")})
	out["webhooks"] = c.hooks
	if len(c.operations)+len(c.events) == 0 && c.err == nil {
		c.fail(c.errorf(top, "there is neither an operation (`paths`) nor an event (`webhooks`)"))
	}
	if list := c.notes.sentences(); len(list) > 0 {
		header["notJudged"] = list
	}
}

// encodedAll encodes files, the document first.
func encodedAll(files map[string]any) ([]specs.File, error) {
	names := slices.Sorted(maps.Keys(files))
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Compare(strings.Count(a, documentFile), strings.Count(b, documentFile)) * -1
	})
	var list []specs.File
	for _, name := range names {
		data, err := encoded(files[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, specs.File{Name: name, Data: data})
	}
	return list, nil
}

// encoded is JSON for all: JSON is YAML.
func encoded(value any) ([]byte, error) {
	if raw, ok := value.(json.RawMessage); ok {
		return raw, nil
	}
	data, err := plainjson.Marshal(value)
	if err != nil {
		return nil, errors.New("it has a value that JSON does not have")
	}
	return data, nil
}
