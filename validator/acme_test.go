package validator

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// loaded is the validator of a contract in a folder.
func loaded(t testing.TB, folder fs.FS, name string) *Validator {
	t.Helper()
	c, err := specs.Load(folder, name)
	return validatorOf(t, c, err)
}

// shipped is the validator of a contract that Parley ships.
func shipped(t testing.TB, id string) *Validator {
	t.Helper()
	c, err := specs.Embedded(id)
	return validatorOf(t, c, err)
}

func validatorOf(t testing.TB, c *specs.Contract, err error) *Validator {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// acme is the validator of a small contract that uses what schemas can say.
func acme(t testing.TB) *Validator {
	t.Helper()
	return loaded(t, os.DirFS("testdata/acme"), "testdata/acme")
}

// acmes are that contract by draft: as it is, which gojsonschema judges, and with its
// schemas in 2020-12.
func acmes(t testing.TB) map[string]*Validator {
	t.Helper()
	newer := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("testdata/acme"), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile("testdata/acme/" + file)
		newer[file] = &fstest.MapFile{Data: []byte(strings.NewReplacer(
			"http://json-schema.org/draft-07/schema#", specs.NewerURI, `"items": [`, `"prefixItems": [`, `"additionalItems"`, `"items"`,
		).Replace(string(data)))}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	v := loaded(t, newer, "acme")
	for _, name := range v.payloadNames() {
		if p := v.payload(name); p.schema.newer == nil {
			t.Fatalf("%s is judged by gojsonschema", p.name)
		}
	}
	return map[string]*Validator{"draft-07": acme(t), "2020-12": v}
}

func elma(t testing.TB) *Validator {
	t.Helper()
	return shipped(t, "elma365")
}

// brief writes findings as "severity code pointer", one per line.
func brief(found []traffic.Finding) string {
	var lines []string
	for _, f := range found {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Severity, f.Code, f.Pointer)))
	}
	return strings.Join(lines, "\n")
}

// only returns the one finding of a list.
func only(t *testing.T, found []traffic.Finding) traffic.Finding {
	t.Helper()
	if len(found) != 1 {
		t.Fatalf("one finding is expected, not these:\n%s", brief(found))
	}
	return found[0]
}
