// Package parley holds the tests about the house as a whole: which room may use
// which, and what may not stand where.
package parley

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/parleykit/parley"

// floors are the rooms from the bottom to the top. A room may use those on lower
// floors. Columns, such as mockserver/elma365, stand on the floor of their name.
var floors = [][]string{
	{"internal"},
	{"specs", "traffic"},
	{"validator"},
	{"mockserver/clock", "mockserver/store", "mockserver/watch"},
	{"mockserver/fault", "mockserver/outbox"},
	{"mockserver"},
	{"mockserver/control"},
	{"mockserver/mocktest", "mockserver/snapshottest"},
	{"conformance"},
	{"conformance/suite"},
	{"cmd", "bench", "soak", "independent", "examples"},
}

// alone says which library only one room may use.
var alone = map[string]string{
	"github.com/onsi/ginkgo/v2":                   "conformance/suite",
	"github.com/xeipuuv/gojsonschema":             "validator",
	"github.com/gorilla/mux":                      "mockserver",
	"github.com/oasdiff/oasdiff/checker":          "specs",
	"github.com/spf13/cobra":                      "cmd",
	"github.com/go-json-experiment/json/jsontext": "validator",
	"github.com/klauspost/compress/zstd":          "internal",
	"github.com/andybalholm/brotli":               "internal",
}

type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// room is the longest name of a floor that begins the package's path.
func room(path string) (name string, floor int) {
	inside, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return "", -1
	}
	floor = -1
	for i, rooms := range floors {
		for _, r := range rooms {
			if (inside == r || strings.HasPrefix(inside, r+"/")) && len(r) > len(name) {
				name, floor = r, i
			}
		}
	}
	return name, floor
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		if p.ImportPath == module {
			continue
		}
		name, floor := room(p.ImportPath)
		if floor < 0 {
			t.Errorf("%s stands in no room of design: add it to floors", p.ImportPath)
		}
		for _, used := range p.Imports {
			other, below := room(used)
			if other != "" && other != name && below >= floor {
				t.Errorf("%s uses %s, which is not below it", p.ImportPath, used)
			}
			if home := alone[used]; home != "" && home != name && !strings.HasPrefix(name, home+"/") && name != "bench" {
				t.Errorf("%s uses %s, which belongs to %s alone", p.ImportPath, used, home)
			}
			if name == "traffic" && !strings.HasPrefix(used, module+"/traffic") && strings.Contains(strings.SplitN(used, "/", 2)[0], ".") && !strings.HasPrefix(used, module+"/internal/") {
				t.Errorf("%s uses %s; it has the standard library and internal only", p.ImportPath, used)
			}
		}
	}
}

// TestEnginesDoNotUseColumns keeps mockserver, conformance and the others free
// of the vendors that are built on them.
func TestEnginesDoNotUseColumns(t *testing.T) {
	for _, p := range packages(t) {
		name, _ := room(p.ImportPath)
		if p.ImportPath != module+"/"+name {
			continue // a column, or a part of a room
		}
		for _, used := range slices.Concat(p.Imports, p.TestImports) {
			if strings.HasPrefix(used, p.ImportPath+"/") && column(used) {
				t.Errorf("%s, an engine, uses the column %s", p.ImportPath, used)
			}
		}
	}
}

var vendorNames = regexp.MustCompile(`(?i)elma365|3dolphins|threedolphins|expertflow`)

func column(path string) bool { return vendorNames.MatchString(filepath.Base(path)) }

// TestEnginesNameNoVendor reads the engines' code: a vendor's name in it means
// that a vendor's shape leaked in.
func TestEnginesNameNoVendor(t *testing.T) {
	allowed := []string{"specs/embed.go"} // the list of what is embedded
	for _, dir := range []string{"specs", "specs/compare", "traffic", "traffic/redaction", "validator", "validator/proxy", "validator/summary", "validator/coverage", "validator/drift",
		"mockserver", "mockserver/store", "mockserver/recording", "conformance", "conformance/generated", "conformance/scenario", "conformance/partner", "conformance/partner/internal/kit", "conformance/suite"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: no files (%v)", dir, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || slices.Contains(allowed, filepath.ToSlash(file)) {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(data), "\n") {
				code, _, _ := strings.Cut(line, "//") // comments may give examples
				if vendorNames.MatchString(code) {
					t.Errorf("%s:%d names a vendor: %s", file, i+1, strings.TrimSpace(line))
				}
			}
		}
	}
}

// TestSchemasAreCompiledInOneFile keeps the schema library behind one seam.
func TestSchemasAreCompiledInOneFile(t *testing.T) {
	var users []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), `"github.com/xeipuuv/gojsonschema"`) {
			users = append(users, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(users) != 1 {
		t.Errorf("gojsonschema is used in %v; one file of validator turns its errors into findings", users)
	}
}
