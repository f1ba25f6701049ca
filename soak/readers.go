package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/memory"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/summary"
)

const (
	readerBound  = 300              // MiB
	readerLength = 60 * time.Second // that one command may take
)

// readers gives files that are made up to the commands that read them.
func (s *soak) readers() (part, error) {
	round := func(seed uint64) error {
		d := newDice(seed, 70, s.contracts...)
		for range s.size.files {
			for _, line := range s.commands(d) {
				if err := s.read(line); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return part{"readers", round, func() error { return nil }}, nil
}

// commands writes one file, or one folder, and returns what reads it.
func (s *soak) commands(d *dice) [][]string {
	c := pick(d, d.contracts...)
	name := filepath.Join(s.folder, "input")
	switch d.IntN(5) {
	case 0:
		s.write(name, d.spoilText(d.har()))
		return [][]string{{"validate", c.ID, name, "--quiet"}, {"validate", c.ID, name, "--format", pick(d, summary.Formats()...)}, {"drift", c.ID, "--from", name}}
	case 1:
		s.write(name, d.spoilText(d.ndjson()))
		return [][]string{{"validate", c.ID, name, "--format", "json"}, {"coverage", c.ID, "--from", name}, {"drift", c.ID, "--from", name, "--format", "json"}}
	case 2:
		s.write(name, d.spoilBody(d.call().body))
		lines := [][]string{{"validate", c.ID, name}}
		if len(c.Events) > 0 {
			lines = append(lines, []string{"send", c.ID, c.Events[0].ID, "--to", "http://127.0.0.1:1/", "--body", "@" + name})
		}
		return lines
	case 3:
		s.write(name, d.spoilText([]byte(pick(d, storyText, stateText))))
		return [][]string{{"play", name, "--list"}, {"serve", "--addr", "127.0.0.1:0", "--state", name, "--scenario", filepath.Join(s.folder, "none.yaml")},
			{"conform", c.ID, "--target", "http://127.0.0.1:1/", "--token", "x", "--known-failing", name}}
	}
	folder := filepath.Join(s.folder, "contract")
	if err := s.contract(d, c, folder); err != nil {
		s.find("a contract cannot be written: %v", err)
		return nil
	}
	return [][]string{{"specs", "show", c.ID, "--contract", folder}, {"conform", c.ID, "--list", "--contract", folder}, {"specs", "diff", c.ID, folder}}
}

// contract writes a shipped one with one of its files spoiled.
func (s *soak) contract(d *dice, c *specs.Contract, folder string) error {
	list, err := c.Export(pick(d, "yaml", "json"))
	if err != nil {
		return err
	}
	os.RemoveAll(folder)
	spoiled := d.IntN(len(list))
	if d.once(2) {
		spoiled = 0 // the document
	}
	for i, f := range list {
		if i == spoiled {
			f.Data = d.spoilText(f.Data)
		}
		name := filepath.Join(folder, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		s.write(name, f.Data)
	}
	return nil
}

func (s *soak) write(name string, data []byte) {
	if err := os.WriteFile(name, data, 0o600); err != nil {
		s.find("a file cannot be written: %v", err)
	}
}

// read runs a command, which must end in time, within its bound and with one of the
// documented exit codes.
func (s *soak) read(line []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), readerLength)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.binary, line...)
	var said tail
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return err
	}
	mib := watched(cmd)
	s.counts["files read"]++
	s.peak("parley "+line[0]+" of a made-up file", mib)
	text := said.String()
	switch code := cmd.ProcessState.ExitCode(); {
	case ctx.Err() != nil:
		text = "it does not end: " + text
	case code < 0 || code > 4:
		text = fmt.Sprintf("exit %d: %s", code, text)
	case panicked.MatchString(text):
	case mib > readerBound:
		text = fmt.Sprintf("it needed %.0f MiB", mib)
	default:
		return nil
	}
	kept := filepath.Join(os.TempDir(), fmt.Sprintf("parley-soak-input-%d", time.Now().UnixNano()))
	os.Rename(filepath.Join(s.folder, "input"), kept)
	return fmt.Errorf("parley %s: %s\n(its input is kept as %s)", strings.Join(line, " "), text, kept)
}

// watched waits for a command and returns how much memory it was seen to hold at
// most, in MiB.
func watched(cmd *exec.Cmd) (mib float64) {
	ended := make(chan struct{})
	go func() {
		cmd.Wait() // how it ended is in ProcessState
		close(ended)
	}()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-ended:
			return mib
		case <-look.C:
			mib = max(mib, memory.Of(cmd.Process.Pid, "VmHWM"))
		}
	}
}

// har writes calls as a browser does.
func (d *dice) har() []byte {
	var entries []any
	for range d.IntN(8) {
		c := d.call()
		entries = append(entries, map[string]any{
			"startedDateTime": "2026-01-02T03:04:05Z", "time": d.IntN(100),
			"request": map[string]any{"method": c.method, "url": "https://vendor.example" + c.target, "headers": []any{map[string]any{"name": "Content-Type", "value": c.header["Content-Type"]}},
				"postData": map[string]any{"mimeType": c.header["Content-Type"], "text": string(c.body)}},
			"response": map[string]any{"status": pick(d, 200, 404, 0, 999), "headers": []any{}, "content": map[string]any{"mimeType": "application/json", "text": string(d.call().body), "encoding": pick(d, "", "base64")}},
		})
	}
	text, err := json.Marshal(map[string]any{"log": map[string]any{"version": "1.2", "entries": entries}})
	if err != nil {
		return nil
	}
	return text
}

// ndjson writes calls as Parley does.
func (d *dice) ndjson() []byte {
	var text bytes.Buffer
	for range d.IntN(8) {
		c := d.call()
		traffic.Write(&text, &traffic.Exchange{
			ID: fmt.Sprint("ex-", d.IntN(1000)), Vendor: pick(d, d.contracts...).ID, Caller: pick(d, traffic.Partner, traffic.Vendor),
			Request:  traffic.Request{Method: c.method, URL: c.target, Body: traffic.NewBody(c.body, 0)},
			Response: &traffic.Response{Status: pick(d, 200, 400, 500), Body: traffic.NewBody(d.call().body, 0)},
		})
	}
	return text.Bytes()
}
