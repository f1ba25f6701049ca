package control

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// values compares the values that a schema lists with those that a type has.
func (g guard) values(pointer string, typ reflect.Type, s schema) {
	var want []string
	switch typ {
	case reflect.TypeFor[fault.Answer]():
		want = texts(fault.Answers())
	case reflect.TypeFor[outbox.State]():
		want = texts(outbox.States())
	case reflect.TypeFor[traffic.Caller](), reflect.TypeFor[traffic.Severity](), reflect.TypeFor[traffic.Part]():
		want = constants(g.T, "../../traffic", func(_, of string) bool { return of == typ.Name() })
	case reflect.TypeFor[specs.Class]():
		want = constants(g.T, "../../specs", func(_, of string) bool { return of == "Class" })
	}
	if g.file+pointer == "parts/channel.schema.json/state" {
		want = constants(g.T, "..", func(name, _ string) bool { return strings.HasPrefix(name, "Channel") })
	}
	listed := s["enum"]
	if listed == nil {
		listed = s["x-known-values"]
	}
	slices.Sort(want)
	if got := sorted(listed); !slices.Equal(got, want) {
		g.Errorf("%s%s lists the values %v, and there are %v", g.file, pointer, got, want)
	}
}

func texts[T ~string](values []T) []string {
	var list []string
	for _, v := range values {
		list = append(list, string(v))
	}
	return list
}

// constants are the values of a package's constants whose name and type are meant.
func constants(t *testing.T, folder string, meant func(name, of string) bool) []string {
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if c, ok := n.(*ast.ValueSpec); ok && len(c.Values) == 1 {
				value, isText := c.Values[0].(*ast.BasicLit)
				of, _ := c.Type.(*ast.Ident)
				if of == nil {
					of = ast.NewIdent("")
				}
				if isText && value.Kind == token.STRING && meant(c.Names[0].Name, of.Name) {
					text, _ := strconv.Unquote(value.Value)
					list = append(list, text)
				}
			}
			return true
		})
	}
	return list
}

func sorted(list any) []string {
	var all []string
	values, _ := list.([]any)
	for _, one := range values {
		all = append(all, one.(string))
	}
	slices.Sort(all)
	return all
}
