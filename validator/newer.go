package validator

import (
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/parleykit/parley/internal/regex"
	"github.com/parleykit/parley/specs"
)

// Everything that knows santhosh-tekuri/jsonschema stands in this file, in newererror.go
// the kinds of its errors, and in newerkeyname.go where one of them is. It judges payloads whose schema is of 2020-12, or refers
// to one that is; gojsonschema, which knows draft-07 and nothing later, judges all others.

// newer compiles such schemas of one contract, each by the words of its file.
type newer struct {
	contract *specs.Contract
	payloads map[string]bool // that need it, by file
	mu       sync.Mutex
	compiler *jsonschema.Compiler // nil: nothing was compiled yet
	nodes    *graphBuilder        // of the branches that were explained
}

func newNewer(c *specs.Contract, payloads map[string]bool) *newer {
	return &newer{contract: c, payloads: payloads, nodes: &graphBuilder{contract: c, built: map[string]*node{}}}
}

// newerPayloads are the files whose schema is of 2020-12, or leads to one that is.
func newerPayloads(c *specs.Contract) map[string]bool {
	found := map[string]bool{}
	for _, p := range c.Payloads {
		if p.IsNewer() {
			found[p.File] = true
		}
	}
	for more := len(found) > 0; more; { // until no further file leads to one of them
		more = false
		for _, p := range c.Payloads {
			if !found[p.File] && refersTo(c, p, p.Schema(), found) {
				found[p.File], more = true, true
			}
		}
	}
	return found
}

func refersTo(c *specs.Contract, p *specs.Payload, value any, files map[string]bool) bool {
	switch value := value.(type) {
	case map[string]any:
		if ref, ok := value["$ref"].(string); ok {
			if target, _ := c.Resolve(p, ref); target != nil && files[target.File] {
				return true
			}
		}
		for _, inside := range value {
			if refersTo(c, p, inside, files) {
				return true
			}
		}
	case []any:
		for _, inside := range value {
			if refersTo(c, p, inside, files) {
				return true
			}
		}
	}
	return false
}

// newerSchema is the schema of one payload, compiled when it is first asked for.
type newerSchema struct {
	of   *newer
	full func() (*jsonschema.Schema, error)
}

func (c *newer) schema(p *specs.Payload) *newerSchema {
	return &newerSchema{c, sync.OnceValues(func() (*jsonschema.Schema, error) { return c.compile(p) })}
}

// mistake is what is wrong with the schema itself.
func (s *newerSchema) mistake() error {
	_, err := s.full()
	return err
}

func (s *newerSchema) accepts(value any) bool {
	full, err := s.full()
	return err == nil && full.Validate(value) == nil
}

// compile returns the compiled schema of a payload.
func (c *newer) compile(p *specs.Payload) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.compiler == nil {
		c.compiler = jsonschema.NewCompiler()
		c.compiler.UseLoader(contractLoader{c.contract})
		c.compiler.UseRegexpEngine(patternEngine)
		c.compiler.AssertFormat()
		for name, check := range formats {
			c.compiler.RegisterFormat(&jsonschema.Format{Name: formatPrefix + name, Validate: formatOf(name, check)})
		}
	}
	schema, err := c.compiler.Compile(addressOf(p.File))
	if err != nil {
		text := strings.NewReplacer(addressOf(""), "", "\n- ", "; ", "\n", "; ").Replace(err.Error())
		return nil, errorIn(c.contract, p, quotedIn(text), "the schema does not compile: %s", text)
	}
	return schema, nil
}

// contractLoader finds the schemas of a contract by their files' addresses, and by what
// they call themselves. What is not there is refused instead of fetched.
type contractLoader struct{ contract *specs.Contract }

func (l contractLoader) Load(address string) (any, error) {
	for _, p := range l.contract.Payloads {
		own := addressOf(p.File)
		if id, ok := p.Written()["$id"].(string); ok && own != address {
			if base, err := url.Parse(own); err == nil {
				if named, err := base.Parse(id); err == nil {
					own = strings.TrimSuffix(named.String(), "#")
				}
			}
		}
		if own == address {
			return preparedNewer(p.Written()), nil
		}
	}
	return nil, fmt.Errorf("%s is no schema of this contract", address)
}

// namedPattern is a pattern as that library calls one.
type namedPattern struct {
	regex.Matcher
	text string
}

func (p namedPattern) String() string { return p.text }

func patternEngine(text string) (jsonschema.Regexp, error) {
	match, err := regex.Compile(text)
	if err != nil {
		return nil, err
	}
	return namedPattern{match, text}, nil
}

func formatOf(name string, check func(string) bool) func(any) error {
	return func(value any) error {
		if text, ok := value.(string); ok && !check(text) {
			return fmt.Errorf("this is no %s", name)
		}
		return nil
	}
}

// preparedNewer copies a schema with our formats in the place of the library's.
func preparedNewer(value any) any {
	switch value := value.(type) {
	case []any:
		next := make([]any, len(value))
		for i := range value {
			next[i] = preparedNewer(value[i])
		}
		return next
	case map[string]any:
		next := make(map[string]any, len(value))
		for key, inside := range value {
			switch key {
			case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies":
				next[key] = preparedNamed(inside, preparedNewer)
			case "enum", "const", "default", "example", "examples":
				next[key] = inside
			case "format":
				next[key] = formatPrefix + fmt.Sprint(inside)
			default:
				next[key] = preparedNewer(inside)
			}
		}
		boundNumber(value, next)
		return next
	}
	return value
}
