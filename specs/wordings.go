package specs

import (
	"bytes"
	"fmt"
	"io/fs"
	"sync"
)

// wordings are the schema of a payload in two forms. Its numbers are json.Number.
type wordings struct {
	draft7  map[string]any // in the words of draft-07
	written map[string]any // in the words of its file; of draft-07 it is the same
}

// Schema is in the words of draft-07, with the readings in force applied; numbers are
// json.Number. Of a shipped contract it is read when it is first asked for.
func (p *Payload) Schema() map[string]any { return p.wordings().draft7 }

// Written is the schema in the words of its file; of draft-07 it is Schema.
func (p *Payload) Written() map[string]any { return p.wordings().written }

// Unnamed is a payload that has this schema, in the words of draft-07, and nothing else: a
// parameter's for one.
func Unnamed(schema map[string]any) *Payload {
	alone := func() wordings { return wordings{draft7: schema, written: schema} }
	return &Payload{printed: alone, inForce: alone}
}

func (p *Payload) wordings() wordings {
	if p.inForce == nil { // it stands for a file without a schema of its own
		return wordings{}
	}
	return p.inForce()
}

// Title is that of the schema.
func (p *Payload) Title() string { return p.text("title") }

// Description is that of the schema.
func (p *Payload) Description() string { return p.text("description") }

func (p *Payload) text(keyword string) string {
	text, _ := p.printed().draft7[keyword].(string)
	return text
}

func readSchema(folder fs.FS, file string) ([]byte, error) {
	data, err := fs.ReadFile(folder, file)
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), err
}

func wordingsOf(data []byte) (w wordings, err error) {
	if err := decodeJSON(data, &w.written); err != nil {
		return w, err
	}
	if w.draft7 = w.written; isNewer(w.written) {
		w.draft7 = object(older(w.written))
	}
	if bytes.Contains(data, []byte(`"$comment"`)) { // the others are spared the walk
		ours(w.draft7)
	}
	return w, nil
}

// embeddedPayload is one whose schema is read when it is first asked for, from a folder of
// which a test has seen that it can be.
func embeddedPayload(folder fs.FS, name string, known payloadFacts) *Payload {
	file := schemaFile(name)
	printed := sync.OnceValue(func() wordings {
		data, err := readSchema(folder, file)
		var w wordings
		if err == nil {
			w, err = wordingsOf(data)
		}
		if err != nil {
			panic(fmt.Sprintf("%s of a contract that Parley ships: %v", file, err))
		}
		return w
	})
	return &Payload{Name: name, File: file, printed: printed, inForce: printed, newer: known.Newer, directed: known.Directed}
}

func (w wordings) patched(patch map[string]any) wordings {
	changes := jsonNumbers(patch)
	next := wordings{written: object(mergePatch(w.written, changes))}
	if next.draft7 = next.written; isNewer(next.written) {
		next.draft7 = object(older(mergePatch(w.draft7, older(changes))))
	}
	return next
}
