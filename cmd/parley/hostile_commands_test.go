package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/visible/visibletest"
)

func (h *hostile) specs() {
	c := []string{"--contract", h.contract}
	h.run(true, append([]string{"specs", "list"}, c...)...)
	h.run(true, append([]string{"specs", "show", "acme"}, c...)...)
	for _, name := range []string{"requirements", "readings", "payloads", "events/ticketAnswered", "operations/getTicket", "answers/ticket", "events/ticketAnswered", "ACME-HOOK-001", "ACME-R-01", visibletest.Hostile} {
		h.run(true, append([]string{"specs", "show", "acme", name}, c...)...)
	}
	for _, format := range h.formats(append([]string{"specs", "export", "acme"}, c...)...) {
		h.run(true, append([]string{"specs", "export", "acme", "--format", format}, c...)...)
	}
	shipped := filepath.Join("..", "..", "testdata", "contracts", "acme")
	for _, format := range h.formats("specs", "diff", shipped, h.contract) {
		h.run(true, "specs", "diff", shipped, h.contract, "--format", format)
		h.run(true, "specs", "diff", h.contract, shipped, "--format", format)
	}
	h.run(true, "specs", "init", visibletest.Hostile, "--out", h.path("new"))
	h.run(false, "specs", "init", "shop", "--out", h.path(fileName+"-new"))
	h.run(true, "specs", "init", "acme", "--from", h.captured(), "--out", h.path("inferred"))
	h.run(false, "version")
}

func (h *hostile) config() {
	file := h.file(fileName+".yaml", quotedJSON(map[string]any{"conform": map[string]any{"target": "http://" + visibletest.Hostile, "program": []string{visibletest.Hostile}}}))
	for _, format := range []string{"text", "json"} {
		h.run(true, "config", "--config", file, "--format", format)
		h.run(true, "config", "conform", "--config", file, "--format", format)
	}
	h.run(true, "config", "--config", h.file("names.yaml", strconv.QuoteToASCII(visibletest.Hostile)+": 1\n"))
	h.run(true, "config", visibletest.Hostile)
	h.run(false, "config", "schema")
	for _, format := range []string{"text", "json"} {
		h.run(true, "doctor", "--config", file, "--format", format)
	}
}

// captured is traffic with hostile names everywhere.
func (h *hostile) captured() string {
	line := func(caller, method, url string) string {
		return quotedJSON(map[string]any{
			"id": "ex" + visibletest.Hostile, "time": "2026-03-04T05:06:07Z", "caller": caller, "vendor": "acme", "channel": visibletest.Hostile, "error": visibletest.Hostile,
			"request":  map[string]any{"method": method, "url": url, "header": map[string]any{"X": []string{visibletest.Hostile}}, "body": map[string]any{"size": len(hostileBody()), "text": hostileBody()}},
			"response": map[string]any{"status": 418, "header": map[string]any{"Content-Type": []string{visibletest.Hostile}}, "body": map[string]any{"size": len(hostileBody()), "text": hostileBody()}},
		}) + "\n"
	}
	text := line("partner", "POST", "/tickets") + line("partner", "GET", "/tickets/x?q="+visibletest.Hostile) + line("vendor", "POST", "http://h.example/"+visibletest.Hostile)
	return h.file(fileName+".ndjson", text+"{\""+visibletest.Hostile+"\n")
}

func (h *hostile) validate() {
	body := h.file(fileName+".json", hostileBody())
	broken := h.file(fileName+"-broken.json", "{\"a\x1b\u202e\": \u201c::error::forged\u201d, \u009b}")
	capture := h.captured()
	c := []string{"--contract", h.contract}
	for _, format := range h.formats(append([]string{"validate", "acme", body}, c...)...) {
		for _, file := range []string{body, broken, capture, h.path(fileName + "-nowhere")} {
			h.run(true, append([]string{"validate", "acme", file, "--format", format}, c...)...)
		}
		h.run(true, append([]string{"validate", "acme/events/ticketAnswered", body, "--format", format}, c...)...)
	}
	h.run(false, "validate", "--codes")
	for _, name := range []string{"coverage", "drift"} {
		for _, format := range h.formats(append([]string{name, "acme", "--from", capture}, c...)...) {
			h.run(true, append([]string{name, "acme", "--from", capture, "--format", format}, c...)...)
		}
	}
	h.run(false, append([]string{"coverage", "acme", "--from", capture, "--format", "html", "--out", h.path("coverage.html")}, c...)...)
	h.run(true, append([]string{"drift", "acme", "--from", capture, "--propose", h.path("proposed")}, c...)...)
	h.run(true, "specs", "diff", h.contract, h.path("proposed"))
}

