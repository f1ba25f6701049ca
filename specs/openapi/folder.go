package openapi

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/yamlnode"
	"github.com/parleykit/parley/specs"
)

// Write returns the files of a contract's folder that a document is the same as, laid
// out for people, who go on with them. Users call the contract by id.
func Write(file, id string) ([]specs.File, error) {
	files, err := Files(os.DirFS(filepath.Dir(file)), filepath.Base(file), file)
	if err != nil {
		return nil, err
	}
	return readable(files, id)
}

// WriteValues returns the files of a contract's folder, laid out in the same way. Values
// are what each file holds, by its name: openapi.yaml, schemas/….json, samples/….
func WriteValues(values map[string]any, id string) ([]specs.File, error) {
	files, err := encodedAll(values)
	if err != nil {
		return nil, err
	}
	return readable(files, id)
}

func readable(files []specs.File, id string) (_ []specs.File, err error) {
	for i, f := range files {
		switch {
		case strings.HasSuffix(f.Name, ".yaml"):
			if files[i].Data, err = laidOut(f, id); err != nil {
				return nil, err
			}
		default:
			var out bytes.Buffer
			if err := json.Indent(&out, f.Data, "", "  "); err != nil {
				return nil, err
			}
			files[i].Data = append(out.Bytes(), '\n')
		}
	}
	return files, nil
}

// laidOut is a YAML file in block style, the contract's ID in the document.
func laidOut(f specs.File, id string) ([]byte, error) {
	var outer yaml.Node
	if err := yaml.Unmarshal(f.Data, &outer); err != nil {
		return nil, err
	}
	if own := yamlnode.Member(yamlnode.Member(outer.Content[0], "x-parley"), "id"); own != nil && f.Name == documentFile {
		own.Value = id
	}
	unfold(&outer, 0)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	err := encoder.Encode(&outer)
	return out.Bytes(), err
}

// unfold takes JSON's style from a node: small objects stay in one line.
func unfold(n *yaml.Node, depth int) {
	small := depth > 3 && len(n.Content) > 0 && weight(n) <= 6
	if !small {
		n.Style = 0
	}
	for _, inner := range n.Content {
		if small && inner.Kind == yaml.ScalarNode && inner.Tag == "!!str" {
			continue
		}
		unfold(inner, depth+1)
	}
}

func weight(n *yaml.Node) int {
	all := 1
	for _, inner := range n.Content {
		all += weight(inner)
	}
	return all
}
