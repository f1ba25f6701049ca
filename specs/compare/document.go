package compare

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/specs"
)

// eventPath begins the paths of what stands for events. No vendor has it.
const eventPath = "/~events/"

// notOurs are changes that a contract does not have: nobody counts info.version.
var notOurs = map[string]bool{"api-version-not-bumped": true}

// documents compares operations, parameters and bodies.
func documents(old, new *specs.Contract) ([]Change, error) {
	before, err := document(old)
	if err != nil {
		return nil, err
	}
	after, err := document(new)
	if err != nil {
		return nil, err
	}
	difference, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), before, after)
	if err != nil {
		return nil, fmt.Errorf("the documents of %s cannot be compared: %w", old.ID, err)
	}
	found := checker.CheckBackwardCompatibilityUntilLevel(checker.NewConfig(checker.GetAllChecks()), difference, sources, checker.INFO)
	localizer := checker.NewDefaultLocalizer()
	var changes []Change
	for _, one := range found {
		if notOurs[one.GetId()] {
			continue
		}
		c := Change{Level: levelOf(one.GetLevel()), Kind: one.GetId(), Text: one.GetUncolorizedText(localizer)}
		event, ok := strings.CutPrefix(one.GetPath(), eventPath)
		if ok && (strings.HasPrefix(c.Kind, "api-") || strings.HasPrefix(c.Kind, "endpoint-")) {
			continue // an event came or went: answers says so
		}
		if ok {
			c.Where, c.Kind, c.Text = "events/"+event, eventWords(c.Kind), eventWords(oneStatus().ReplaceAllString(c.Text, ""))
		} else {
			c.Where = operationName(one.GetOperation(), one.GetPath(), new, old)
		}
		changes = append(changes, c)
	}
	return changes, nil
}

func levelOf(l checker.Level) Level {
	switch l {
	case checker.ERR:
		return Breaking
	case checker.WARN:
		return Risky
	}
	return Compatible
}

// operationName is the operation's own name where only one has that method and path.
func operationName(method, path string, contracts ...*specs.Contract) string {
	if method == "" {
		return "openapi.yaml"
	}
	for _, c := range contracts {
		var names []string
		for _, o := range c.Operations {
			if o.Method == method && o.Path == path {
				names = append(names, o.Name())
			}
		}
		if len(names) == 1 {
			return names[0]
		}
	}
	return method + " " + path
}

// oneStatus is what oasdiff says of the response that stands for an event.
var oneStatus = lazy.Regexp(" (from|to|for|with) (the )?(response )?(with )?(the )?(`200` status|status `200`)")

// eventWords says event for response, and answer for request.
func eventWords(text string) string {
	return strings.NewReplacer("response", "event", "request", "answer").Replace(text)
}

// document is a contract's bundle with each event as an operation whose response
// is the event's body, and whose request is the partner's answer.
func document(c *specs.Contract) (*load.SpecInfo, error) {
	bundle, err := c.Bundle("json")
	if err != nil {
		return nil, err
	}
	var plain map[string]any
	if err := json.Unmarshal(bundle, &plain); err != nil {
		return nil, err
	}
	paths, _ := plain["paths"].(map[string]any)
	if paths == nil {
		paths = map[string]any{}
	}
	events, _ := plain["webhooks"].(map[string]any)
	for id, item := range events {
		paths[eventPath+id] = map[string]any{"post": turned(id, item)}
	}
	plain["paths"] = paths
	delete(plain, "webhooks")
	if bundle, err = json.Marshal(asNewer(plain)); err != nil {
		return nil, err
	}
	read, err := openapi3.NewLoader().LoadFromData(bundle)
	if err != nil {
		return nil, fmt.Errorf("the document of %s: %w", c.ID, err)
	}
	return &load.SpecInfo{Url: c.ID, Spec: read}, nil
}

// turned is an event seen from the partner's side.
func turned(id string, item any) map[string]any {
	operation := map[string]any{
		"operationId": id,
		"responses":   map[string]any{"200": map[string]any{"description": "the event", "content": member(item, "post", "requestBody", "content")}},
	}
	if content := successContent(member(item, "post", "responses")); content != nil {
		operation["requestBody"] = map[string]any{"content": content}
	}
	return operation
}

// successContent is the body of the lowest status of success that has one.
func successContent(responses any) any {
	for status := 200; status < 300; status++ {
		if content := member(responses, fmt.Sprint(status), "content"); content != nil {
			return content
		}
	}
	return nil
}

func member(value any, names ...string) any {
	for _, name := range names {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}