// background runs a command until the returned function ends it, once its output has
// what is waited for; it returns what the pattern found.
func (h *hostile) background(pattern string, args ...string) (found string, end func()) {
	h.Helper()
	var stdout, stderr safeBuffer
	ctx, cancel := context.WithCancel(h.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		run(ctx, args, nil, &stdout, &stderr)
	}()
	search := regexp.MustCompile(pattern)
	if !comesTrue(func() bool { return search.MatchString(stdout.String() + stderr.String()) }) {
		cancel()
		h.Fatalf("%.200q prints no %s: %s%s", args, pattern, &stdout, &stderr)
	}
	h.try(args)
	return search.FindStringSubmatch(stdout.String() + stderr.String())[1], func() {
		h.Helper()
		cancel()
		<-ended
		h.judge(fmt.Sprintf("%.200q", args), stdout.String())
		h.judge(fmt.Sprintf("%.200q (standard error)", args), stderr.String())
		if !strings.Contains(stdout.String()+stderr.String(), "forged") {
			h.Errorf("%.200q shows nothing: %s%s", args, &stdout, &stderr)
		}
	}
}

// calls sends hostile requests to a vendor.
func (h *hostile) calls(base string) {
	h.Helper()
	address := strings.TrimPrefix(base, "http://")
	body := hostileBody()
	for _, head := range []string{
		"POST /tickets?q=\u202eforged\u009b HTTP/1.1\r\nX-Hostile: \u009bforged\u202e\r\nUser-Agent: \u202eforged",
		"GET /tickets/%0A::error::forged%1B%C2%9B HTTP/1.1\r\nPrefer: code=\u202eforged",
		"POST /\u202e\u009bforged HTTP/1.1\r\nX: y",
		"POST /tickets HTTP/1.1\r\nContent-Encoding: \u202eforged",
	} {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			h.Fatal(err)
		}
		fmt.Fprintf(connection, "%s\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json; x=\u202e\r\nContent-Length: %d\r\n\r\n%s", head, address, len(body), body)
		io.Copy(io.Discard, connection)
		connection.Close()
	}
}

// get judges what a URL of the control API answers.
func (h *hostile) get(method, path, body string, shows bool) {
	h.Helper()
	request, err := http.NewRequestWithContext(h.Context(), method, h.mock+path, strings.NewReader(body))
	if err != nil {
		h.Fatal(err)
	}
	status, text := answered(h, request)
	h.judge(method+" "+path, text)
	if shows && !strings.Contains(text, "forged") {
		h.Errorf("%s %s shows nothing: %d %s", method, path, status, text)
	}
}

