package yamlnode

import (
	"errors"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestOneDocument: a second one is refused by its line, as nobody would read it.
func TestOneDocument(t *testing.T) {
	for text, line := range map[string]int{
		"":                                 0,
		"a: 1\n":                           0,
		"---\na: 1\n":                      0,
		"# first\n---\na: 1\n...\n":        0,
		"a: 1\n---\n":                      0,
		"a: 1\n---\n# no more\n":           0,
		"a: |\n  ---\n  b\n":               0,
		"{\"a\": 1}\n":                     0,
		"a: 1\n---\nb: 2\n":                2,
		"a: 1\n...\n# then\n---\n\nb: 2\n": 4,
		"a: 1\n---\n---\nb: 2\n":           3,
		"a: 1\n--- null\n--- \"\"\n":       2,
	} {
		for name, read := range map[string]func() error{
			"loose":  func() error { var n yaml.Node; return Unmarshal([]byte(text), &n) },
			"strict": func() error { var v struct{ A any }; return UnmarshalStrict([]byte(text), &v) },
		} {
			var second *SecondError
			err := read()
			if errors.As(err, &second) != (line > 0) || line == 0 && err != nil || line > 0 && second.Line != line {
				t.Errorf("%s, %q: %v, want line %d", name, text, err, line)
			}
		}
	}
}
