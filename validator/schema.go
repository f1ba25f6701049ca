package validator

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/xeipuuv/gojsonschema"

	"github.com/parleykit/parley/specs"
)

// Everything that knows gojsonschema stands in this file, and the names of its
// errors in rule.go. It compiles each schema once as it is, which decides, and once
// more, when a body is refused for the first time, with its choices (oneOf, anyOf)
// set aside, so that they can be explained branch by branch. Of a contract that is
// proven even the first waits until the acceptor is not sure of a body, or refuses
// it.

// schema is the compiled schema of one payload.
type schema struct {
	// accept is the seam for an acceptor in front: when it says yes the body is
	// valid, and gojsonschema is not asked. Against a body only gojsonschema
	// decides.
	accept func(value view) verdict
	full   func() (compiled, error) // compiles when it is first asked for
	parts  *parts                   // nil: there are no choices
	root   *node
	newer  *newerSchema // what judges in the place of gojsonschema; nil: that does
}

// compiler holds the schemas of one contract.
type compiler struct {
	contract *specs.Contract
	mu       sync.Mutex
	loader   *gojsonschema.SchemaLoader // nil: nothing was compiled yet
	whole    *gojsonschema.Schema       // of a contract that is not proven: all payloads, each a member
	parts    *parts
	newer    *newer
}

// compiled is a schema of gojsonschema. With a member, it describes a value that
// stands in an object under that key.
type compiled struct {
	schema *gojsonschema.Schema
	member string
}

func (c compiled) validate(value any) (*gojsonschema.Result, error) {
	if c.member != "" {
		value = map[string]any{c.member: value}
	}
	return c.schema.Validate(gojsonschema.NewRawLoader(value))
}

// newCompiler compiles nothing yet.
func newCompiler(b *graphBuilder) *compiler {
	addFormats()
	of := newNewer(b.contract, b.newer)
	return &compiler{contract: b.contract, newer: of, parts: &parts{contract: b.contract, separate: sync.OnceValue(b.separate), without: of.payloads, compiled: map[string]compiled{}}}
}

// load puts copies of all schemas but those without into one pool: compiling rewrites
// references in place.
func load(c *specs.Contract, without map[string]bool, choices choices) (*gojsonschema.SchemaLoader, error) {
	loader := gojsonschema.NewSchemaLoader()
	loader.Draft = gojsonschema.Draft7
	for _, name := range c.PayloadNames() {
		p := c.Payloads[name]
		if without[p.File] {
			continue
		}
		if err := loader.AddSchema(addressOf(p.File), gojsonschema.NewRawLoader(prepared(p.Schema(), choices))); err != nil {
			return nil, errorIn(c, p, "", "%v", err)
		}
	}
	return loader, nil
}

func (c *compiler) payload(name string, root *node) (p *payload, err error) {
	p = &payload{name: name, graph: root, program: newProgram(root)}
	p.schema, err = c.schema(c.contract.Payloads[name], root)
	return p, err
}

// schema is that of a payload. Its mistakes are found here, unless the contract is
// proven to have none.
func (c *compiler) schema(p *specs.Payload, root *node) (*schema, error) {
	s := &schema{accept: root.accepts, parts: c.parts, root: root}
	s.full = sync.OnceValues(func() (compiled, error) { return c.compile(p) })
	if c.newer.payloads[p.File] {
		s.newer = c.newer.schema(p)
	}
	if c.contract.Proven() {
		return s, nil
	}
	return s, s.mistake()
}

// mistake is what is wrong with the schema itself.
func (s *schema) mistake() error {
	if s.newer != nil {
		return s.newer.mistake()
	}
	_, err := s.full()
	return err
}

// compile compiles all payloads of a contract at once, unless it is proven: then only
// few are asked for. The compiler shares what they refer to only where they are parts
// of one schema.
func (c *compiler) compile(p *specs.Payload) (compiled, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.whole != nil {
		return compiled{c.whole, p.Name}, nil
	}
	if c.loader == nil {
		loader, err := load(c.contract, c.newer.payloads, kept)
		if err != nil {
			return compiled{}, err
		}
		c.loader = loader
		if !c.contract.Proven() {
			files := map[string]string{}
			for name, p := range c.contract.Payloads {
				if !c.newer.payloads[p.File] {
					files[name] = p.File
				}
			}
			if c.whole = wholeOf(loader, files); c.whole != nil {
				return compiled{c.whole, p.Name}, nil
			}
		}
	}
	full, err := c.loader.Compile(seal(addressOf(p.File)))
	if err != nil {
		return compiled{}, errorIn(c.contract, p, quotedIn(err.Error()), "the schema does not compile: %v", err)
	}
	return compiled{schema: full}, nil
}

// wholeOf compiles one schema of which many are the members, by their address in the
// contract; nil when it does not compile, and then compiling each for itself tells which
// is wrong.
func wholeOf(loader *gojsonschema.SchemaLoader, addresses map[string]string) *gojsonschema.Schema {
	members := map[string]any{}
	for name, address := range addresses {
		members[name] = map[string]any{"$ref": addressOf(address)}
	}
	if loader.AddSchema(addressOf(""), gojsonschema.NewRawLoader(map[string]any{"properties": members})) != nil {
		return nil
	}
	whole, err := loader.Compile(seal(addressOf("")))
	if err != nil {
		return nil
	}
	return whole
}

