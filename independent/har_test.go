package independent

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/recording"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// TestArchivesAreHAR: what a mock exports of calls and deliveries is what har-validator
// takes for HAR 1.2. It must refuse an archive in which one thing is missing, or it
// judges nothing.
func TestArchivesAreHAR(t *testing.T) {
	nodetest.Installed(t, ".", "har-validator")
	archives := []string{archiveOfAll(t), archiveOfBytes(t), recordedArchive(t)}
	good := len(archives)
	for _, key := range []string{"version", "startedDateTime", "mimeType", "httpVersion", "queryString"} {
		archives = append(archives, strings.Replace(archives[0], `"`+key+`":`, `"x":`, 1))
	}
	judge := exec.CommandContext(t.Context(), "node", "har.mjs")
	judge.Stdin = strings.NewReader(strings.Join(archives, "\n") + "\n")
	var complaint bytes.Buffer
	judge.Stderr = &complaint
	output, err := judge.Output()
	if err != nil {
		t.Fatalf("har.mjs: %v\n%s", err, complaint.String())
	}
	verdicts := json.NewDecoder(bytes.NewReader(output))
	for i := range archives {
		var said string
		if err := verdicts.Decode(&said); err != nil {
			t.Fatal(err)
		}
		switch {
		case i < good && said != "":
			t.Errorf("the archive is no HAR: %s", said)
		case i >= good && said == "":
			t.Errorf("an archive without a key is taken: %.300s", archives[i])
		}
	}
}

// archiveOfAll is the archive, in one line, of a mock that was called and that called:
// answered, refused, and in vain.
func archiveOfAll(t *testing.T) string {
	t.Helper()
	c, err := specs.LoadFolder("../testdata/contracts/acme")
	if err != nil {
		t.Fatal(err)
	}
	m := mocktest.NewWith(t, mockserver.Options{}, mockserver.Vendor{Contract: c})
	p := mocktest.NewPartner(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", "s=1; Path=/")
		w.Header().Set("Content-Type", "image/png")
		w.Write([]byte("\x89PNG\xff"))
	})
	m.Connect(mockserver.Channel{ID: "c", URL: p.URL + "/hook?token=s3cr3ts3cr3t&a=1"})
	m.Connect(mockserver.Channel{ID: "gone", URL: "http://127.0.0.1:1/"})
	m.Do("GET", "/tickets/T-1?a=1&b=%26", "", "Cookie", "s=1; t=2")
	m.Do("POST", "/tickets", "{\"subject\": \xff", "Content-Type", "application/json")
	m.Do("DELETE", "/nowhere", "")
	for _, channel := range []string{"c", "gone"} {
		if _, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "ticketAnswered", Channel: channel}); err != nil {
			t.Fatal(err)
		}
	}
	m.Do("GET", "/_parley/journal/wait?n=5&timeout=20s", "")
	text := m.Do("GET", "/_parley/journal.har", "").Body
	if !strings.Contains(text, `"status":0`) || strings.Contains(text, "s3cr3t") {
		t.Errorf("the archive has no call in vain, or a secret: %s", text)
	}
	return inOneLine(t, text)
}

// archiveOfBytes is one of bodies that are no text, which a mock does not show.
func archiveOfBytes(t *testing.T) string {
	t.Helper()
	bytesOf := func(text string) traffic.Body { return traffic.NewBody([]byte(text), 0) }
	e := &traffic.Exchange{
		Request:  traffic.Request{Method: "POST", URL: "/upload", Body: bytesOf("\x00\xff")},
		Response: &traffic.Response{Status: 200, Body: bytesOf("\x89PNG")},
	}
	var text strings.Builder
	if err := traffic.WriteHAR(&text, slices.Values([]*traffic.Exchange{e}), traffic.HAROptions{}); err != nil {
		t.Fatal(err)
	}
	if strings.Count(text.String(), `"encoding":"base64"`) != 2 {
		t.Errorf("the archive is %s", text.String())
	}
	return inOneLine(t, text.String())
}

// recordedArchive is one that a recording wrote, in two runs.
func recordedArchive(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "traffic.har")
	for _, id := range []string{"ex-1", "ex-2"} {
		r, err := recording.OpenArchive(file, traffic.HAROptions{Base: "https://vendor.example/api"}, 0, redaction.New(redaction.Options{}), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Append(&traffic.Exchange{ID: id, Caller: traffic.Partner, Request: traffic.Request{Method: "GET", URL: "/orders?page=1"}, Response: &traffic.Response{Status: 200}})
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(text), "https://vendor.example/api/orders?page=1") != 2 {
		t.Errorf("the archive is %s", text)
	}
	return inOneLine(t, string(text))
}

func inOneLine(t *testing.T, text string) string {
	t.Helper()
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return line.String()
}
