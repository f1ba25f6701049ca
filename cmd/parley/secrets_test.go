package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/leak"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/summary"
)

const hookPath = "/api/messengers/external/other/webhook/c1"

// secretForms are all ways of holding a secret, or every fifth where short tests are asked
// for.
func secretForms(seed string) []leak.Form {
	all := leak.Forms(seed)
	if !testing.Short() {
		return all
	}
	var some []leak.Form
	for i := 0; i < len(all); i += 5 {
		some = append(some, all[i])
	}
	return some
}

func TestMockShowsNoSecret(t *testing.T) {
	t.Parallel()
	forms := secretForms("m")
	w := &written{t: t, forms: forms}
	dir := t.TempDir()
	control := "Qm" + "Z9999W" + "-control"
	w.forms = append(w.forms, leak.Form{Name: "control token", Mark: "QmZ9999W", Secret: control})
	var stdout, stderr safeBuffer
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"serve", "--addr", "127.0.0.1:0", "--record", filepath.Join(dir, "r.ndjson"), "--control-token", control, "--journal-exchanges", "6000"}, nil, &stdout, &stderr)
	}()
	if !comesTrue(func() bool { return strings.Contains(stdout.String(), "Try it") }) {
		t.Fatal(stdout.String(), stderr.String())
	}
	base := servedAt.FindStringSubmatch(stdout.String())[1]
	call := func(method, path string, body any) string {
		t.Helper()
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequest(method, base+"/_parley/"+path, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+control)
		if body == nil {
			r.Body = http.NoBody
		}
		_, answer := answered(t, r)
		w.add(method+" "+path, []byte(answer))
		return answer
	}
	streaming, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/_parley/journal/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	streaming.Header.Set("Authorization", "Bearer "+control)
	stream, err := http.DefaultClient.Do(streaming)
	if err != nil {
		t.Fatal(err)
	}
	var events safeBuffer
	streamed := make(chan struct{})
	go func() { defer close(streamed); io.Copy(&events, stream.Body) }()

	partner := formsFrom(t, forms)
	for i, f := range forms {
		if f.Known {
			call("POST", "channels", map[string]any{"vendor": "elma365", "id": fmt.Sprint("known-", i), "token": f.Secret})
		}
	}
	call("POST", "channels", map[string]any{"vendor": "elma365", "id": "c1", "token": "confirm", "url": partner.URL})
	for i, f := range forms {
		do(t, base, hookPath, f)
		if i%3 == 0 {
			call("POST", "send", map[string]any{"vendor": "elma365", "event": "markAsRead", "channel": "c1", "wait": true})
		}
		if i%100 == 0 {
			call("POST", "faults", map[string]any{"operation": "message", "where": map[string]any{"data.token": f.Secret}, "status": 500, "times": 1})
		}
	}
	last := call("GET", "journal?limit=1", nil)
	var page struct{ Exchanges []struct{ ID string } }
	if err := json.Unmarshal([]byte(last), &page); err != nil || len(page.Exchanges) != 1 {
		t.Fatalf("%s: %v", last, err)
	}
	for _, path := range []string{"journal?limit=10000", "journal.ndjson", "journal/" + page.Exchanges[0].ID, "journal/wait?n=1", "journal/wait?n=2&status=599&timeout=1ms", "state", "channels", "deliveries?limit=10000", "faults", "sandboxes", "state/list?vendor=elma365&path=/chats"} {
		call("GET", path, nil)
	}
	if !comesTrue(func() bool { return strings.Contains(events.String(), page.Exchanges[0].ID) }) {
		t.Error("the stream stopped")
	}
	w.add("assistants", []byte(toldToAssistants(t, base, control)))
	for _, format := range []string{"text", "json"} {
		var out safeBuffer
		run(t.Context(), []string{"coverage", "elma365", "--from", base, "--control-token", control, "--format", format}, nil, &out, &out)
		run(t.Context(), []string{"drift", "elma365", "--from", base, "--control-token", control, "--format", format}, nil, &out, &out)
		w.add("coverage and drift", []byte(out.String()))
	}
	cancel()
	<-ended
	<-streamed
	w.add("stream", []byte(events.String()))
	w.add("stdout", []byte(stdout.String()))
	w.add("stderr", []byte(stderr.String()))
	w.folder(dir)
	w.check()
}