// parameterSchema is that of a parameter, which refers to no other and has no choices. Its
// mistakes are found here, unless the contract is proven to have none.
func parameterSchema(c *specs.Contract, p specs.Parameter, root *node) (*schema, error) {
	addFormats()
	s := &schema{accept: root.accepts, root: root}
	s.full = sync.OnceValues(func() (compiled, error) {
		loader := gojsonschema.NewSchemaLoader()
		loader.Draft = gojsonschema.Draft7
		full, err := loader.Compile(gojsonschema.NewRawLoader(prepared(p.Schema, kept)))
		if err != nil {
			return compiled{}, errorAt(c, p, "the schema does not compile: "+err.Error())
		}
		return compiled{schema: full}, nil
	})
	if c.Proven() {
		return s, nil
	}
	_, err := s.full()
	return s, err
}

// parts compiles schemas without their choices, on demand: a refused body pays. As the
// compiler does, it compiles all at once, unless the contract is proven.
type parts struct {
	contract *specs.Contract
	without  map[string]bool // files of which gojsonschema knows nothing
	separate func() []string // addresses of all that may be asked for; none: a choice decides where it is not explained
	mu       sync.Mutex
	loader   *gojsonschema.SchemaLoader
	compiled map[string]compiled // by address of the node
}

func (p *parts) get(address string) (compiled, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loader == nil {
		loader, err := load(p.contract, p.without, apart)
		if err != nil {
			return compiled{}, err
		}
		p.loader = loader
		if !p.contract.Proven() {
			p.compileAll()
		}
	}
	if one, ok := p.compiled[address]; ok {
		return one, nil
	}
	one, err := p.loader.Compile(seal(addressOf(address)))
	if err != nil {
		return compiled{}, err
	}
	p.compiled[address] = compiled{schema: one}
	return p.compiled[address], nil
}

func (p *parts) compileAll() {
	addresses := map[string]string{}
	for _, address := range p.separate() {
		addresses[address] = address
	}
	whole := wholeOf(p.loader, addresses)
	for _, address := range p.separate() {
		if whole != nil {
			p.compiled[address] = compiled{whole, address}
		}
	}
}

// accepts decides. Judging asks the acceptor first, and this where it is unsure.
func (s *schema) accepts(value any) bool {
	if s.newer != nil {
		return s.newer.accepts(value)
	}
	full, err := s.full()
	if err != nil {
		return false
	}
	result, err := full.validate(value)
	return err == nil && result.Valid()
}

// problem is one error of gojsonschema in our terms.
type problem struct {
	code     string
	path     []string // keys and indices from the judged value
	expected string
	key      string // the missing or superfluous key, where it is about one
}

// problems judges a value at a path by one node without its choices.
func (p *parts) problems(n *node, value any, at []string) ([]problem, bool) {
	part, err := p.get(n.address)
	if err != nil {
		return nil, false
	}
	list := problemsOf(part, value)
	for i := range list {
		list[i].path = slices.Concat(at, list[i].path)
	}
	return list, true
}

func problemsOf(by compiled, value any) []problem {
	result, err := by.validate(value)
	if err != nil {
		return nil
	}
	var list []problem
	for _, e := range result.Errors() {
		if one, ok := problemOf(e); ok {
			if by.member != "" {
				one.path = one.path[1:]
			}
			list = append(list, one)
		}
	}
	if list == nil && !result.Valid() { // only errors that sum up others
		list = []problem{{code: "body.schema", expected: "a body that the schema accepts"}}
	}
	return list
}

// separator divides the keys of a context; none is likely to hold it.
const separator = "\x1f\x00\x1f"

func problemOf(e gojsonschema.ResultError) (problem, bool) {
	rule, ok := rules[e.Type()]
	if !ok {
		return problem{code: "body.schema", path: pathOf(e), expected: e.Description()}, true
	}
	if rule.code == "" {
		return problem{}, false
	}
	one := problem{code: rule.code, path: pathOf(e), expected: rule.text}
	if rule.detail != "" {
		one.expected += fmt.Sprint(e.Details()[rule.detail])
	}
	switch e.Type() {
	case "required", "additional_property_not_allowed", "invalid_property_name":
		one.key, _ = e.Details()["property"].(string)
		one.path = append(one.path, one.key)
	case "missing_dependency":
		one.key, _ = e.Details()["dependency"].(string)
		one.path = append(one.path, one.key)
	case "invalid_type": // of several types: [string,null]
		one.expected = strings.ReplaceAll(strings.Trim(one.expected, "[]"), ",", " or ")
	case "format":
		if pattern, ok := strings.CutPrefix(one.expected, patternPrefix); ok {
			one.code, one.expected = codePattern, textThatMatches+pattern
		}
		one.expected = strings.TrimPrefix(one.expected, formatPrefix)
	}
	return one, true
}

func pathOf(e gojsonschema.ResultError) []string {
	path := strings.Split(e.Context().String(separator), separator)
	return slices.Clone(path[1:]) // without the root
}

var addFormats = sync.OnceFunc(func() {
	for name, check := range formats {
		addFormat(formatPrefix+name, check)
	}
})

func addFormat(name string, check func(text string) bool) {
	gojsonschema.FormatCheckers.Add(name, formatCheck(check))
}

type formatCheck func(text string) bool

// IsFormat judges strings only, as JSON Schema has it.
func (f formatCheck) IsFormat(value any) bool {
	text, ok := value.(string)
	return !ok || f(text)
}

// sealed is the loader of a schema in the pool. What is not there is refused
// instead of fetched.
type sealed struct{ gojsonschema.JSONLoader }

func seal(address string) sealed { return sealed{gojsonschema.NewReferenceLoader(address)} }

// LoadJSON is asked for what the pool does not have.
func (s sealed) LoadJSON() (any, error) {
	return nil, fmt.Errorf("%v is no schema of this contract", s.JsonSource())
}

// LoaderFactory seals references as well.
func (s sealed) LoaderFactory() gojsonschema.JSONLoaderFactory { return sealedFactory{} }

type sealedFactory struct{}

func (sealedFactory) New(source string) gojsonschema.JSONLoader { return seal(source) }
