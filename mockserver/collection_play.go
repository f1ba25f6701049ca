package mockserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/jsonpointer"
	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/specs"
)

// What a collection keeps at most.
const (
	maxElements     = 10_000
	maxElementBytes = 32 << 20
)

// keeper plays the collections of a contract whose vendor is not played in Go.
type keeper struct {
	stage *Stage
	kept  map[string]*kept // by name
	names []string
}

// kept is one collection: its elements as JSON, by the text of their IDs.
type kept struct {
	store.Collection[json.RawMessage]
	id      string // member that tells an element from others
	numeric bool   // it is a whole number
}

// playCollections is how a vendor without rules of its own is played: with the
// collections that its document has, and nil where it has none.
func playCollections(c *specs.Contract) func(*Stage) Behaviour {
	if !slices.ContainsFunc(c.Operations, func(o *specs.Operation) bool { return o.Collection != nil }) {
		return nil
	}
	return func(stage *Stage) Behaviour {
		k := &keeper{stage: stage, kept: map[string]*kept{}}
		operations := map[string]func(*Call) Reply{}
		for _, o := range c.Operations {
			if o.Collection == nil {
				continue
			}
			in := k.collection(o.Collection)
			in.numeric = in.numeric || idIsNumber(c, o)
			if handle := k.handler(o, in); handle != nil {
				operations[o.ID] = handle
			}
		}
		for _, o := range c.Operations {
			if o.Collection != nil && !o.Collection.Item && o.Method == http.MethodGet {
				k.seed(o)
			}
		}
		return Behaviour{Operations: operations, State: k.state, AddState: k.addState}
	}
}

func (k *keeper) collection(of *specs.Collection) *kept {
	if known := k.kept[of.Name]; known != nil {
		return known
	}
	memory := store.NewMemory(k.stage.Bound(maxElements), slices.Clone[json.RawMessage]).Weighed(maxElementBytes, func(text json.RawMessage) int { return len(text) })
	made := &kept{Collection: Persist(k.stage, of.Name, memory), id: of.ID}
	k.kept[of.Name] = made
	k.names = append(k.names, of.Name)
	return made
}

func (k *keeper) handler(o *specs.Operation, in *kept) func(*Call) Reply {
	if o.Collection.Item {
		switch o.Method {
		case http.MethodGet:
			return func(c *Call) Reply { return k.read(c, in) }
		case http.MethodPut:
			return func(c *Call) Reply { return k.replace(c, in) }
		case http.MethodPatch:
			return func(c *Call) Reply { return k.patch(c, in) }
		case http.MethodDelete:
			return func(c *Call) Reply { return k.remove(c, in) }
		}
		return nil
	}
	switch o.Method {
	case http.MethodGet:
		return func(c *Call) Reply { return k.list(c, in) }
	case http.MethodPost:
		return func(c *Call) Reply { return k.create(c, in) }
	}
	return nil
}

// idIsNumber reports whether a body of an operation, or an element of it, has a whole
// number as its ID.
func idIsNumber(c *specs.Contract, o *specs.Operation) bool {
	for _, payload := range o.Payloads() {
		for _, f := range c.Fields(payload) {
			at := f.Pointer == "/"+jsonpointer.Escape(o.Collection.ID) || strings.HasSuffix(f.Pointer, "/*/"+jsonpointer.Escape(o.Collection.ID))
			if at && (strings.HasPrefix(f.Type, "integer") || strings.HasPrefix(f.Type, "number")) {
				return true
			}
		}
	}
	return false
}

// seed begins with the elements of the list operation's sample.
func (k *keeper) seed(o *specs.Operation) {
	documented, _ := o.Response(o.Usual())
	kind, _ := negotiated(documented.ContentTypes, nil)
	sample, _, ok := k.stage.vendor.sampleOf(documented, kind, "")
	if !ok {
		return
	}
	body, ok := decoded(sample)
	if !ok {
		return
	}
	list, _ := listIn(body, o.Collection.Name)
	for _, element := range list {
		if members, ok := element.(map[string]any); ok {
			_, _ = k.put(k.kept[o.Collection.Name], members, true) // a sample is JSON
		}
	}
}

// put stores an element under its ID, which is made where it has none. One that is
// there already stays, unless it may be replaced: then false.
func (k *keeper) put(in *kept, members map[string]any, replaces bool) (stored bool, err error) {
	id, given := idText(members[in.id])
	for {
		if !given {
			members[in.id] = k.newID(in)
			id, _ = idText(members[in.id])
		}
		text, err := plainjson.Marshal(members)
		if err != nil {
			return false, err
		}
		taken := false
		_, err = in.Upsert(id, func(stored *json.RawMessage) error {
			if taken = *stored != nil; !taken || replaces && given {
				*stored = text
			}
			return nil
		})
		if err != nil || !taken || given {
			return err == nil && (!taken || replaces), err
		}
	}
}

// newID is one that no element has: the next number, or one that follows from the seed.
func (k *keeper) newID(in *kept) any {
	if !in.numeric {
		return k.stage.NewID()
	}
	elements, _ := in.Save()
	next := int64(1)
	for _, e := range elements.Values {
		if n, err := json.Number(e.ID).Int64(); err == nil && n >= next {
			next = n + 1
		}
	}
	return json.Number(fmt.Sprint(next))
}

// idText is the text of an ID as it stands in a path.
func idText(id any) (string, bool) {
	switch id := id.(type) {
	case string:
		return id, id != ""
	case json.Number:
		return id.String(), true
	}
	return "", false
}

// state is what the control API shows: the elements of each collection.
func (k *keeper) state() any {
	shown := map[string]any{}
	for _, name := range k.names {
		shown[name] = k.elements(k.kept[name])
	}
	return shown
}

func (k *keeper) elements(in *kept) []any {
	texts, _ := in.List()
	list := make([]any, 0, len(texts))
	for _, text := range texts {
		if element, ok := decoded(text); ok {
			list = append(list, element)
		}
	}
	return list
}

// addState adds elements, or lets them take the place of those with their IDs.
func (k *keeper) addState(text json.RawMessage) error {
	value, _ := decoded(text)
	given, ok := value.(map[string]any)
	if !ok {
		return &StateError{Text: "is no object; write the elements of each collection, as {\"" + k.names[0] + "\": [{…}]}"}
	}
	for name, list := range given {
		elements, isList := list.([]any)
		if k.kept[name] == nil {
			return &StateError{Pointer: "/" + jsonpointer.Escape(name), Text: "is no collection; there are " + strings.Join(k.names, ", ")}
		}
		if !isList {
			return &StateError{Pointer: "/" + jsonpointer.Escape(name), Text: "is no list of elements"}
		}
		for i, element := range elements {
			if _, ok := element.(map[string]any); !ok {
				return &StateError{Pointer: fmt.Sprintf("/%s/%d", jsonpointer.Escape(name), i), Text: "is no object"}
			}
		}
	}
	for _, name := range k.names {
		elements, _ := given[name].([]any)
		for _, element := range elements {
			if _, err := k.put(k.kept[name], element.(map[string]any), true); err != nil {
				return err
			}
		}
	}
	return nil
}
