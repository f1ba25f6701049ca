package specs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/signature"
)

// Signature is how the vendor signs its events, from x-parley.signature: the name of a
// scheme, or what makes one, which may begin with a scheme that has a name.
type Signature struct {
	signature.Scheme
	Evidence Evidence `json:"evidence"`
}

// WithSignature returns the contract with events signed by the scheme of that name.
// Its user says so, so that it counts as agreed.
func (c *Contract) WithSignature(name string) (*Contract, error) {
	scheme, err := schemeOf(name)
	if err != nil {
		return nil, err
	}
	next := c.Verified()
	next.Signature = &Signature{Scheme: scheme, Evidence: Evidence{Class: Agreed}}
	next.noteSignature()
	return next, nil
}

// Verified is the contract for whoever verifies the signatures of events.
func (c *Contract) Verified() *Contract {
	next := *c
	next.NotJudged = slices.DeleteFunc(slices.Clone(c.NotJudged), func(text string) bool { return c.Signature != nil && text == c.Signature.notJudged() })
	return &next
}

// noteSignature says what nobody judges of signatures.
func (c *Contract) noteSignature() {
	if c.Signature != nil {
		c.NotJudged = append(c.NotJudged, c.Signature.notJudged())
	}
}

func (s *Signature) notJudged() string {
	return fmt.Sprintf("signatures of captured and forwarded events, in %s, without a secret: `parley validate` and `parley proxy` verify them with --secret, and `parley conform --secret` judges whether a partner does", s.Header)
}

func schemeOf(name string) (signature.Scheme, error) {
	scheme, ok := signature.Preset(name)
	if !ok {
		return scheme, fmt.Errorf("signature scheme %q is not known; there are %s", name, plural.List(signature.Names(), "and"))
	}
	return scheme, nil
}

// signatureOf reads x-parley.signature; nil where there is none.
func signatureOf(node *yaml.Node, sources map[string]Source, at place) (*Signature, error) {
	if node.IsZero() || node.Tag == "!!null" {
		return nil, nil
	}
	fail := func(line int, err error) (*Signature, error) {
		return nil, at.line(line).errorf("x-parley.signature: %v", err)
	}
	var s Signature
	var err error
	switch node.Kind {
	case yaml.ScalarNode:
		s.Scheme, err = schemeOf(node.Value)
	case yaml.MappingNode:
		if line, err := s.read(node); err != nil {
			return fail(line, err)
		}
		s.Scheme = s.WithDefaults()
		err = s.Check()
	default:
		err = errors.New("write the name of a scheme, or a mapping with hmac and header")
	}
	if err == nil && s.Evidence != (Evidence{}) {
		err = s.Evidence.check(sources)
	}
	if err != nil {
		return fail(node.Line, err)
	}
	return &s, nil
}

// read takes over each key of a mapping. The error is about a line.
func (s *Signature) read(node *yaml.Node) (line int, err error) {
	fields := map[string]*string{
		"hmac": &s.Hash, "header": &s.Header, "encoding": &s.Encoding, "prefix": &s.Prefix, "before": &s.Before, "between": &s.Between,
		"payload": &s.Payload, "idHeader": &s.IDHeader, "timestampHeader": &s.TimestampHeader, "secretPrefix": &s.SecretPrefix,
	}
	for i := 0; i+1 < len(node.Content); i += 2 { // what the scheme has, the other keys change
		if key, value := node.Content[i], node.Content[i+1]; key.Value == "scheme" {
			if s.Scheme, err = schemeOf(value.Value); err != nil {
				return value.Line, err
			}
		}
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		field := fields[key.Value]
		switch {
		case key.Value == "scheme":
		case key.Value == "x-evidence":
			var e evidence
			err = value.Decode(&e)
			s.Evidence = Evidence(e)
		case key.Value == "tolerance":
			if s.Tolerance, err = time.ParseDuration(value.Value); err != nil {
				err = fmt.Errorf("`tolerance` is %q; write a duration such as 5m", value.Value)
			}
		case field == nil:
			known := append(slices.Collect(maps.Keys(fields)), "scheme", "tolerance", "x-evidence")
			slices.Sort(known)
			err = fmt.Errorf("`%s` is not known; there are %s", key.Value, plural.List(known, "and"))
		default:
			err = value.Decode(field)
		}
		if err != nil {
			return key.Line, err
		}
	}
	return 0, nil
}
