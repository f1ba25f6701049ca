package specs

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

// Payload is one JSON body, described by one JSON Schema file. Its name is the
// file's path below schemas/ without the ending: "events/connect".
type Payload struct {
	Name    string
	File    string   // path in the contract's folder
	Samples []Sample // sorted by name, the documented one first

	printed    func() wordings // before readings
	inForce    func() wordings // with the readings in force applied
	newer      bool            // its file is of 2020-12
	identified bool            // it has $id or an anchor somewhere
	directed   bool            // it may demand something else of each direction
}

// Sample is one valid instance of a payload, with what was repaired in it.
type Sample struct {
	Name     string          `yaml:"-" json:"-"`
	File     string          `yaml:"-" json:"-"`
	Body     json.RawMessage `yaml:"-" json:"-"`
	Source   string          `yaml:"source" json:"source,omitempty"`
	Evidence Class           `yaml:"evidence" json:"evidence,omitempty"`
	Repairs  []string        `yaml:"repairs" json:"repairs,omitempty"`
	Replaced []string        `yaml:"replaced" json:"replaced,omitempty"` // personal data exchanged for invented data
}

const (
	schemaFolder = "schemas"
	schemaEnding = ".schema.json"
	sampleFolder = "samples"
)

func schemaFile(payload string) string { return path.Join(schemaFolder, payload+schemaEnding) }

// payloadOf turns a reference of the document, "./schemas/events/connect.schema.json",
// into a payload name; "" when it refers to something else.
func payloadOf(ref string) string {
	name := path.Clean(ref)
	for strings.HasPrefix(name, "../") { // from a file in a folder of the contract's
		name = name[len("../"):]
	}
	name, ok := strings.CutPrefix(name, schemaFolder+"/")
	if !ok {
		return ""
	}
	name, ok = strings.CutSuffix(name, schemaEnding)
	if !ok {
		return ""
	}
	return name
}

func loadPayloads(folder fs.FS, at place) (map[string]*Payload, error) {
	payloads, err := readPayloads(folder, at)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(slices.Collect(maps.Values(payloads)), func(p *Payload) bool { return p.identified }) {
		resolveIdentifiers(payloads)
	}
	for _, p := range payloads {
		if err := vetSchema(p, payloads, at.file(p.File), folder); err != nil {
			return nil, err
		}
	}
	return payloads, addSamples(payloads, folder, func(file string, s *Sample) error {
		if !json.Valid(s.Body) { // quicker than decoding, which says why
			var value any
			if err := decodeJSON(s.Body, &value); err != nil {
				return at.file(file).line(lineOfError(s.Body, err)).errorf("not valid JSON: %v; repair it and say how in the .repairs.yaml beside it", err)
			}
		}
		return readYAML(folder, at.file(repairsFile(file)), s)
	})
}

// readPayloads reads the schemas alone.
func readPayloads(folder fs.FS, at place) (map[string]*Payload, error) {
	payloads := map[string]*Payload{}
	err := fs.WalkDir(folder, schemaFolder, func(file string, entry fs.DirEntry, err error) error {
		if file == schemaFolder && errors.Is(err, fs.ErrNotExist) {
			return nil // no request of this vendor's has a body
		}
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, schemaEnding) {
			return err
		}
		p, err := loadPayload(folder, at.file(file), file)
		if err != nil {
			return err
		}
		payloads[p.Name] = p
		return nil
	})
	return payloads, err
}

// addSamples reads the samples of all payloads; about looks at each and says where it
// comes from.
func addSamples(payloads map[string]*Payload, folder fs.FS, about func(file string, s *Sample) error) error {
	for _, p := range payloads {
		var err error
		if p.Samples, err = loadSamples(folder, p.Name, about); err != nil {
			return err
		}
	}
	return nil
}

func loadPayload(folder fs.FS, at place, file string) (*Payload, error) {
	data, err := readSchema(folder, file)
	if err != nil {
		return nil, err
	}
	schema, err := wordingsOf(data)
	if err != nil {
		return nil, at.line(lineOfError(data, err)).errorf("not valid JSON: %v", err)
	}
	p := &Payload{Name: payloadOf(file), File: file, newer: isNewer(schema.written), directed: hasDirection(data)}
	p.printed = func() wordings { return schema }
	p.inForce = p.printed
	p.identified = bytes.Contains(data, []byte(`"$id"`)) || bytes.Contains(data, []byte(`nchor"`))
	return p, nil
}

func loadSamples(folder fs.FS, payload string, about func(file string, s *Sample) error) ([]Sample, error) {
	entries, err := fs.Glob(folder, path.Join(sampleFolder, payload, "*.json"))
	if err != nil {
		return nil, err
	}
	var samples []Sample
	for _, file := range entries {
		data, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, err
		}
		s := Sample{Name: strings.TrimSuffix(path.Base(file), ".json"), File: file, Body: data}
		if err := about(file, &s); err != nil {
			return nil, err
		}
		samples = append(samples, s)
	}
	slices.SortStableFunc(samples, func(a, b Sample) int {
		return strings.Compare(sampleRank(a), sampleRank(b))
	})
	return samples, nil
}

// repairsFile is where the origin and the repairs of a sample stand.
func repairsFile(sample string) string { return strings.TrimSuffix(sample, ".json") + ".repairs.yaml" }

func sampleRank(s Sample) string {
	if s.Evidence == Documented {
		return "0" + s.Name
	}
	return "1" + s.Name
}

// Sample returns the sample of that name; with "" the first, which is the
// documented one where a payload has one.
func (p *Payload) Sample(name string) (Sample, bool) {
	for _, s := range p.Samples {
		if name == "" || s.Name == name {
			return s, true
		}
	}
	return Sample{}, false
}

func (p *Payload) unpatched() *Payload {
	next := *p
	next.inForce = p.printed
	return &next
}

func (p *Payload) patched(patch map[string]any) *Payload {
	next := *p
	next.inForce = sync.OnceValue(func() wordings { return p.inForce().patched(patch) })
	if _, ok := patch["$schema"]; ok {
		next.newer = isNewer(patch)
	}
	if data, err := json.Marshal(patch); err == nil && hasDirection(data) {
		next.directed = true
	}
	return &next
}

// hasDirection reports whether JSON has what is demanded in one direction only.
func hasDirection(data []byte) bool {
	return bytes.Contains(data, []byte(`"readOnly"`)) || bytes.Contains(data, []byte(`"writeOnly"`))
}

// mergePatch applies RFC 7396 without changing its arguments.
func mergePatch(target, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, _ := target.(map[string]any)
	merged := maps.Clone(object)
	if merged == nil {
		merged = map[string]any{}
	}
	for key, value := range changes {
		if value == nil {
			delete(merged, key)
			continue
		}
		merged[key] = mergePatch(merged[key], value)
	}
	return merged
}

// jsonNumbers gives a value read from YAML the number type of one read from JSON.
func jsonNumbers(value any) any {
	data, err := json.Marshal(value)
	if err != nil {
		return value
	}
	var same any
	if decodeJSON(data, &same) != nil {
		return value
	}
	return same
}

func decodeJSON(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(into)
}
