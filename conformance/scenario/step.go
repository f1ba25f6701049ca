package scenario

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/lazy"
)

func (r *reader) step(node *yaml.Node) Step {
	s := Step{Line: node.Line, Column: node.Column}
	texts := func(target *map[string]string) member { return r.into(target, "a list of name: text") }
	r.mapping(node, "a step", map[string]member{
		"name": r.into(&s.Name, "a text"), "requirements": r.into(&s.Requirements, "a list of requirement IDs"),
		"ask": r.into(&s.Ask, "a text"), "send": r.into(&s.Send, "the ID of an event"), "expect": r.into(&s.Expect, "the name of an operation"),
		"never": r.into(&s.Never, "the name of an operation"), "state": r.into(&s.State, "a JSON pointer such as /tickets"),
		"advance": r.duration(&s.Advance), "within": r.duration(&s.Within), "for": r.duration(&s.For),
		"fault": func(value *yaml.Node) { f := r.fault(value); s.Fault = &f },
		"call":  func(value *yaml.Node) { s.Call = r.call(value) },
		"set":   r.into(&s.Set, "a list of path: value"), "sample": r.into(&s.Sample, "the name of a sample"), "answer": r.into(&s.Answer, "a status"),
		"status": r.into(&s.Status, "a status"), "body": r.into(&s.Body, "a list of path: value"), "times": r.into(&s.Times, "a number"),
		"contains": texts(&s.Contains), "save": texts(&s.Save),
	})
	if r.err == nil {
		if wrong := s.wrong(); wrong != "" {
			r.fail(node, "%s", wrong)
		}
	}
	return s
}

func (r *reader) call(node *yaml.Node) *Call {
	c := &Call{Method: "GET"}
	r.mapping(node, "a call", map[string]member{
		"method": r.into(&c.Method, "a method"), "path": r.into(&c.Path, "a path"),
		"header": r.into(&c.Header, "a list of name: text"), "body": r.into(&c.Body, "a body"),
	})
	if r.err == nil && !strings.HasPrefix(c.Path, "/") {
		r.fail(node, "a call has a path that begins with /, on the vendor that is played")
	}
	return c
}

// deed is what a step can do, and what else may stand beside it.
type deed struct {
	name   string
	beside []string
}

// deeds are all of them; a step has exactly one.
var deeds = []deed{
	{"ask", nil},
	{"send", []string{"set", "sample", "answer", "save"}},
	{"call", []string{"status", "save"}},
	{"fault", nil},
	{"advance", nil},
	{"expect", []string{"status", "body", "contains", "times", "within", "save"}},
	{"never", []string{"status", "body", "contains", "for"}},
	{"state", []string{"body", "contains", "within", "save", "times"}},
}

// kind is the name of what the step does.
func (s Step) kind() string {
	has := s.members()
	for _, d := range deeds {
		if has[d.name] {
			return d.name
		}
	}
	return ""
}

var savedName = lazy.Regexp(`^[A-Za-z][A-Za-z0-9_]*$`)

// wrong says what about a step cannot be; "" when nothing.
func (s Step) wrong() string {
	var does, beside []string
	has := s.members()
	for _, d := range deeds {
		if has[d.name] {
			does, beside = append(does, d.name), d.beside
		}
	}
	if len(does) != 1 {
		return "a step does exactly one of ask, send, call, fault, advance, expect, never and state; this one has " + orNothing(does)
	}
	for _, name := range []string{"set", "sample", "answer", "status", "body", "contains", "times", "within", "for", "save"} {
		if has[name] && !slices.Contains(beside, name) {
			return fmt.Sprintf("%s does not belong to %s", name, does[0])
		}
	}
	for name := range s.Save {
		if !savedName().MatchString(name) {
			return fmt.Sprintf("save: %q is no name; use letters and digits", name)
		}
	}
	for _, name := range []string{s.Expect, s.Never} {
		if name != "" && !strings.HasPrefix(name, "operations/") {
			return fmt.Sprintf("%q is what the partner calls; write operations/ and the operation's ID", name)
		}
	}
	if s.State != "" && !strings.HasPrefix(s.State, "/") {
		return fmt.Sprintf("state %q is a JSON pointer; write it like /tickets", s.State)
	}
	return ""
}

func (s Step) members() map[string]bool {
	return map[string]bool{
		"ask": s.Ask != "", "send": s.Send != "", "call": s.Call != nil, "fault": s.Fault != nil, "advance": s.Advance != 0,
		"expect": s.Expect != "", "never": s.Never != "", "state": s.State != "",
		"set": s.Set != nil, "sample": s.Sample != "", "answer": s.Answer != 0, "status": s.Status != 0, "body": s.Body != nil,
		"contains": s.Contains != nil, "times": s.Times != 0, "within": s.Within != 0, "for": s.For != 0, "save": s.Save != nil,
	}
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "none of them"
	}
	return strings.Join(list, " and ")
}
