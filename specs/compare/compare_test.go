package compare_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/compare"
	"github.com/parleykit/parley/specs/specstest"
)

// changed is a contract of the embedded ones with one text in one file replaced.
func changed(t *testing.T, id, file, old, new string) (before, after *specs.Contract) {
	t.Helper()
	before, err := specs.Embedded(id)
	if err != nil {
		t.Fatal(err)
	}
	copied, replaced := fstest.MapFS{}, false
	err = fs.WalkDir(before.Folder, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(before.Folder, path)
		if path == file {
			replaced = strings.Contains(string(data), old)
			data = []byte(strings.Replace(string(data), old, new, 1))
		}
		copied[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil || !replaced {
		t.Fatalf("%s: nothing to replace in %s (%v)", id, file, err)
	}
	if after, err = specs.Load(copied, "new"); err != nil {
		t.Fatal(err)
	}
	return before, after
}

// TestOneChange changes one thing and demands exactly what it means, for an
// operation and, the other way round, for an event.
func TestOneChange(t *testing.T) {
	for _, test := range []struct {
		name, file, old, new string
		want                 []string
	}{
		{"an operation demands less", "schemas/operations/userInfo.schema.json", `"required": ["type", "token", "data"]`, `"required": ["type", "token"]`,
			[]string{"compatible POST /api/messengers/external/other/webhook/{channelId} request-property-became-optional"}},
		{"an operation answers no more", "openapi.yaml", `"404": {$ref: "#/components/responses/NoSuchChannel"}`, "",
			[]string{
				// the events' answers are the same ones in the document
				"breaking events/connect answer-status-removed", "breaking events/disconnect answer-status-removed",
				"breaking events/markAsRead answer-status-removed", "breaking events/message answer-status-removed",
				"breaking events/messageOutcome answer-status-removed",
				"compatible POST /api/messengers/external/other/webhook/{channelId} response-non-success-status-removed",
			}},
		{"an event holds less", "schemas/events/markAsRead.schema.json", `"required": ["type", "token", "data"]`, `"required": ["type", "token"]`,
			[]string{"breaking events/markAsRead event-property-became-optional"}},
		{"an event holds more", "schemas/events/markAsRead.schema.json", `"required": ["type", "token", "data"]`, `"required": ["type", "token", "data", "channelId"]`,
			[]string{"compatible events/markAsRead event-property-became-required"}},
		{"an answer to an event has another type", "schemas/answers/userInfo.schema.json", `"type": "object"`, `"type": "array"`,
			[]string{"breaking events/userInfo answer-body-type-changed"}},
		{"an event is gone", "openapi.yaml", "\n  markAsRead:\n", "\n  messageRead:\n", []string{"breaking events/markAsRead event-removed", "risky events/messageRead event-added"}},
		{"a requirement is stronger", "requirements.yaml", "level: SHOULD", "level: MUST",
			[]string{"risky requirements/ELMA365-GEN-007 requirement-level-changed"}},
		{"a requirement is gone", "requirements.yaml", "id: ELMA365-GEN-020", "id: ELMA365-GEN-920",
			[]string{"compatible requirements/ELMA365-GEN-020 requirement-removed", "compatible requirements/ELMA365-GEN-920 requirement-added"}},
		{"events are signed", "openapi.yaml", "  id: elma365\n", "  id: elma365\n  signature: slack\n", []string{"compatible signature signature-added"}},
		{"an answer repeats something", "openapi.yaml", "\"200\":\n          description", "\"200\":\n          x-parley: {echo: /token}\n          description", []string{"breaking events/userInfo answer-echo-changed"}},
		{"a reading has another default", "readings.yaml", "default: four-statuses", "default: always-200",
			[]string{"risky readings/ELMA365-R-01 reading-default-changed"}},
		{"a reading is new", "readings.yaml", "id: ELMA365-R-01\n", "id: ELMA365-R-91\n",
			[]string{"compatible readings/ELMA365-R-01 reading-removed", "compatible readings/ELMA365-R-91 reading-added"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, err := compare.Contracts(changed(t, "elma365", test.file, test.old, test.new))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range list {
				got = append(got, fmt.Sprintf("%s %s %s", c.Level, c.Where, c.Kind))
				if strings.HasPrefix(c.Where, "events/") && (strings.Contains(c.Text, "request") || strings.Contains(c.Text, "`200`")) {
					t.Errorf("%s is told in words of an operation: %s", c.Where, c.Text)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestTheSame finds nothing between a contract and itself, and refuses to compare
// two vendors.
func TestTheSame(t *testing.T) {
	var all []*specs.Contract
	for _, c := range specstest.Shipped(t) {
		all = append(all, c)
		if list, err := compare.Contracts(c, c); err != nil || len(list) > 0 {
			t.Errorf("%s and itself: %v, %v", c.ID, list, err)
		}
	}
	if _, err := compare.Contracts(all[0], all[1]); err == nil || !strings.Contains(err.Error(), "two vendors") {
		t.Errorf("two vendors: %v", err)
	}
}

func ExampleContracts() {
	shipped, err := specs.Embedded("elma365")
	if err != nil {
		panic(err)
	}
	mine, err := shipped.WithReadings(map[string]string{"ELMA365-R-16": "both-required"})
	if err != nil {
		panic(err)
	}
	changes, err := compare.Contracts(shipped, mine)
	if err != nil {
		panic(err)
	}
	for _, c := range changes {
		fmt.Println(c.Level, c.Where, c.Kind)
	}
	// Output:
	// risky POST /api/messengers/external/other/webhook/{channelId} new-required-request-property
	// risky POST /api/messengers/external/other/webhook/{channelId} new-required-request-property
	// risky POST /api/messengers/external/other/webhook/{channelId} request-property-any-of-removed
	// risky readings/ELMA365-R-16 reading-default-changed
	// compatible events/message event-property-all-of-added
	// compatible events/message event-property-any-of-removed
}

// TestAnotherSignature breaks who verifies, and the scheme's name alone does not.
func TestAnotherSignature(t *testing.T) {
	signed := func(name string) *specs.Contract {
		t.Helper()
		c, err := specs.Embedded("elma365")
		if err == nil && name != "" {
			c, err = c.WithSignature(name)
		}
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	renamed := signed("github")
	renamed.Signature.Name = ""
	for _, test := range []struct {
		before, after *specs.Contract
		want          string
	}{
		{signed("github"), signed("stripe"), "breaking signature-changed"},
		{signed("github"), signed(""), "breaking signature-removed"},
		{signed("github"), renamed, ""},
	} {
		list, err := compare.Contracts(test.before, test.after)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, c := range list {
			got += fmt.Sprintf("%s %s", c.Level, c.Kind)
		}
		if got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