func (h *hostile) serve() {
	record := h.path("record.ndjson")
	base, end := h.background(`Parley plays .* on (http://\S+)`, "serve", "acme", "--contract", h.contract, "--addr", "127.0.0.1:0", "--partner", "acme="+h.partner+"/hook", "--record", record)
	h.mock = base
	h.calls(base)
	h.get("POST", "/_parley/channels", quotedJSON(map[string]any{"id": "c" + visibletest.Hostile, "name": visibletest.Hostile, "url": h.partner + "/hook2", "policy": map[string]any{"attempts": 1}}), true)
	h.get("POST", "/_parley/faults", quotedJSON(map[string]any{"event": "ticketClosed", "set": map[string]any{"x": visibletest.Hostile}}), true)
	mock := []string{"--mock", base}
	h.run(true, append([]string{"fault", "add", "--event", "ticketClosed", "--channel", "c" + visibletest.Hostile, "--delay", "1ms"}, mock...)...)
	h.run(true, append([]string{"fault", "add", "--event", visibletest.Hostile, "--lose"}, mock...)...)
	h.run(true, append([]string{"fault", "list"}, mock...)...)
	h.run(false, append([]string{"health"}, mock...)...)
	h.run(false, append([]string{"state"}, mock...)...)
	h.run(true, append([]string{"state", "--at", "e" + visibletest.Hostile}, mock...)...)
	h.run(true, append([]string{"state", "--diff", "e" + visibletest.Hostile}, mock...)...)
	h.run(true, append([]string{"fault", "remove", "f" + "?" + visibletest.Hostile}, mock...)...)
	h.run(false, append([]string{"send", "acme", "ticketAnswered", "--contract", h.contract, "--channel", "c" + visibletest.Hostile, "--set", "answer=" + visibletest.Hostile}, mock...)...)
	h.run(true, append([]string{"send", "acme", visibletest.Hostile, "--contract", h.contract}, mock...)...)
	h.run(false, "send", "acme", "ticketAnswered", "--contract", h.contract, "--to", h.partner+"/hook", "--set", "answer="+visibletest.Hostile)
	h.run(false, append([]string{"replay", "dl-000001"}, mock...)...)
	h.run(true, append([]string{"replay", visibletest.Hostile}, mock...)...)
	for _, path := range []string{"/journal", "/journal.ndjson", "/channels", "/deliveries"} {
		h.get("GET", "/_parley"+path, "", true)
	}
	for _, path := range []string{"/state", "/faults", "/version", "/sandboxes", "/journal/wait?timeout=1ms"} {
		h.get("GET", "/_parley"+path, "", false)
	}
	h.get("GET", "/_parley/%0A::error::forged%1B%C2%9B", "", true)
	h.get("POST", "/_parley/send", quotedJSON(map[string]any{visibletest.Hostile: visibletest.Hostile}), true)
	h.run(true, "coverage", "acme", "--contract", h.contract, "--from", base)
	h.run(false, "drift", "acme", "--contract", h.contract, "--from", base)
	_, endListening := h.background(`(its deliveries go to) `, "listen", "acme", "--forward-to", h.partner+"/forged", "--mock", base, "--channel", "l"+visibletest.Hostile)
	h.run(false, append([]string{"send", "acme", "ticketAnswered", "--contract", h.contract, "--channel", "l" + visibletest.Hostile}, mock...)...)
	endListening()
	end()
	data, err := os.ReadFile(record)
	if err != nil || !strings.Contains(string(data), "forged") {
		h.Errorf("recorded is %s, %v", data, err)
	}
	h.judge("--record", string(data))
}

func (h *hostile) proxy() {
	for _, format := range h.formats("proxy", "acme", "--contract", h.contract, "--to", h.partner, "--addr", "127.0.0.1:0") {
		for _, strict := range []string{"--strict=problem", "--annotate"} {
			base, end := h.background(`give (http://\S+) to`, "proxy", "acme", "--contract", h.contract, "--to", h.partner, "--addr", "127.0.0.1:0", "--format", format, strict)
			h.calls(base)
			end()
		}
	}
}

// TestHelperHostile is not a test: it is the program that conform starts.
func TestHelperHostile(t *testing.T) {
	target := os.Getenv("PARLEY_TEST_HOSTILE")
	if target == "" {
		t.Skip("started by another test")
	}
	fmt.Println(visibletest.Hostile + "\x9b\xff")
	listener, err := net.Listen("tcp", target)
	if err != nil {
		t.Fatal(err)
	}
	http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			return
		}
		fmt.Println(visibletest.Hostile + "\x9b\xff")
		answerHostile(w, r)
	}))
}

func (h *hostile) conform() {
	address := freePort(h.T)
	h.Setenv("PARLEY_TEST_HOSTILE", address)
	program := []string{"--", os.Args[0], "-test.run", "^TestHelperHostile$"}
	base := []string{"--contract", h.contract, "--target", "http://" + address + "/hook", "--report", h.path("report"), "--verbose",
		"--timeout", "2s", "--retry-wait", "10ms", "--quiet-wait", "10ms", "--stimulus-deadline", "10ms"}
	h.run(true, "conform", "acme", "--contract", h.contract, "--list")
	h.run(false, "conform", "acme", "--contract", h.contract, "--asks")
	known := h.file("known.yaml", "- {id: acme/webhook/"+"nope, reason: "+strconv.QuoteToASCII(visibletest.Hostile)+"}\n")
	h.run(true, slices.Concat([]string{"conform", "acme"}, base, program)...)
	h.run(false, slices.Concat([]string{"conform", "acme", "--known-failing", known}, base, program)...)
	h.files(h.path("report"))
	_, end := h.background(`(Ctrl-C) ends`, "report", h.path("report"), "--contract", h.contract)
	end()
	inYAML := strconv.QuoteToASCII(visibletest.Hostile)
	story := h.file("story.yaml", "scenario: "+inYAML+"\nabout: "+inYAML+"\nvendor: acme\nsteps:\n- {name: "+inYAML+", send: ticketAnswered, set: {answer: "+inYAML+"}}\n- {name: "+strings.Replace(inYAML, "forged", "other", 1)+", expect: operations/openTicket, body: {subject: "+inYAML+"}, within: 10ms}\n")
	base[5] = h.path("played")
	h.run(true, slices.Concat([]string{"play", story}, base, program)...)
	h.files(h.path("played"))
	broken := h.file("broken.yaml", "scenario: "+inYAML+"\n"+inYAML+": 5\n")
	h.run(true, slices.Concat([]string{"play", broken}, base, program)...)
}

