package validator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
)

// message is the documented message of ELMA365's partner, 300 bytes.
func message(b *testing.B) (*Validator, []byte) {
	v := shipped(b, "elma365")
	c := v.contract
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
	v.payload("operations/message").schema.accept = func(view) verdict { return unsure }
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

// What a valid body costs from its bytes to the verdict, beside encoding/json, which
// makes its tree and judges nothing.
func BenchmarkBody(b *testing.B) {
	for _, c := range []struct{ contract, payload, sample string }{
		{"elma365", "operations/message", ""}, {"expertflow", "operations/pushActivity", ""}, {"3dolphins", "answers/ticket", "getTicket"},
	} {
		v := shipped(b, c.contract)
		s, ok := v.contract.Payloads[c.payload].Sample(c.sample)
		if !ok {
			b.Fatal("no sample")
		}
		b.Run(c.payload, func(b *testing.B) {
			b.SetBytes(int64(len(s.Body)))
			b.ReportAllocs()
			for b.Loop() {
				v.Payload(c.payload, Decode(s.Body))
			}
		})
		b.Run(c.payload+"/floor", func(b *testing.B) {
			b.SetBytes(int64(len(s.Body)))
			b.ReportAllocs()
			for b.Loop() {
				decoder, tree := json.NewDecoder(bytes.NewReader(s.Body)), any(nil)
				decoder.UseNumber()
				if err := decoder.Decode(&tree); err != nil {
					b.Fatal(err)
				}
			}
		})
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

// What judging a request costs: with no parameter that can break the contract, with
// two, and with the two left out.
func BenchmarkRequest(b *testing.B) {
	v, body := message(b)
	o := v.contract.Operation("operations/message")
	r := &traffic.Request{Method: "POST", URL: "/api/messengers/external/other/webhook/c1", Header: http.Header{"Content-Type": {"application/json"}}, Body: traffic.NewBody(body, 0)}
	d := Decode(body)
	b.ReportAllocs()
	for b.Loop() {
		v.Request(o, r, d)
	}
}

func BenchmarkRequestOfParameters(b *testing.B) {
	v := shipped(b, "3dolphins")
	c := v.contract
	for name, query := range map[string]string{"given": "?start=0&count=10", "absent": ""} {
		b.Run(name, func(b *testing.B) {
			o, r := c.Operation("operations/listTickets"), &traffic.Request{Method: "GET", URL: "/dolphin/apiv1/graph/tickets" + query}
			b.ReportAllocs()
			for b.Loop() {
				v.Request(o, r, nil)
			}
		})
	}
}

func BenchmarkNewOf3Dolphins(b *testing.B) {
	c := specstest.Contract(b, "3dolphins")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(c); err != nil {
			b.Fatal(err)
		}
	}
}
