// Package sampleorder writes JSON whose members have the order of a contract's samples,
// as a vendor's own answers have it.
package sampleorder

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"sync"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/specs"
)

// Order is in which order the members of an object are written, and those of the
// objects in it: as the samples of a payload have them. The items of a list have the
// order of the list. A nil order knows nothing.
type Order struct {
	members []*member
	byName  map[string]*member
}

type member struct {
	name   string
	quoted string // with its colon
	inside *Order
}

// Orders are those of a contract's payloads. Each is made when it is first needed.
type Orders struct {
	contract *specs.Contract
	made     sync.Map // orderKey to *Order
}

// New returns the orders of a contract.
func New(c *specs.Contract) *Orders { return &Orders{contract: c} }

type orderKey struct{ payload, first string }

// Of is the order of a payload's samples: of the one called first, if there is one,
// with the members of the others where those have them.
func (s *Orders) Of(payload, first string) *Order {
	if payload == "" {
		return nil
	}
	if known, ok := s.made.Load(orderKey{payload, first}); ok {
		return known.(*Order)
	}
	made := newOrder()
	if p := s.contract.Payloads[payload]; p != nil {
		sample, named := p.Sample(first)
		if named {
			made.learn(sample.Body)
		}
		for _, other := range p.Samples {
			if !named || other.Name != sample.Name {
				made.learn(other.Body)
			}
		}
	}
	s.made.Store(orderKey{payload, first}, made)
	return made
}

func newOrder() *Order { return &Order{byName: map[string]*member{}} }

// learn adds the members of a sample that are not known yet, each after the one that
// it follows there, or at the end where it follows none. A contract's samples are
// JSON.
func (o *Order) learn(sample []byte) { o.value(json.NewDecoder(bytes.NewReader(sample))) }

func (o *Order) value(d *json.Decoder) {
	switch token, _ := d.Token(); token {
	case json.Delim('{'):
		o.object(d)
	case json.Delim('['):
		for d.More() {
			o.value(d)
		}
		d.Token()
	}
}

func (o *Order) object(d *json.Decoder) {
	first := true
	at := 0 // of the next member that is not known
	for d.More() {
		token, _ := d.Token()
		name, _ := token.(string)
		one := o.byName[name]
		if one == nil {
			if first {
				at = len(o.members)
			}
			one = &member{name: name, quoted: string(plainjson.AppendString(nil, name)) + ":", inside: newOrder()}
			o.byName[name] = one
			o.members = slices.Insert(o.members, at, one)
		}
		first, at = false, slices.Index(o.members, one)+1
		one.inside.value(d)
	}
	d.Token()
}

// Encode writes a value as JSON: the members of its maps in this order, and those
// that it does not know behind them, by name.
// What it returns has the exact size, because the journal keeps it.
func (o *Order) Encode(value any) ([]byte, error) {
	buffer := encodeBuffers.Get().(*[]byte)
	written, err := o.append((*buffer)[:0], value)
	body := bytes.Clone(written)
	if cap(written) <= maxPooled {
		*buffer = written
		encodeBuffers.Put(buffer)
	}
	return body, err
}

// maxPooled is how large a buffer may be to be used again.
const maxPooled = 64 << 10

var encodeBuffers = sync.Pool{New: func() any { return new([]byte) }}

var (
	anyMap  = reflect.TypeFor[map[string]any]()
	marshal = reflect.TypeFor[json.Marshaler]()
)

func (o *Order) append(out []byte, value any) ([]byte, error) {
	switch value := value.(type) {
	case nil:
		return append(out, "null"...), nil
	case string:
		return plainjson.AppendString(out, value), nil
	case bool:
		return strconv.AppendBool(out, value), nil
	case int:
		return strconv.AppendInt(out, int64(value), 10), nil
	case int64:
		return strconv.AppendInt(out, value, 10), nil
	case map[string]any:
		return o.appendObject(out, value)
	case []any:
		return appendList(out, value, o.append)
	case []string:
		return appendList(out, value, func(out []byte, text string) ([]byte, error) { return o.append(out, text) })
	}
	return o.appendOther(out, value)
}

// appendOther writes maps and lists of other types as those that they are made of,
// and all else as encoding/json does.
func (o *Order) appendOther(out []byte, value any) ([]byte, error) {
	v := reflect.ValueOf(value)
	switch kind := v.Type(); {
	case kind.Implements(marshal):
	case kind.ConvertibleTo(anyMap):
		return o.appendObject(out, v.Convert(anyMap).Interface().(map[string]any))
	case kind.Kind() == reflect.Slice && kind.Elem().ConvertibleTo(anyMap):
		items := make([]any, v.Len())
		for i := range items {
			items[i] = v.Index(i).Interface()
		}
		if !v.IsNil() {
			return appendList(out, items, o.append)
		}
	}
	text, err := plainjson.Marshal(value)
	return append(out, text...), err
}

func appendList[T any](out []byte, list []T, write func([]byte, T) ([]byte, error)) ([]byte, error) {
	if list == nil {
		return append(out, "null"...), nil
	}
	out = append(out, '[')
	for i, item := range list {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = write(out, item); err != nil {
			return out, err
		}
	}
	return append(out, ']'), nil
}

func (o *Order) appendObject(out []byte, object map[string]any) ([]byte, error) {
	if object == nil {
		return append(out, "null"...), nil
	}
	out = append(out, '{')
	written := 0
	var err error
	next := func(quoted string, inside *Order, value any) {
		if written++; written > 1 {
			out = append(out, ',')
		}
		if out = append(out, quoted...); err == nil {
			out, err = inside.append(out, value)
		}
	}
	if o != nil {
		for _, m := range o.members {
			if value, there := object[m.name]; there {
				next(m.quoted, m.inside, value)
			}
		}
	}
	if written < len(object) {
		rest := make([]string, 0, len(object)-written)
		for name := range object {
			if o == nil || o.byName[name] == nil {
				rest = append(rest, name)
			}
		}
		slices.Sort(rest)
		for _, name := range rest {
			next(string(plainjson.AppendString(nil, name))+":", nil, object[name])
		}
	}
	return append(out, '}'), err
}