func (h *hostile) reference() {
	base, end := h.background(`its webhook:\s+(http://\S+)/webhook`, "partner", "elma365", "--addr", "127.0.0.1:0", "--token", "s3cr3t", "--channel", "c"+visibletest.Hostile, "--defect", "accepts-any-token")
	for _, body := range []map[string]any{
		{"type": "message", "token": "s3cr3t", "channelId": "c" + visibletest.Hostile, "data": map[string]any{"targetChatId": "chat1", "text": visibletest.Hostile, "messageId": visibletest.Hostile}},
		{"type": visibletest.Hostile, "token": "s3cr3t"},
	} {
		response, err := http.Post(base+"/webhook", "application/json", strings.NewReader(quotedJSON(body)))
		if err != nil {
			h.Fatal(err)
		}
		response.Body.Close()
	}
	end()
	h.run(false, "partner", "elma365", "--list-defects")
	h.run(true, "partner", "elma365", "--defect", visibletest.Hostile)
}

// assistants have the tools say what is in a contract, a body, a capture and the traffic.
func (h *hostile) assistants() {
	h.Chdir(h.dir)
	a := overStdio(h.T, "--contract", h.contract)
	h.try([]string{"mcp"})
	for _, item := range []string{"", "requirements", "readings", "payloads", "events/ticketAnswered", "answers/ticket", visibletest.Hostile} {
		a.try("contract_read", map[string]any{"contract": "acme", "item": item})
	}
	a.try("contract_read", map[string]any{"contract": visibletest.Hostile})
	a.try("body_check", map[string]any{"contract": "acme", "path": h.file(fileName+".json", hostileBody())})
	a.try("body_check", map[string]any{"contract": "acme", "path": visibletest.Hostile})
	a.try("capture_judge", map[string]any{"contract": "acme", "path": h.captured()})
	a.try("mock_start", map[string]any{"contract": "acme", "webhook": h.partner, "channel": visibletest.Hostile, "token": "s3cr3t"})
	a.try("event_send", map[string]any{"event": "ticketAnswered", "set": map[string]any{"answer": visibletest.Hostile}})
	a.try("event_send", map[string]any{"event": visibletest.Hostile})
	a.try("fault_set", map[string]any{"rule": "operation=openTicket,status=500,where=subject=" + visibletest.Hostile})
	a.try("clock_set", map[string]any{"advance": visibletest.Hostile})
	a.try("traffic_wait", map[string]any{"operation": "events/ticketAnswered", "timeout": "0s"})
	a.try("traffic_wait", map[string]any{"body": map[string]any{visibletest.Hostile: visibletest.Hostile}, "timeout": "0s"})
	a.try("conform_run", map[string]any{"contract": "acme", "suite": "webhook", "target": h.partner, "deadline": "2s"})
	a.try("conform_run", map[string]any{"contract": "acme", "suite": visibletest.Hostile})
	h.judge("mcp", a.raw.String())
	for _, said := range a.said {
		h.judge("mcp", said)
	}
	if !strings.Contains(a.raw.String(), "forged") {
		h.Errorf("mcp shows nothing: %s", a.raw.String())
	}
}

// wrongWords has each command complain.
func (h *hostile) wrongWords() {
	for _, name := range leaves(rootCommand(), "") {
		words := strings.Fields(name)
		h.run(false, append(words, "--help")...)
		h.run(false, append(words, visibletest.Hostile, visibletest.Hostile)...)
		h.run(true, append(words, "--"+visibletest.Hostile)...)
	}
	h.run(true, visibletest.Hostile)
}
