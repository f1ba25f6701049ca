package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"unicode/utf16"

	"github.com/parleykit/parley/specs"
)

// dice makes inputs up. The same seed makes the same ones, in the same order.
type dice struct {
	*rand.Rand
	contracts []*specs.Contract
	token     string // that the mock issued; "" for none
}

func newDice(seed, stream uint64, contracts ...*specs.Contract) *dice {
	return &dice{Rand: rand.New(rand.NewPCG(seed, stream)), contracts: contracts}
}

// call is a request of a partner's, and how it is sent.
type call struct {
	method, target string
	header         map[string]string
	body           []byte
}

func pick[T any](d *dice, list ...T) T { return list[d.IntN(len(list))] }

// once in n times.
func (d *dice) once(n int) bool { return d.IntN(n) == 0 }

// call makes a documented call, and breaks it in up to three ways.
func (d *dice) call() *call {
	contract := pick(d, d.contracts...)
	o := pick(d, contract.Operations...)
	c := &call{method: o.Method, target: d.path(o), header: map[string]string{}}
	if len(o.ContentTypes) > 0 {
		c.header["Content-Type"] = o.ContentTypes[0]
	}
	if d.token != "" && !d.once(4) {
		c.header["Authorization"] = "Bearer " + d.token
	}
	if p := contract.Payloads[o.Payload]; p != nil && len(p.Samples) > 0 {
		c.body = bytes.Clone(pick(d, p.Samples...).Body)
	}
	for range d.IntN(4) {
		d.spoil(c)
	}
	return c
}

func (d *dice) path(o *specs.Operation) string {
	parts := o.Segments()
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = pick(d, "ebf45efc-cc67-4b60-9e3f-121966ba9f30", "1", "a%20b", "%00", "..", "%2e%2e", "%E2%80%AE", strings.Repeat("x", d.IntN(3000)), url.PathEscape(d.word()))
		}
	}
	target := "/" + strings.Join(parts, "/")
	if d.once(3) {
		target += "?" + pick(d, "start=-1&count=abc", "a=b;c", "%zz", "token=x&token=y", "q="+url.QueryEscape(d.word()))
	}
	return target
}

// word is a text that readers stumble over.
func (d *dice) word() string {
	return pick(d, "", "null", "0", "-1e999", "\u202e\u009b31m", "a\r\n::error::b", "{{}}", "'; --", strings.Repeat("é", d.IntN(500)), "\x00", "\xff\xfe", "2026-13-45T99:99:99Z", "https://user:pw@h/", fmt.Sprint(d.Int64()))
}

// spoil breaks a call in one way.
func (d *dice) spoil(c *call) {
	switch d.IntN(8) {
	case 0:
		c.method = pick(d, "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW")
	case 1:
		c.header["Content-Type"] = pick(d, "", "text/plain", "application/json; charset=;;=", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data", "application/xml", "image/png", strings.Repeat("a", 300))
	case 2:
		c.header[pick(d, "Content-Encoding", "Prefer", "Authorization", "Accept", "Cookie", "X-Forwarded-For", "Expect")] = pick(d, "gzip", "deflate", "br", "code=404", "code=999, delay=1", "example=none", "Bearer x", "Basic eA==", "*/*", "a=b", "100-continue", "identity, gzip")
	case 3:
		c.target = pick(d, c.target+"/", "/"+c.target, strings.ToUpper(c.target), c.target+"/../x", "/_parley/"+d.word(), "/~"+url.PathEscape(d.word())+c.target, strings.Replace(c.target, "/", "//", 1))
	default:
		c.body = d.spoilBody(c.body)
	}
	c.target = strings.NewReplacer("\r", "%0D", "\n", "%0A", " ", "%20", "\x00", "%00").Replace(c.target)
}

// spoilBody breaks a body: its values, its syntax, its bytes or its size.
func (d *dice) spoilBody(body []byte) []byte {
	switch d.IntN(9) {
	case 0, 1, 2:
		return d.spoilValue(body)
	case 3:
		return body[:d.IntN(len(body)+1)]
	case 4:
		body = bytes.Clone(body)
		for range 1 + d.IntN(4) {
			if len(body) > 0 {
				body[d.IntN(len(body))] = byte(d.IntN(256))
			}
		}
		return body
	case 5:
		text := []byte{0xff, 0xfe}
		for _, unit := range utf16.Encode([]rune(string(body))) {
			text = append(text, byte(unit), byte(unit>>8))
		}
		return text
	case 6:
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(body)
		w.Close()
		return packed.Bytes()[:packed.Len()-d.IntN(2)*d.IntN(packed.Len())]
	case 7:
		return []byte(pick(d, "", "[]", "null", `"x"`, `{"a":1}{"b":2}`, `{"token":/*c*/"S"}`, "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx", strings.Repeat("[", 1+d.IntN(20000)), "a=%zz&a", "<a/>"))
	}
	if d.once(20) {
		return bytes.Repeat([]byte(" "), 1<<20+d.IntN(1<<20))
	}
	return append(body, body...)
}

// spoilValue replaces, adds or drops one member of a JSON object.
func (d *dice) spoilValue(body []byte) []byte {
	var value map[string]any
	if json.Unmarshal(body, &value) != nil || value == nil {
		return body
	}
	object := value
	for {
		key := d.keyOf(object)
		below, ok := object[key].(map[string]any)
		if ok && len(below) > 0 && !d.once(4) {
			object = below
			continue
		}
		switch d.IntN(4) {
		case 0:
			delete(object, key)
		case 1:
			object[d.word()] = d.word()
		default:
			object[key] = pick[any](d, nil, true, -1, 1e300, d.word(), []any{}, map[string]any{}, []any{map[string]any{"a": nil}})
		}
		break
	}
	spoiled, err := json.Marshal(value)
	if err != nil {
		return body
	}
	return spoiled
}

// keyOf picks a key without regard to the order of a map.
func (d *dice) keyOf(object map[string]any) string {
	names := sortedKeys(object)
	if len(names) == 0 {
		return ""
	}
	return names[d.IntN(len(names))]
}
