package specs

import (
	"bytes"
	"flag"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write the compact forms anew")

// written is a shipped contract as its YAML has it.
func written(t *testing.T, id string) *Contract {
	t.Helper()
	folder, err := fs.Sub(embedded, id)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load(folder, "specs/"+id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCompactFormsAreWhatTheYAMLSays(t *testing.T) {
	for _, id := range IDs() {
		t.Run(id, func(t *testing.T) {
			c := written(t, id)
			rest, document, err := makeCompact(c)
			if err != nil {
				t.Fatal(err)
			}
			for file, wanted := range map[string][]byte{compactFile(id): rest, compactDocumentFile(id): document} {
				if *update {
					if err := os.WriteFile(file, wanted, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				if found, err := os.ReadFile(file); err != nil || !bytes.Equal(found, wanted) {
					t.Errorf("specs/%s is not what the YAML and the schemas of specs/%s say (%v); run go test ./specs -run Compact -update", file, id, err)
				}
			}
		})
	}
}

func TestAContractLoadedFromItsCompactFormIsTheSame(t *testing.T) {
	if *update {
		t.Skip("what was embedded when this test was built is no longer what the files hold")
	}
	for _, id := range IDs() {
		t.Run(id, func(t *testing.T) {
			c := written(t, id)
			quick := loadCompact(id, c.Folder, "specs/"+id)
			if quick == nil {
				t.Fatal("the compact form was not read; run go test ./specs -run Compact -update")
			}
			if !quick.Proven() || c.Proven() {
				t.Error("only what was loaded from the compact form is proven")
			}
			for name, pair := range map[string][2]any{
				"ID": {c.ID, quick.ID}, "Name": {c.Name, quick.Name}, "Title": {c.Title, quick.Title},
				"Sources": {c.Sources, quick.Sources}, "Delivery": {c.Delivery, quick.Delivery},
				"Operations": {c.Operations, quick.Operations}, "Events": {c.Events, quick.Events},
				"Requirements": {c.Requirements, quick.Requirements}, "Payloads": {shownPayloads(c), shownPayloads(quick)}, "Vocabulary": {c.Vocabulary(), quick.Vocabulary()},
				"Document": {asJSON(t, c.Document()), asJSON(t, quick.Document())},
				"Readings": {asJSON(t, c.Readings), asJSON(t, quick.Readings)}, // their patches hold numbers of two types
				"Settings": {asJSON(t, c.Settings()), asJSON(t, quick.Settings())},
			} {
				if !reflect.DeepEqual(pair[0], pair[1]) {
					t.Errorf("%s is not the same from the compact form", name)
				}
			}
		})
	}
}

// shownPayloads are all that others see of payloads.
func shownPayloads(c *Contract) map[string]any {
	shown := map[string]any{}
	for name, p := range c.Payloads {
		shown[name] = []any{p.Name, p.File, p.Title(), p.Description(), p.Schema(), p.Written(), p.Samples, p.IsNewer(), p.directed}
	}
	return shown
}

func TestACompactFormOfOtherFilesIsNotRead(t *testing.T) {
	c := written(t, "elma365")
	changed := fstest.MapFS{}
	err := fs.WalkDir(c.Folder, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(c.Folder, file)
		changed[file] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range madeOf(c.Folder) {
		one := maps.Clone(changed)
		one[file] = &fstest.MapFile{Data: append(bytes.Clone(changed[file].Data), "# later\n"...)}
		if loadCompact("elma365", one, "changed") != nil {
			t.Errorf("%s has changed, and the compact form made before was read", file)
		}
	}
}

// opened counts how often schemas are opened.
type opened struct {
	fs.FS
	schemas int
}

func (o *opened) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, schemaEnding) {
		o.schemas++
	}
	return o.FS.Open(name)
}

// TestSchemasAreReadWhenTheyAreAskedFor, and not for what a start asks of a contract.
func TestSchemasAreReadWhenTheyAreAskedFor(t *testing.T) {
	for _, id := range IDs() {
		folder := &opened{FS: written(t, id).Folder}
		c := loadCompact(id, folder, "specs/"+id)
		if c == nil {
			t.Fatalf("%s has no compact form", id)
		}
		compared := folder.schemas // with what the compact form was made of
		c.Vocabulary()
		c.Sent(ToVendor)
		for _, p := range c.Payloads {
			p.IsNewer()
		}
		if folder.schemas != compared {
			t.Errorf("%s: %d schemas are read for what a start asks", id, folder.schemas-compared)
		}
		c.Payloads[c.PayloadNames()[0]].Schema()
		if folder.schemas != compared+1 {
			t.Errorf("%s: for one schema %d are read", id, folder.schemas-compared)
		}
	}
}
