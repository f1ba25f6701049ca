package specs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/internal/yamlnode"
)

const documentFile = "openapi.yaml"

// header is what the document says of itself under x-parley.
type header struct {
	ID        string            `yaml:"id"`
	Name      string            `yaml:"name"`
	Sources   map[string]Source `yaml:"sources"`
	NotJudged []string          `yaml:"notJudged"`
	Signature yaml.Node         `yaml:"signature"`
	Delivery  struct {
		Timeout  string    `yaml:"timeout"`
		Attempts yaml.Node `yaml:"attempts"`
		Backoff  string    `yaml:"backoff"`
		Success  []int     `yaml:"success"`
		Evidence evidence  `yaml:"x-evidence"`
	} `yaml:"delivery"`
}

// evidence also reads the short form, a class alone.
type evidence Evidence

func (e *evidence) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		return node.Decode(&e.Class)
	}
	return node.Decode((*Evidence)(e))
}

func (h header) delivery() Delivery {
	attempts, _ := strconv.Atoi(h.Delivery.Attempts.Value) // "unspecified" stays 0
	return Delivery{
		Timeout: h.Delivery.Timeout, Attempts: attempts, Backoff: h.Delivery.Backoff,
		Success: h.Delivery.Success, Evidence: Evidence(h.Delivery.Evidence),
	}
}

// openDocument loads openapi.yaml with its references, and what only the raw
// YAML tells. It never leaves the folder.
func openDocument(folder fs.FS, at place) (*openapi3.T, outline, error) {
	var o outline
	data, err := fs.ReadFile(folder, documentFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, o, err
	}
	if err != nil {
		return nil, o, at.errorf("no %s here; a contract is a folder with %s and %s/", documentFile, documentFile, schemaFolder)
	}
	at = at.file(documentFile)
	var raw yaml.Node
	if err := yamlnode.Unmarshal(data, &raw); err != nil {
		line, text := splitYAMLError(err)
		return nil, o, at.line(line).errorf("%s", text)
	}
	if err := raw.Decode(&o); err != nil {
		line, text := splitYAMLError(err)
		return nil, o, at.line(line).errorf("%s", text)
	}
	document, err := resolveDocument(folder, &raw)
	if err != nil {
		return nil, o, at.line(lineOfReference(folder, err)).errorf("%v", err)
	}
	return document, o, nil
}

// resolveDocument gives the document to kin-openapi as JSON, which it reads
// faster than YAML.
func resolveDocument(folder fs.FS, raw *yaml.Node) (*openapi3.T, error) {
	data, err := jsonOf(raw)
	if err != nil {
		return nil, err
	}
	return readDocument(folder, data)
}

func jsonOf(raw *yaml.Node) ([]byte, error) {
	node := raw
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	plain := yamlnode.Plain(node)
	if info := object(object(plain)["info"]); info != nil { // version: 1.0 is meant as a text
		if version, ok := info["version"].(json.Number); ok {
			info["version"] = version.String()
		}
	}
	return json.Marshal(plain)
}

// readDocument reads openapi.yaml in its JSON form with its references. The schemas
// of payloads stay empty in it: they are draft-07, which kin-openapi knows less of
// than vetSchema and the compiler, and its copies would be most of what loading costs.
func readDocument(folder fs.FS, data []byte) (*openapi3.T, error) {
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) {
		if location.Scheme != "" || location.Host != "" {
			return nil, fmt.Errorf("reference %s leaves the contract's folder", location)
		}
		name := path.Clean(location.Path)
		if _, err := fs.Stat(folder, name); err == nil && payloadOf(name) != "" {
			return []byte("{}"), nil
		}
		return fs.ReadFile(folder, name)
	}
	return loader.LoadFromDataWithPath(data, &url.URL{Path: documentFile})
}

// lineOfReference finds the line of a reference that the loader's error quotes.
func lineOfReference(folder fs.FS, err error) int {
	for _, part := range strings.FieldsFunc(err.Error(), func(r rune) bool { return strings.ContainsRune("\"'` ", r) }) {
		part = strings.TrimSuffix(part, ":")
		if strings.Contains(part, "/") {
			for _, near := range []string{part + ":", part + `":`, path.Base(part)} { // a path is a key
				if line := lineOf(folder, documentFile, near); line > 0 {
					return line
				}
			}
		}
	}
	return 0
}

// pathOperations lists what the vendor serves in the order of the document, so
// that lists and help read like the vendor's page.
func (c *Contract) pathOperations(order, variants []string) ([]*Operation, error) {
	var list []*Operation
	document := c.Document()
	for _, template := range ordered(document.Paths.Map(), order) {
		item := document.Paths.Value(template)
		for _, method := range methods(item) {
			found, err := c.operationsOf(item, item.GetOperation(method), method, template, variants)
			if err != nil {
				return nil, err
			}
			list = append(list, found...)
		}
	}
	return list, nil
}

