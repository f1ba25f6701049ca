package validator

import (
	"testing"

	"github.com/parleykit/parley/specs"
)

// message is the documented message of ELMA365's partner, 300 bytes.
func message(b *testing.B) (*Validator, []byte) {
	c, err := specs.Embedded("elma365")
	if err != nil {
		b.Fatal(err)
	}
	v, err := New(c)
	if err != nil {
		b.Fatal(err)
	}
	s, ok := c.Payloads["operations/message"].Sample("")
	if !ok {
		b.Fatal("no sample")
	}
	return v, s.Body
}

func BenchmarkDecode(b *testing.B) {
	_, body := message(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		Decode(body)
	}
}

func BenchmarkPayload(b *testing.B) {
	v, body := message(b)
	d := Decode(body)
	b.ReportAllocs()
	for b.Loop() {
		v.Payload("operations/message", d)
	}
}

// What a valid body costs when the acceptor is not sure.
func BenchmarkPayloadByCompiler(b *testing.B) {
	v, body := message(b)
	v.payloads["operations/message"].schema.accept = func(any) verdict { return unsure }
	d := Decode(body)
	b.ReportAllocs()
	for b.Loop() {
		v.Payload("operations/message", d)
	}
}

// What a valid body costs whose type chooses one of 24 conditions.
func BenchmarkPayloadOfConditions(b *testing.B) {
	v := expertflow(b)
	d := Decode([]byte(activity(`{"type":"URL","mediaUrl":"https://a.example/"}`)))
	b.ReportAllocs()
	for b.Loop() {
		v.Payload("operations/pushActivity", d)
	}
}

func BenchmarkPayloadUnknownKey(b *testing.B) {
	v, _ := message(b)
	d := Decode([]byte(`{"type":"disconnect","token":"confirm","extra":1}`))
	b.ReportAllocs()
	for b.Loop() {
		v.Payload("operations/disconnect", d)
	}
}

func BenchmarkPayloadRefused(b *testing.B) {
	v, _ := message(b)
	d := Decode([]byte(`{"type":"message","token":"confirm","data":{"externalMessageId":1,"externalChatID":"c","text":"t"}}`))
	v.Payload("operations/message", d)
	b.ReportAllocs()
	for b.Loop() {
		v.Payload("operations/message", d)
	}
}

func BenchmarkSelect(b *testing.B) {
	v, body := message(b)
	d := Decode(body)
	b.ReportAllocs()
	for b.Loop() {
		v.Select(v.contract.Operations, d)
	}
}

func BenchmarkNew(b *testing.B) {
	v, _ := message(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(v.contract); err != nil {
			b.Fatal(err)
		}
	}
}
