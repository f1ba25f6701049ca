package infer

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs/openapi"
)

// document is the contract's files while they are written, as values by name.
type document struct {
	*Inference
	files   map[string]any
	made    []Made
	notes   []string
	samples int
	proven  bool // a call carries credentials
	schemes map[string]any
	ids     map[string]bool
	events  map[string]bool
}

const sourceKey = "capture"

func evidence() map[string]any {
	return map[string]any{"class": "observed", "source": sourceKey}
}

func (d *document) note(format string, args ...any) {
	d.notes = append(d.notes, fmt.Sprintf(format, args...))
}

// write makes the contract of the calls to some hosts, and of all events.
func (i *Inference) write(hosts []string) *document {
	d := &document{Inference: i, files: map[string]any{}, schemes: map[string]any{}, ids: map[string]bool{}, events: map[string]bool{}}
	top := &tree{}
	taken := i.taken(hosts)
	for _, c := range taken {
		top.add(c)
	}
	top.fold()
	operations := top.templates()
	d.proven = slices.ContainsFunc(operations, (*call).isProven)
	for _, e := range i.events {
		d.proven = d.proven || e.isProven()
	}
	paths, used := map[string]any{}, 0
	for _, c := range operations {
		item, _ := paths[c.template].(map[string]any)
		if item == nil {
			item = map[string]any{}
			paths[c.template] = item
		}
		item[strings.ToLower(c.method)] = d.operation(c)
		used += c.seen
	}
	webhooks, sent := d.webhooks()
	d.noteRest()
	header := map[string]any{
		"id": i.options.ID, "name": i.options.ID,
		"sources": map[string]any{sourceKey: map[string]any{"title": fmt.Sprintf("capture %s, %s", i.options.Capture, plural.Of(used+sent, "exchange"))}},
	}
	if len(d.notes) > 0 {
		header["notJudged"] = d.notes
	}
	out := map[string]any{
		"openapi": "3.1.0", "x-parley": header, "paths": paths, "webhooks": webhooks,
		"info": map[string]any{"title": i.options.ID, "version": "0", "description": "Inferred from recorded traffic: what was seen, and nothing else."},
	}
	if len(d.schemes) > 0 {
		out["components"] = map[string]any{"securitySchemes": d.schemes}
	}
	if len(taken) > 0 && taken[len(taken)-1].host != "" {
		out["servers"] = []any{map[string]any{"url": strings.TrimRight(taken[len(taken)-1].host, "/")}}
	}
	d.files["openapi.yaml"] = out
	return d
}

// noteRest names what no operation has.
func (d *document) noteRest() {
	if len(d.headers) > 0 {
		d.note("headers of requests: %s", strings.Join(slices.Sorted(maps.Keys(d.headers)), ", "))
	}
	if len(d.cookies) > 0 {
		d.note("cookies: %s", strings.Join(slices.Sorted(maps.Keys(d.cookies)), ", "))
	}
	d.note("headers of answers")
}

func (d *document) operation(c *call) map[string]any {
	c.id = openapi.Unique(d.ids, openapi.OperationID(strings.ToLower(c.method), c.template))
	d.tell("operations/"+c.id, c)
	out := d.described(c, c.id, c.method+" "+c.template)
	var list []any
	for n, name := range c.names {
		list = append(list, map[string]any{"name": name, "in": "path", "required": true, "schema": c.inPath(n), "x-evidence": evidence()})
	}
	list = append(list, c.query.parameters("query", c.seen)...)
	if list = append(list, c.headers.parameters("header", c.seen)...); len(list) > 0 {
		out["parameters"] = list
	}
	d.bodies(out, c, "operations/"+c.id)
	return out
}

// described is what operations and events have alike.
func (d *document) described(c *call, id, summary string) map[string]any {
	out := map[string]any{"operationId": id, "summary": summary, "description": "Seen " + plural.Of(c.seen, "time") + ".", "x-evidence": evidence()}
	if !d.proven {
		return out
	}
	out["security"] = c.security()
	for joined := range c.proofs {
		for credential := range strings.FieldsSeq(joined) {
			name, described := securityScheme(credential)
			d.schemes[name] = described
		}
	}
	return out
}

