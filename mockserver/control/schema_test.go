package control

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/coverage"
)

// described is what each schema describes. The answers, which are not here, are lists
// of these parts; TestControl judges each answer.
var described = map[string]reflect.Type{
	"parts/contract":        reflect.TypeFor[contractView](),
	"parts/contractSummary": reflect.TypeFor[contractSummary](),
	"parts/coverage":        reflect.TypeFor[coverage.Report](),
	"parts/draft":           reflect.TypeFor[mockserver.Draft](),
	"parts/evidence":        reflect.TypeFor[evidenceView](),
	"parts/operation":       reflect.TypeFor[operationView](),
	"parts/parameter":       reflect.TypeFor[parameterView](),
	"parts/payload":         reflect.TypeFor[payloadView](),
	"parts/reading":         reflect.TypeFor[readingView](),
	"parts/requirement":     reflect.TypeFor[requirementView](),

	"parts/body":     reflect.TypeFor[traffic.Body](),
	"parts/change":   reflect.TypeFor[mockserver.Change](),
	"parts/channel":  reflect.TypeFor[channelView](),
	"parts/clock":    reflect.TypeFor[clockView](),
	"parts/delivery": reflect.TypeFor[outbox.Delivery](),
	"parts/exchange": reflect.TypeFor[traffic.Exchange](),
	"parts/fault":    reflect.TypeFor[fault.Rule](),
	"parts/finding":  reflect.TypeFor[traffic.Finding](),
	"parts/handover": reflect.TypeFor[outbox.Lease](),
	"parts/policy":   reflect.TypeFor[outbox.Policy](),
	"parts/sandbox":  reflect.TypeFor[sandboxView](),

	"requests/advance":       reflect.TypeFor[advanceRequest](),
	"requests/channel":       reflect.TypeFor[channelRequest](),
	"requests/channelChange": reflect.TypeFor[channelChange](),
	"requests/clock":         reflect.TypeFor[clockRequest](),
	"requests/compose":       reflect.TypeFor[composeRequest](),
	"requests/fault":         reflect.TypeFor[fault.Rule](),
	"requests/handed":        reflect.TypeFor[outbox.Answer](),
	"requests/judge":         reflect.TypeFor[judgeRequest](),
	"requests/replay":        reflect.TypeFor[mockserver.ReplayRequest](),
	"requests/sandbox":       reflect.TypeFor[sandboxRequest](),
	"requests/send":          reflect.TypeFor[mockserver.SendRequest](),
	"requests/state":         reflect.TypeFor[stateRequest](),
}

// TestSchemasDescribeWhatIsReadAndWritten: a member that is added to one of the types
// must be described, one that is described must be there, and values that are listed
// must be those that there are.
func TestSchemasDescribeWhatIsReadAndWritten(t *testing.T) {
	for _, folder := range []string{"parts", "requests"} {
		files, err := fs.Glob(os.DirFS("schemas"), folder+"/*.schema.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(file, ".schema.json")
			if described[name] == nil {
				t.Errorf("nothing says which type %s describes", file)
				continue
			}
			g := guard{t, file, folder == "parts"}
			g.compare("", described[name], g.read())
		}
	}
}

// guard compares a type with one schema.
type guard struct {
	*testing.T
	file    string
	written bool // by the mock: what is always there is required
}

type schema = map[string]any

func (g guard) read() schema {
	g.Helper()
	data, err := os.ReadFile(path.Join("schemas", g.file))
	if err != nil {
		g.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(data, &s); err != nil {
		g.Fatal(err)
	}
	return s
}

// compare compares what stands at a pointer. A schema that refers to another one, which
// is compared by itself, must refer to that of the same type.
func (g guard) compare(pointer string, typ reflect.Type, s schema) {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if all, ok := s["allOf"].([]any); ok {
		s = all[0].(schema)
	}
	if file, ok := s["$ref"].(string); ok {
		name := strings.TrimSuffix(path.Join(path.Dir(g.file), file), ".schema.json")
		if described[name] != typ {
			g.Errorf("%s%s refers to %s, which describes %v and not %v", g.file, pointer, name, described[name], typ)
		}
		return
	}
	written := kind(typ)
	if got := fmt.Sprint(s["type"]); written != "" && got != written {
		g.Errorf("%s%s: the schema says %s, and %v is written as %s", g.file, pointer, got, typ, written)
	}
	g.values(pointer, typ, s)
	switch items, _ := s["items"].(schema); {
	case written == "array" && items != nil:
		g.compare(pointer+"/items", typ.Elem(), items)
	case written == "object" && typ.Kind() == reflect.Struct:
		g.members(pointer, typ, s)
	}
}

func (g guard) members(pointer string, typ reflect.Type, s schema) {
	properties, _ := s["properties"].(schema)
	has, always := membersOf(typ)
	for name, of := range has {
		property, ok := properties[name].(schema)
		switch {
		case !ok:
			g.Errorf("%s%s does not describe %s, which %v has", g.file, pointer, name, typ)
		case of != nil:
			g.compare(pointer+"/"+name, of, property)
		}
	}
	for name := range properties {
		if _, ok := has[name]; !ok {
			g.Errorf("%s%s describes %s, which %v has not", g.file, pointer, name, typ)
		}
	}
	if required := sorted(s["required"]); g.written && !slices.Equal(required, always) {
		g.Errorf("%s%s requires %v, and always written are %v", g.file, pointer, required, always)
	}
}

// membersOf are the JSON members of a type by name, nil where the type is its own
// affair, and those that are always written.
func membersOf(typ reflect.Type) (all map[string]reflect.Type, always []string) {
	all = map[string]reflect.Type{}
	if typ == reflect.TypeFor[traffic.Body]() { // it writes itself
		return written(traffic.NewBody([]byte("cut"), 1), traffic.NewBody([]byte("\xff"), 1))
	}
	for _, field := range reflect.VisibleFields(typ) {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue // it is embedded, or not written
		}
		if all[name] = field.Type; options == "" {
			always = append(always, name)
		}
	}
	slices.Sort(always)
	return all, always
}

// written are the members that some of these bodies write, and those that all do.
func written(bodies ...traffic.Body) (all map[string]reflect.Type, always []string) {
	all, times := map[string]reflect.Type{}, map[string]int{}
	for _, body := range bodies {
		data, _ := json.Marshal(body)
		var members map[string]any
		_ = json.Unmarshal(data, &members)
		for name := range members {
			all[name] = nil
			if times[name]++; times[name] == len(bodies) {
				always = append(always, name)
			}
		}
	}
	return all, always
}

// kind is how JSON has a type; "" is anything.
func kind(typ reflect.Type) string {
	switch typ.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Float64:
		return "number"
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "integer"
	case reflect.Slice:
		if typ == reflect.TypeFor[json.RawMessage]() {
			return ""
		}
		return "array"
	case reflect.Map:
		return "object"
	case reflect.Struct:
		if typ == reflect.TypeFor[time.Time]() {
			return "string"
		}
		return "object"
	}
	return ""
}