func TestProxyShowsNoSecret(t *testing.T) {
	t.Parallel()
	for i, args := range [][]string{{}, {"--strict"}, {"--reverse", "--format", "json"}} {
		var forms []leak.Form
		for j, f := range secretForms("p" + string(rune('a'+i))) {
			if !f.Known && j%3 == i { // a proxy is told no secrets
				forms = append(forms, f)
			}
		}
		w := &written{t: t, forms: forms}
		dir := t.TempDir()
		target := formsFrom(t, forms)
		var stdout, stderr safeBuffer
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan int)
		go func() {
			ended <- run(ctx, append([]string{"proxy", "elma365", "--to", target.URL, "--addr", "127.0.0.1:0", "--record", filepath.Join(dir, "r.ndjson")}, args...), nil, &stdout, &stderr)
		}()
		at := ""
		if !comesTrue(func() bool {
			found := givenAddress.FindStringSubmatch(stdout.String() + stderr.String())
			if found != nil {
				at = found[1]
			}
			return found != nil
		}) {
			t.Fatal(stdout.String(), stderr.String())
		}
		at = strings.TrimSuffix(at, "/")
		path := hookPath
		if i == 2 {
			path = "/"
		}
		for _, f := range forms {
			do(t, at, path, f)
		}
		cancel()
		<-ended
		w.add("stdout", []byte(stdout.String()))
		w.add("stderr", []byte(stderr.String()))
		w.folder(dir)
		w.check()
	}
}

// What others recorded has secrets in it, and reports of it have none.
func TestReportsOfCapturesShowNoSecret(t *testing.T) {
	t.Parallel()
	var forms []leak.Form
	for _, f := range secretForms("v") {
		if !f.Known {
			forms = append(forms, f)
		}
	}
	w := &written{t: t, forms: forms}
	dir, out := t.TempDir(), t.TempDir()
	capture, err := os.Create(filepath.Join(dir, "raw.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	bodies := []string{}
	for i, f := range forms {
		header := http.Header{}
		for name, value := range f.Header {
			header.Set(name, value)
		}
		e := &traffic.Exchange{
			ID: fmt.Sprintf("ex-%06d", i), Time: time.Unix(1_700_000_000, 0), Vendor: "elma365", Caller: traffic.Partner,
			Request:  traffic.Request{Method: "POST", URL: "http://h.example" + hookPath + "?" + f.Query, Header: header, Body: traffic.NewBody(f.Body, 0)},
			Response: &traffic.Response{Status: 200, Header: header, Body: traffic.NewBody(f.Body, 0)},
		}
		if i%2 == 0 {
			e.Caller, e.Request.URL = traffic.Vendor, "http://hook.example/?"+f.Query
		}
		if err := traffic.Write(capture, e); err != nil {
			t.Fatal(err)
		}
		if i%10 == 0 && len(f.Body) > 0 {
			name := filepath.Join(dir, fmt.Sprint("body-", i, ".json"))
			if err := os.WriteFile(name, f.Body, 0o600); err != nil {
				t.Fatal(err)
			}
			bodies = append(bodies, name)
		}
	}
	if err := capture.Close(); err != nil {
		t.Fatal(err)
	}
	var all safeBuffer
	for _, format := range summary.Formats() {
		run(t.Context(), []string{"validate", "elma365", capture.Name(), "--webhook", "http://hook.example/", "--format", format}, nil, &all, &all)
		run(t.Context(), append([]string{"validate", "elma365/operations/message", "--format", format}, bodies...), nil, &all, &all)
	}
	for _, format := range []string{"text", "json", "html"} {
		run(t.Context(), []string{"coverage", "elma365", "--from", capture.Name(), "--webhook", "http://hook.example/", "--format", format, "--out", filepath.Join(out, "coverage."+format)}, nil, &all, &all)
	}
	for _, format := range []string{"text", "json"} {
		run(t.Context(), []string{"drift", "elma365", "--from", capture.Name(), "--webhook", "http://hook.example/", "--format", format}, nil, &all, &all)
	}
	w.add("output", []byte(all.String()))
	w.folder(out)
	w.check()
}

// A partner that tells its token in every answer, and whatever else it can.
func TestConformShowsNoSecret(t *testing.T) {
	t.Parallel()
	const mark = "QcZ0000W"
	token := `tk-` + mark + `/+=%41"x`
	forms := append(leak.Told(token), secretForms("d")...)
	w := &written{t: t, forms: []leak.Form{{Name: "token", Mark: mark, Secret: token}}}
	var told []leak.Form
	for _, f := range forms {
		if f.Secret == token || !f.Known {
			told = append(told, f)
		}
		if !f.Known {
			w.forms = append(w.forms, f)
		}
	}
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		dir := filepath.Join(t.TempDir(), "report")
		partner := formsFrom(t, told[i*len(told)/6:])
		var stdout, stderr safeBuffer
		code := run(t.Context(), []string{"conform", "elma365/webhook", "--target", partner.URL + "/hook", "--token", "@" + file, "--report", dir, "--timeout", "2s", "--retry-wait", "20ms", "--quiet-wait", "10ms", "--run", "*connect*,*message*,*token*"}, nil, &stdout, &stderr)
		if code == exitUsage {
			t.Fatal(stderr.String())
		}
		w.add("stdout", []byte(stdout.String()))
		w.add("stderr", []byte(stderr.String()))
		w.folder(dir)
	}
	w.check()
}