func (c *Contract) webhookOperations(order []string) ([]*Operation, error) {
	var list []*Operation
	document := c.Document()
	for _, id := range ordered(document.Webhooks, order) {
		item := document.Webhooks[id]
		if len(methods(item)) == 0 {
			return nil, fmt.Errorf("webhook %s has no method; write how the vendor sends it, for instance post", id)
		}
		for _, method := range methods(item) {
			found, err := c.operationsOf(item, item.GetOperation(method), method, "", nil)
			if err != nil {
				return nil, err
			}
			found[0].ID, found[0].Event = id, true
			if method != mainMethod(item) {
				found[0].ID, found[0].Webhook = id+"."+strings.ToLower(method), id
			}
			if found[0].Webhook != "" && document.Webhooks[found[0].ID] != nil {
				return nil, fmt.Errorf("two events would be called %s: a webhook of that name, and %s of webhook %s; rename one", found[0].ID, method, id)
			}
			list = append(list, found[0])
		}
	}
	return list, nil
}

// mainMethod is that of the event which is called as its webhook is: POST, where there
// is one. The others have their method in their name.
func mainMethod(item *openapi3.PathItem) string {
	all := methods(item)
	if slices.Contains(all, http.MethodPost) {
		return http.MethodPost
	}
	return all[0]
}

func methods(item *openapi3.PathItem) []string {
	if item == nil {
		return nil
	}
	var names []string
	for name := range item.Operations() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// operationsOf gives one Operation, or one per value of the discriminator when
// x-operations describes them.
func (c *Contract) operationsOf(item *openapi3.PathItem, source *openapi3.Operation, method, template string, order []string) ([]*Operation, error) {
	parameters, err := c.parametersOf(item, source)
	if err != nil {
		return nil, err
	}
	responses, err := c.responsesOf(source)
	if err != nil {
		return nil, err
	}
	base := &Operation{
		ID: source.OperationID, Method: method, Path: template, Servers: serversOf(item, source),
		Summary: source.Summary, Description: source.Description,
		Responses: responses, Parameters: parameters,
		Evidence:     EvidenceOf(source.Extensions),
		Requirements: valuepath.Texts(source.Extensions["x-requirements"]),
	}
	schema := bodyOf(base, source)
	if err := base.checkEchoes(source); err != nil {
		return nil, err
	}
	variants, _ := source.Extensions["x-operations"].(map[string]any)
	if len(variants) == 0 {
		if base.ID == "" && template != "" {
			return nil, fmt.Errorf("%s %s has no operationId", method, template)
		}
		return []*Operation{base}, nil
	}
	if schema == nil || schema.Value == nil || schema.Value.Discriminator == nil {
		return nil, fmt.Errorf("%s %s has x-operations but its body has no discriminator to tell them apart", method, template)
	}
	return variantsOf(base, schema.Value.Discriminator, variants, order)
}

func variantsOf(base *Operation, discriminator *openapi3.Discriminator, variants map[string]any, order []string) ([]*Operation, error) {
	var list []*Operation
	for _, value := range ordered(discriminator.Mapping, order) {
		described, ok := variants[value].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s %s maps %q to a schema, but x-operations does not describe it", base.Method, base.Path, value)
		}
		one := *base
		one.ID = value
		one.Selector = Selector{Property: discriminator.PropertyName, Value: value}
		one.Payload = payloadOf(discriminator.Mapping[value].Ref)
		one.Bodies = maps.Clone(base.Bodies)
		for kind, payload := range base.Bodies {
			if payload == base.Payload {
				one.Bodies[kind] = one.Payload
			}
		}
		one.Summary, _ = described["summary"].(string)
		one.Description, _ = described["description"].(string)
		one.Evidence = EvidenceOf(described)
		one.Requirements = append(slices.Clone(base.Requirements), valuepath.Texts(described["x-requirements"])...)
		list = append(list, &one)
	}
	return list, nil
}

// validateDocument is kin-openapi's own check of the document without the schemas of
// payloads. It costs more than loading, so tests and folders of the user's run it,
// not start-up.
func validateDocument(folder fs.FS) error {
	data, err := fs.ReadFile(folder, documentFile)
	if err != nil {
		return err
	}
	var raw yaml.Node
	if err := yaml.Unmarshal(data, &raw); err != nil {
		return err
	}
	document, err := resolveDocument(folder, &raw)
	if err != nil {
		return err
	}
	return document.Validate(context.Background(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation(), openapi3.AllowExtraSiblingFields("pathItems"))
}
