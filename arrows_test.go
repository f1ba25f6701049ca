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
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/vendors"
)

const module = "github.com/parleykit/parley"

// floors are the rooms from the bottom to the top. A room may use those on lower
// floors. Columns, such as mockserver/elma365, stand on the floor of their name.
var floors = [][]string{
	{"internal", "console"},
	{"specs", "traffic"},
	{"validator"},
	{"mockserver/access", "mockserver/clock", "mockserver/ledger", "mockserver/store", "mockserver/watch", "mockserver/madeup", "mockserver/internal/sampleorder"},
	{"mockserver/fault", "mockserver/outbox"},
	{"mockserver"},
	{"mockserver/control", "mockserver/metrics"},
	{"mockserver/mocktest"},
	{"cluster", "mockserver/snapshottest", "mockserver/internal", "mockserver/ledger/jetstream/natstest"}, // what the tests of the rooms share
	{"conformance"},
	{"conformance/suite", "mcp"},
	{"vendors"},
	{"docs"}, // generates the reference from all of the above
	{"cmd", "bench", "soak", "console/browser", "docs/site", "independent", "examples", "recipes", "release"},
	{"internal/browsertest", "internal/nodetest"}, // for tests alone
}

// alone says which library only one room may use, or two, with a comma between them.
var alone = map[string]string{
	"github.com/onsi/ginkgo/v2":                                 "conformance/suite",
	"github.com/onsi/ginkgo/v2/types":                           "conformance/suite",
	"github.com/xeipuuv/gojsonschema":                           "validator",
	"github.com/santhosh-tekuri/jsonschema/v6":                  "validator",
	"github.com/gorilla/mux":                                    "mockserver",
	"github.com/wI2L/jsondiff":                                  "mockserver/control",
	"github.com/evanphx/json-patch/v5":                          "mockserver/control",
	"github.com/oasdiff/oasdiff/checker":                        "specs",
	"github.com/spf13/cobra":                                    "cmd",
	"github.com/fsnotify/fsnotify":                              "cmd",
	"github.com/chromedp/chromedp":                              "internal/browsertest",
	"github.com/go-json-experiment/json/jsontext":               "validator",
	"github.com/klauspost/compress/zstd":                        "internal",
	"github.com/andybalholm/brotli":                             "internal",
	"github.com/modelcontextprotocol/go-sdk/mcp":                "mcp",
	"github.com/google/jsonschema-go/jsonschema":                "mcp",
	"github.com/prometheus/client_golang/prometheus":            "mockserver/metrics",
	"github.com/prometheus/client_golang/prometheus/collectors": "mockserver/metrics",
	"github.com/prometheus/client_golang/prometheus/promhttp":   "mockserver/metrics",
	"github.com/nats-io/nats.go":                                "mockserver/ledger, cluster",
	"github.com/nats-io/nats.go/jetstream":                      "mockserver/ledger, cluster",
	"github.com/nats-io/nats-server/v2/server":                  "mockserver/ledger/jetstream/natstest",
}

// lives tells whether a room may use what belongs to some, or to rooms around it.
func lives(name, homes string) bool {
	return slices.ContainsFunc(strings.Split(homes, ", "), func(home string) bool {
		return home == name || strings.HasPrefix(name, home+"/")
	})
}

type listed struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// packages are those of the module.
func packages(t *testing.T) []listed {
	t.Helper()
	all, err := listedOnce()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(all)
}

var listedOnce = sync.OnceValues(func() ([]listed, error) {
	out, err := exec.Command("go", "list", "-json", "./...").Output()
	if err != nil {
		return nil, err
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
})

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
			if home := alone[used]; home != "" && !lives(name, home) && name != "bench" {
				t.Errorf("%s uses %s, which belongs to %s alone", p.ImportPath, used, home)
			}
			if name == "traffic" && !strings.HasPrefix(used, module+"/traffic") && strings.Contains(strings.SplitN(used, "/", 2)[0], ".") && !strings.HasPrefix(used, module+"/internal/") {
				t.Errorf("%s uses %s; it has the standard library and internal only", p.ImportPath, used)
			}
		}
	}
}

// packageOf is where a function stands; "" for none.
func packageOf(function any) string {
	value := reflect.ValueOf(function)
	if value.IsNil() {
		return ""
	}
	name := runtime.FuncForPC(value.Pointer()).Name() // "…/mockserver/acme.Play"
	return name[:strings.LastIndexByte(name, '.')]
}

// columns are the packages of one vendor, from the list of vendors.
func columns(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, v := range vendors.All() {
		for _, function := range []any{v.Play, v.Suites, v.Reference} {
			if column := packageOf(function); column != "" {
				list = append(list, column)
			}
		}
	}
	if len(list) == 0 {
		t.Fatal("no vendor has a package")
	}
	return list
}

