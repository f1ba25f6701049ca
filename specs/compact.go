package specs

import (
	"embed"
	"encoding/json"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// compacts holds what the YAML of the shipped contracts says, as JSON, because
// reading YAML would be most of a start. The YAML is what people write and review;
// go test ./specs -run Compact -update makes these files of it, and that test
// compares them.
//
//go:embed compact
var compacts embed.FS

// compact is a contract without its schemas and samples, which are JSON already, but with
// what a start asks of the schemas, so that none is read then; and without its document,
// which is a file of its own because few ask for it.
type compact struct {
	Sum          uint32            `json:"sum"` // of the YAML files and the schemas; another one leaves the compact form unread
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Title        string            `json:"title"`
	Sources      map[string]Source `json:"sources"`
	Delivery     Delivery          `json:"delivery"`
	Signature    *Signature        `json:"signature,omitempty"`
	Operations   []*Operation      `json:"operations"`
	Events       []*Operation      `json:"events"`
	Requirements []Requirement     `json:"requirements"`
	Readings     []Reading         `json:"readings"`
	Servers      []string          `json:"servers,omitempty"`
	Origins      map[string]origin `json:"origins"` // by file of the sample

	Payloads   map[string]payloadFacts `json:"payloads"`
	Vocabulary Vocabulary              `json:"vocabulary"`
}

// payloadFacts are what a start asks of a schema, which then need not be read.
type payloadFacts struct {
	Newer    bool `json:"newer,omitempty"`
	Directed bool `json:"directed,omitempty"`
}

// origin is what stands beside a sample.
type origin struct {
	Source   string   `json:"source"`
	Evidence Class    `json:"evidence"`
	Repairs  []string `json:"repairs"`
	Replaced []string `json:"replaced"`
}

func compactFile(id string) string         { return path.Join("compact", id+".json") }
func compactDocumentFile(id string) string { return path.Join("compact", id+".openapi.json") }

// loadCompact returns a shipped contract, or nil when its compact form is missing
// or was made of other YAML than the folder has: then Load reads that.
func loadCompact(id string, folder fs.FS, name string) *Contract {
	c := &Contract{Folder: folder, folderName: name, proven: true}
	var sum uint32
	var group sync.WaitGroup // side by side: start-up is felt
	group.Go(func() { sum = sumOf(folder) })
	var from compact
	data, err := compacts.ReadFile(compactFile(id))
	if err == nil {
		err = decodeJSON(data, &from)
	}
	group.Wait()
	if err != nil || from.Sum != sum {
		return nil
	}
	c.ID, c.Name, c.Title, c.Sources, c.Delivery = from.ID, from.Name, from.Title, from.Sources, from.Delivery
	c.Operations, c.Events, c.Requirements, c.Readings = from.Operations, from.Events, from.Requirements, from.Readings
	c.Payloads, c.vocabulary = map[string]*Payload{}, from.Vocabulary
	for name, known := range from.Payloads {
		c.Payloads[name] = embeddedPayload(folder, name, known)
	}
	c.Signature = from.Signature
	c.noteSignature()
	c.Servers = from.Servers
	c.document = sync.OnceValue(func() *openapi3.T { return compactDocument(id, folder) })
	about := func(file string, s *Sample) error { // that it is JSON, a test has seen
		o := from.Origins[file]
		s.Source, s.Evidence, s.Repairs, s.Replaced = o.Source, o.Evidence, o.Repairs, o.Replaced
		return nil
	}
	if addSamples(c.Payloads, folder, about) != nil {
		return nil
	}
	c, err = c.WithReadings(nil)
	if err != nil {
		return nil
	}
	return c
}

// compactDocument can't fail for what is embedded, which a test shows; an empty
// document stands for one that can't be read.
func compactDocument(id string, folder fs.FS) *openapi3.T {
	data, err := compacts.ReadFile(compactDocumentFile(id))
	if err != nil {
		return &openapi3.T{}
	}
	document, err := readDocument(folder, data)
	if err != nil {
		return &openapi3.T{}
	}
	return document
}

// makeCompact returns the two files that loadCompact reads, of a contract that may
// be shipped.
func makeCompact(c *Contract) (rest, document []byte, err error) {
	if err := c.vetQuotes(); err != nil {
		return nil, nil, err
	}
	to := compact{
		Sum: sumOf(c.Folder), ID: c.ID, Name: c.Name, Title: c.Title, Sources: c.Sources, Delivery: c.Delivery, Signature: c.Signature,
		Operations: c.Operations, Events: c.Events, Requirements: c.Requirements, Readings: c.Readings, Servers: c.Servers, Origins: map[string]origin{},
		Payloads: map[string]payloadFacts{}, Vocabulary: c.Vocabulary(),
	}
	for _, p := range c.Payloads {
		to.Payloads[p.Name] = payloadFacts{Newer: p.newer, Directed: p.directed}
		for _, s := range p.Samples {
			to.Origins[s.File] = origin{s.Source, s.Evidence, s.Repairs, s.Replaced}
		}
	}
	if rest, err = json.Marshal(to); err != nil {
		return nil, nil, err
	}
	written, err := fs.ReadFile(c.Folder, documentFile)
	if err != nil {
		return nil, nil, err
	}
	var raw yaml.Node
	if err := yaml.Unmarshal(written, &raw); err != nil {
		return nil, nil, err
	}
	document, err = jsonOf(&raw)
	return append(rest, '\n'), append(document, '\n'), err
}

// sumOf tells one state of what the compact form was made of from another.
func sumOf(folder fs.FS) uint32 {
	sum, buffer := crc32.NewIEEE(), make([]byte, 32<<10)
	for _, file := range madeOf(folder) {
		sum.Write([]byte(file))
		if copyFile(sum, folder, file, buffer) != nil {
			return 0
		}
	}
	return sum.Sum32()
}

func copyFile(to io.Writer, folder fs.FS, file string, buffer []byte) error {
	opened, err := folder.Open(file)
	if err != nil {
		return err
	}
	defer opened.Close()
	_, err = io.CopyBuffer(to, opened, buffer)
	return err
}

// madeOf are the files of which the compact form has something.
func madeOf(folder fs.FS) []string {
	list, _ := fs.Glob(folder, "*.yaml") // the pattern is a good one
	for file := range filesBelow(folder, sampleFolder) {
		if strings.HasSuffix(file, ".yaml") {
			list = append(list, file)
		}
	}
	list = slices.AppendSeq(list, filesBelow(folder, schemaFolder))
	return slices.Sorted(slices.Values(list))
}
