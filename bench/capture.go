package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// captureSize is the length of the generated capture, in bytes.
const captureSize = 200 << 20

// capturedServer is whose calls the capture has.
const capturedServer = "https://my-domain.example"

// captured lets parley validate read a generated HAR, and beside it a reader that only
// looks for where its JSON begins and ends, and Redocly's drift.
func captured(ctx context.Context, w *workload, binary string) error {
	file, entries, size, err := writeCapture(w, captureSize)
	if err != nil {
		return err
	}
	defer os.Remove(file)
	floor, err := captureFloor(file)
	if err != nil {
		return err
	}
	readers := []*captureReader{{
		title: "parley validate (recognised, read, judged, summed up)", binary: binary,
		args: []string{"validate", w.vendor, file, "--format", "json"}, read: fmt.Sprintf(`"read": %d`, entries),
	}}
	if err := installPeers(ctx, peers); err != nil {
		absent("Redocly's drift", err)
	} else {
		readers = append(readers, &captureReader{
			title: versioned("Redocly", redoclyPackage) + ", drift (read, matched, judged, summed up)", binary: "node",
			args: driftArgs(file, w.document(), capturedServer), read: fmt.Sprintf(`"totalExchanges": %d`, entries),
		})
	}
	mb := float64(size) / 1e6
	fmt.Printf("  %7.0f MB/s  %7.0f exchanges/s   floor (encoding/json, its tokens alone)\n", mb/floor.Seconds(), float64(entries)/floor.Seconds())
	for _, r := range readers {
		if err := r.run(ctx); err != nil {
			return err
		}
		fmt.Printf("  %7.0f MB/s  %7.0f exchanges/s   %.0f MB for each second of one processor, %.0f MiB of memory at most   %s\n",
			mb/r.took.Seconds(), float64(entries)/r.took.Seconds(), mb/r.used.Seconds(), r.memory, r.title)
	}
	fmt.Printf("  %.2f of the floor's speed; %.0f MB/s on the processors that there are (aim 200 on two)\n", floor.Seconds()/readers[0].took.Seconds(), mb/readers[0].took.Seconds())
	if len(readers) > 1 {
		fmt.Printf("  ratio %.2f of drift's time, %.2f of its processor time\n", readers[0].took.Seconds()/readers[1].took.Seconds(), readers[0].used.Seconds()/readers[1].used.Seconds())
	}
	return nil
}

// captureReader is a program that judges a capture.
type captureReader struct {
	title, binary string
	args          []string
	read          string // what it prints when it has read all: speed by leaving things out would be none

	took, used time.Duration
	memory     float64 // at most, in MiB
}

func (r *captureReader) run(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, r.binary, r.args...)
	cmd.Env = append(os.Environ(), "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true")
	var out, problems strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &problems
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	p := &process{name: r.title, cmd: cmd}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	err := p.peak(ended, &r.memory)
	r.took = time.Since(began)
	if err != nil {
		return fmt.Errorf("%s: %w: %.300s", r.title, err, problems.String()) // the capture has no mistake
	}
	r.used = p.used()
	if !strings.Contains(out.String(), r.read) {
		return fmt.Errorf("%s does not print %s, so that not all exchanges were read: %.300s", r.title, r.read, out.String())
	}
	return nil
}

// peak looks at a process's memory until it has ended: afterwards nothing says how much it was.
func (p *process) peak(ended <-chan error, most *float64) error {
	for look := time.NewTicker(10 * time.Millisecond); ; {
		select {
		case err := <-ended:
			look.Stop()
			return err
		case <-look.C:
			*most = max(*most, p.memory("VmHWM"))
		}
	}
}

// writeCapture writes an archive into a file, and returns how many entries and bytes it has.
func writeCapture(w *workload, size int) (name string, entries int, written int64, err error) {
	file, err := os.CreateTemp("", "parley-bench-*.har")
	if err != nil {
		return "", 0, 0, err
	}
	defer file.Close()
	if entries, err = writeHAR(file, w, size); err == nil {
		written, err = file.Seek(0, io.SeekCurrent)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return file.Name(), entries, written, err
}

// captureFloor is how long encoding/json takes to read a file.
func captureFloor(name string) (time.Duration, error) {
	file, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	began := time.Now()
	err = tokens(file)
	return time.Since(began), err
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

// writeHAR writes an archive of about so many bytes, and returns how many entries it has:
// calls of the vendor, and in every tenth place something that a browser loads from elsewhere.
func writeHAR(to io.Writer, called *workload, size int) (int, error) {
	w := bufio.NewWriterSize(to, 1<<20)
	fmt.Fprint(w, `{"log": {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "pages": [], "entries": [`)
	const entry = `{"startedDateTime": "2026-11-20T12:03:41.000Z", "time": 12.5, "request": {"method": %s, "url": %s, "httpVersion": "HTTP/2",
 "headers": [{"name": ":authority", "value": "my-domain.example"}, {"name": "accept", "value": "*/*"}, {"name": "content-type", "value": "application/json"}],
 "cookies": [], "queryString": [], "headersSize": -1, "bodySize": %d, "postData": {"mimeType": "application/json", "text": %s}},
 "response": {"status": 200, "statusText": "", "httpVersion": "HTTP/2", "headers": [], "cookies": [], "content": {"size": %d, "mimeType": "text/plain", "text": %s},
 "redirectURL": "", "headersSize": -1, "bodySize": -1}, "cache": {}, "timings": {"send": 0.1, "wait": 12, "receive": 0.4}}`
	script := quoted(strings.Repeat("function f(a) { return \"a\" + a }\n", 500))
	var block bytes.Buffer // written again and again
	for i := 1; i <= 1000; i++ {
		if i%10 == 0 {
			fmt.Fprintf(&block, entry, `"GET"`, `"https://cdn.example/app.js"`, 0, `""`, 16000, script)
		} else {
			body := string(called.body())
			fmt.Fprintf(&block, entry, `"POST"`, quoted(capturedServer+called.target), len(body), quoted(body), 0, `""`)
		}
		block.WriteString(",\n")
	}
	blocks := max(1, size/block.Len())
	for range blocks - 1 {
		if _, err := w.Write(block.Bytes()); err != nil {
			return 0, err
		}
	}
	w.Write(bytes.TrimSuffix(block.Bytes(), []byte(",\n")))
	fmt.Fprint(w, "]}}\n")
	return 1000 * blocks, w.Flush()
}

func quoted(text string) string {
	data, _ := json.Marshal(text) // a string always is JSON
	return string(data)
}