// engines are the rooms below the list of vendors, without the columns in them.
func engines(t *testing.T) []listed {
	t.Helper()
	columns, all := columns(t), packages(t)
	_, top := room(module + "/vendors")
	all = slices.DeleteFunc(all, func(p listed) bool {
		_, floor := room(p.ImportPath)
		return floor < 0 || floor >= top || slices.Contains(columns, p.ImportPath)
	})
	for _, column := range columns {
		if engine := path.Dir(column); !slices.ContainsFunc(all, func(p listed) bool { return p.ImportPath == engine }) {
			t.Errorf("%s, in which a vendor has a column, is no engine", engine)
		}
	}
	return all
}

// TestEnginesDoNotUseColumns keeps mockserver, conformance and the others free
// of the vendors that are built on them.
func TestEnginesDoNotUseColumns(t *testing.T) {
	columns := columns(t)
	for _, p := range engines(t) {
		for _, used := range slices.Concat(p.Imports, p.TestImports) {
			if slices.Contains(columns, used) {
				t.Errorf("%s, an engine, uses the column %s", p.ImportPath, used)
			}
		}
	}
}

// TestColumnsAreTested: a behaviour has tests, and checks have the tables that show which
// defect fails which of them.
func TestColumnsAreTested(t *testing.T) {
	tests := map[string][]string{} // what they import, by package
	for _, p := range packages(t) {
		tests[p.ImportPath] = slices.Concat(p.TestImports, p.XTestImports)
	}
	for _, v := range vendors.All() {
		if column := packageOf(v.Play); column != "" && len(tests[column]) == 0 {
			t.Errorf("%s has no test", column)
		}
		if column := packageOf(v.Suites); column != "" && !slices.Contains(tests[column], module+"/conformance/internal/checktest") {
			t.Errorf("%s has no table of defects, which checktest judges", column)
		}
	}
}

// vendorNames matches what a vendor is called: its ID, the name in its contract, and
// its folders.
func vendorNames(t *testing.T) *regexp.Regexp {
	t.Helper()
	var names []string
	for _, id := range specs.IDs() {
		c := specstest.Contract(t, id)
		names = append(names, regexp.QuoteMeta(id), regexp.QuoteMeta(c.Name))
	}
	for _, column := range columns(t) {
		names = append(names, regexp.QuoteMeta(path.Base(column)))
	}
	return regexp.MustCompile("(?i)" + strings.Join(names, "|"))
}

// TestEnginesNameNoVendor reads the engines' code: a vendor's name in it means
// that a vendor's shape leaked in.
func TestEnginesNameNoVendor(t *testing.T) {
	vendor := vendorNames(t)
	for _, p := range engines(t) {
		for _, name := range p.GoFiles {
			file := filepath.Join(p.Dir, name)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(data), "\n") {
				code, _, _ := strings.Cut(line, "//") // comments may give examples
				if vendor.MatchString(code) {
					t.Errorf("%s:%d names a vendor, and stands in no column of vendors/vendors.go: %s", file, i+1, strings.TrimSpace(line))
				}
			}
		}
	}
}

// TestVendorsStandInOneList: who has a package has a contract, and README shows all.
func TestVendorsStandInOneList(t *testing.T) {
	ids := specs.IDs()
	for _, v := range vendors.All() {
		if !slices.Contains(ids, v.ID) {
			t.Errorf("there is no contract %s", v.ID)
		}
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, row := range vendorRow.FindAllStringSubmatch(string(readme), -1) {
		shown = append(shown, row[2])
		c, err := specs.Embedded(row[2])
		if err != nil || row[1] != c.Name || row[3] != row[2] {
			t.Errorf("README's row %q is not the contract's: %v", row[0], err)
			continue
		}
		v := vendors.Of(c.ID)
		checks := 0
		if v.Suites != nil {
			for _, suite := range v.Suites() {
				checks += len(suite.Checks)
			}
		}
		if row[4] != strconv.Itoa(checks) {
			t.Errorf("README says that %s has %s checks; it has %d", c.Name, row[4], checks)
		}
	}
	if slices.Sort(shown); !slices.Equal(shown, ids) {
		t.Errorf("README's table has %v, and the contracts are %v", shown, ids)
	}
}

// vendorRow is "| NAME | [contract](specs/ID/README.md) | `ID` | mock | CHECKS: … |".
var vendorRow = regexp.MustCompile("(?m)^\\| ([^|]+) \\| \\[[^|]+\\]\\(specs/([^/|]+)/README\\.md\\) \\| `([^|`]+)` \\| [^|]+ \\| (\\d+): [^|]+ \\|$")

// TestSchemasAreCompiledBehindOneSeam keeps each schema library in the files that turn
// its errors into findings.
func TestSchemasAreCompiledBehindOneSeam(t *testing.T) {
	for library, want := range map[string][]string{
		"github.com/xeipuuv/gojsonschema":          {"validator/schema.go"},
		"github.com/santhosh-tekuri/jsonschema/v6": {"validator/newer.go", "validator/newererror.go", "validator/newerkeyname.go"},
	} {
		var users []string
		err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			data, err := os.ReadFile(path)
			if strings.Contains(string(data), strconv.Quote(library)) {
				users = append(users, filepath.ToSlash(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(users, want) {
			t.Errorf("%s is used in %v, and belongs to %v alone", library, users, want)
		}
	}
}
