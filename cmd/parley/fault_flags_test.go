package main

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/mockserver/fault"
)

// TestAFaultIsWhollyOnTheCommandLine: each member of a fault has a flag of its name, and
// is printed when it is given.
func TestAFaultIsWhollyOnTheCommandLine(t *testing.T) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[fault.Rule]()) {
		if slices.Contains([]string{"ID", "Matched", "Acted"}, field.Name) {
			continue // the mock gives them
		}
		var f faultFlags
		cmd := &cobra.Command{}
		f.register(cmd)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		name = strings.ReplaceAll(name, "contentType", "content-type")
		flag := cmd.Flags().Lookup(name)
		if flag == nil {
			t.Errorf("there is no flag --%s", name)
			continue
		}
		value := map[string]string{"bool": "true", "int": "2", "float64": "0.5", "string": "2s", "stringArray": "a=2"}[flag.Value.Type()]
		if err := cmd.Flags().Set(name, value); err != nil {
			t.Fatal(err)
		}
		chosen, err := f.chosen()
		if err != nil {
			t.Fatal(err)
		}
		if reflect.ValueOf(chosen).FieldByIndex(field.Index).IsZero() {
			t.Errorf("--%s does not set %s", name, field.Name)
		}
		if faultText(chosen) == "" && field.Name != "Undocumented" { // the status shows
			t.Errorf("%s is not printed", field.Name)
		}
	}
}
