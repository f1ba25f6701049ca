package main

import (
	"fmt"
	"path/filepath"
	"sync/atomic"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/specs"
)

// workload is one request of a partner's that is measured.
type workload struct {
	name    string // of the part of the benchmark
	title   string
	vendor  string // contract ID
	payload string // that the body belongs to
	route   string // of the floor
	target  string
	text    string  // the body, with one verb for a number
	aim     float64 // how many times the bare floor's CPU a request may cost
	sent    atomic.Int64
}

// workloads is the list of them. Through proxies goes the first.
var workloads = []*workload{
	{
		name: "message", title: "one documented message", aim: 1.5, vendor: "elma365", payload: "operations/message",
		route:  "/api/messengers/external/other/webhook/{channelId}",
		target: "/api/messengers/external/other/webhook/" + elma365.DefaultChannel,
		text: `{"type":"message","token":"confirm","data":{"externalMessageId":"message%09d","externalChatId":"chat12",` +
			`"externalChatName":"Chat name: chat 12","externalUserId":"user12","text":"text test",` +
			`"files":[{"name":"file1.png","URL":"https://elma365.com/en/img/about/photo-staff.png"}]}}`,
	},
	{
		name: "activity", title: "one link to a recording", aim: 1.7, vendor: "expertflow", payload: "operations/pushActivity",
		route:  "/conversation-manager/activities",
		target: "/conversation-manager/activities",
		text: `{"id":"d4c6b8e0-2f30-4b4c-9d5e-%012d","header":{"sender":{"id":"b7a5d1c4-2f0e-4f43-9c11-7d5b0a9e6c10",` +
			`"type":"APP","senderName":"Example application"},"timestamp":1680560580000,` +
			`"channelSessionId":"` + expertflow.ActiveSession + `"},` +
			`"body":{"type":"URL","markdownText":"Call recording","mediaUrl":"https://recordings.example.com/calls/4711.wav"}}`,
	},
	outgoing,
}

// body has an ID of its own, so that each is stored.
func (w *workload) body() []byte { return fmt.Appendf(nil, w.text, w.sent.Add(1)) }

// request appends one request, written by hand: the generator shares the machine
// with the server and must cost little. Sandbox may be "".
func (w *workload) request(to []byte, addr, sandbox string) []byte {
	body := w.body()
	to = fmt.Appendf(to, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", w.target, addr, len(body))
	if sandbox != "" {
		to = fmt.Appendf(to, "%s: %s\r\n", mockserver.HeaderSandbox, sandbox)
	}
	return append(append(to, "\r\n"...), body...)
}

func (w *workload) contract() (*specs.Contract, error) { return specs.Embedded(w.vendor) }

// document is the vendor's, for programs that read OpenAPI.
func (w *workload) document() string { return filepath.Join("specs", w.vendor, "openapi.yaml") }

// serve is how parley plays the vendor.
func (w *workload) serve(addr string) []string {
	return []string{"serve", w.vendor, "--quiet", "--addr", addr}
}