// isProven tells whether some of the requests carry credentials.
func (c *call) isProven() bool { return len(c.proofs) > 1 || c.proofs[""] == 0 }

// inPath is the schema of the n-th parameter of a path.
func (c *call) inPath(n int) map[string]any {
	var all texts
	for _, path := range c.paths {
		if values := valuesIn(path, c.template); n < len(values) {
			all.add(values[n], true)
		}
	}
	schema := all.schema()
	delete(schema, "x-known-values") // an ID
	return schema
}

func (d *document) tell(name string, c *call) {
	m := Made{Name: name, Method: c.method, Path: c.template, Seen: c.seen, Statuses: map[int]int{}}
	for status, p := range c.answers {
		m.Statuses[status] = p.seen
	}
	d.made = append(d.made, m)
	if c.unanswered > 0 {
		d.note("%s: %s without an answer", name, plural.Of(c.unanswered, "call"))
	}
}

// bodies writes the request and the answers of an operation or an event.
func (d *document) bodies(out map[string]any, c *call, name string) {
	if c.request.bodies > 0 {
		out["requestBody"] = map[string]any{
			"required": c.request.bodies == c.seen && c.seen >= often,
			"content":  d.content(&c.request, name, name),
		}
	}
	_, id, _ := strings.Cut(name, "/")
	responses := map[string]any{}
	for _, status := range slices.Sorted(maps.Keys(c.answers)) {
		key, p := strconv.Itoa(status), c.answers[status]
		if status < 100 || status > 599 {
			key = "default"
		}
		answer := map[string]any{"description": "Seen " + plural.Of(p.seen, "time") + ".", "x-evidence": evidence()}
		if text := http.StatusText(status); text != "" {
			answer["description"] = text + ", seen " + plural.Of(p.seen, "time") + "."
		}
		if content := d.content(p, "answers/"+id+"/"+key, fmt.Sprintf("%s, answer %d", name, status)); content != nil {
			answer["content"] = content
		}
		responses[key] = answer
	}
	if len(responses) == 0 {
		responses["default"] = map[string]any{"description": "No answer was seen.", "x-evidence": "assumed"}
	}
	out["responses"] = responses
}

// webhooks writes the events, and counts their exchanges.
func (d *document) webhooks() (map[string]any, int) {
	out, sent := map[string]any{}, 0
	byMethod := map[string][]*event{}
	for _, key := range slices.Sorted(maps.Keys(d.Inference.events)) {
		e := d.Inference.events[key]
		byMethod[e.method] = append(byMethod[e.method], e)
	}
	for _, method := range slices.Sorted(maps.Keys(byMethod)) {
		member, list := divided(byMethod[method])
		for _, c := range list {
			tag := c.id
			if member == "" {
				tag = openapi.OperationID(strings.ToLower(method), c.path)
			}
			c.id = openapi.Unique(d.events, openapi.FileName(tag))
			d.tell("events/"+c.id, c)
			one := d.described(c, openapi.Unique(d.ids, c.id), "Event "+tag)
			d.bodies(one, c, "events/"+c.id)
			if member != "" && len(list) > 1 {
				d.fix("events/"+c.id, member, tag)
			}
			if list := c.headers.sent(c.seen); len(list) > 0 {
				one["parameters"] = list
			}
			if len(c.query) > 0 {
				d.note("query of events/%s", c.id)
			}
			out[c.id] = map[string]any{strings.ToLower(method): one}
			sent += c.seen
		}
	}
	return out, sent
}

// fix makes a member the constant that tells an event from others.
func (d *document) fix(payload, member, value string) {
	schema, _ := d.files["schemas/"+payload+".schema.json"].(map[string]any)
	properties, _ := schema["properties"].(map[string]any)
	if properties == nil {
		return
	}
	properties[member] = map[string]any{"const": value, "x-evidence": "observed"}
	required, _ := schema["required"].([]any)
	if !slices.Contains(required, any(member)) {
		schema["required"] = append(required, member)
	}
}
