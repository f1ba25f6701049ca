package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// captureSize is the length of the generated capture, in bytes. It goes through a
// pipe and is never whole anywhere.
const captureSize = 200 << 20

// captured lets parley validate read a generated HAR, and beside it a reader that
// only looks for where its JSON begins and ends.
func captured(ctx context.Context, w *workload, binary string) error {
	began := time.Now()
	read, write := io.Pipe()
	go func() { write.CloseWithError(writeHAR(write, w, nil)) }()
	if err := tokens(read); err != nil {
		return err
	}
	floor := time.Since(began)

	var entries int
	cmd := exec.CommandContext(ctx, binary, "validate", w.vendor, "-", "--format", "json")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	var out strings.Builder
	cmd.Stdout = &out
	began = time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := writeHAR(stdin, w, &entries); err != nil {
		return err
	}
	memory := (&process{cmd: cmd}).memory("VmHWM")
	stdin.Close()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%s validate: %w", binary, err) // the capture has no mistake
	}
	took := time.Since(began)
	if !strings.Contains(out.String(), fmt.Sprintf(`"read": %d`, entries)) {
		return fmt.Errorf("not all of %d exchanges were read: %.300s", entries, out.String())
	}
	const mb = captureSize / 1e6
	fmt.Printf("  %7.0f MB/s  %7.0f exchanges/s   floor (encoding/json, its tokens alone)\n", mb/floor.Seconds(), float64(entries)/floor.Seconds())
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	fmt.Printf("  %7.0f MB/s  %7.0f exchanges/s   parley validate (recognised, read, judged, summed up), %.0f MB for each second of one processor, %.0f MiB of memory at most\n",
		mb/took.Seconds(), float64(entries)/took.Seconds(), mb/used.Seconds(), memory)
	fmt.Printf("  %7.2f of the floor's speed (aim: 200 MB/s on two processors)\n", floor.Seconds()/took.Seconds())
	return nil
}

// tokens reads JSON to its end.
func tokens(from io.Reader) error {
	decoder := json.NewDecoder(from)
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// writeHAR writes an archive of about captureSize bytes: calls of the vendor, and
// in every tenth place something that a browser loads from elsewhere.
func writeHAR(to io.Writer, called *workload, entries *int) error {
	w := bufio.NewWriterSize(to, 1<<20)
	fmt.Fprint(w, `{"log": {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "pages": [], "entries": [`)
	const entry = `{"startedDateTime": "2026-11-20T12:03:41.000Z", "time": 12.5, "request": {"method": %s, "url": %s, "httpVersion": "HTTP/2",
 "headers": [{"name": ":authority", "value": "my-domain.example"}, {"name": "accept", "value": "*/*"}, {"name": "content-type", "value": "application/json"}],
 "cookies": [], "queryString": [], "headersSize": -1, "bodySize": %d, "postData": {"mimeType": "application/json", "text": %s}},
 "response": {"status": 200, "statusText": "", "httpVersion": "HTTP/2", "headers": [], "cookies": [], "content": {"size": %d, "mimeType": "text/plain", "text": %s},
 "redirectURL": "", "headersSize": -1, "bodySize": -1}, "cache": {}, "timings": {"send": 0.1, "wait": 12, "receive": 0.4}}`
	script := quoted(strings.Repeat("function f(a) { return \"a\" + a }\n", 500))
	var block bytes.Buffer // written again and again: who writes shares the processors with who reads
	for i := 1; i <= 1000; i++ {
		if i%10 == 0 {
			fmt.Fprintf(&block, entry, `"GET"`, `"https://cdn.example/app.js"`, 0, `""`, 16000, script)
		} else {
			body := string(called.body())
			fmt.Fprintf(&block, entry, `"POST"`, quoted("https://my-domain.example"+called.target), len(body), quoted(body), 0, `""`)
		}
		block.WriteString(",\n")
	}
	blocks := captureSize / block.Len()
	for range blocks - 1 {
		if _, err := w.Write(block.Bytes()); err != nil {
			return err
		}
	}
	w.Write(bytes.TrimSuffix(block.Bytes(), []byte(",\n")))
	fmt.Fprint(w, "]}}\n")
	if entries != nil {
		*entries = 1000 * blocks
	}
	return w.Flush()
}

func quoted(text string) string {
	data, _ := json.Marshal(text) // a string always is JSON
	return string(data)
}
