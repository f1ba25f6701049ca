package mcp

import (
	"context"
	"fmt"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/summary"
)

// addReading offers the tools that change nothing.
func (s *session) addReading(server *sdk.Server) {
	add(s, server, "contract_read", "What the vendor documents, with evidence. Without contract: which there are.", reads, s.contractRead)
	add(s, server, "body_check", "Judge a JSON body in a file: what is wrong, where, and why.", reads, s.bodyCheck)
	add(s, server, "capture_judge", "Judge recorded traffic: a HAR or NDJSON file.", reads, s.captureJudge)
}

type contractReadIn struct {
	Contract string `json:"contract,omitempty" jsonschema:"ID, or path of an OpenAPI document"`
	Item     string `json:"item,omitempty" jsonschema:"operations, events, requirements, readings, or one by name or ID"`
	Cursor   int    `json:"cursor,omitempty"`
}

type contractReadOut struct {
	Lines  []string `json:"lines"`
	Cursor int      `json:"cursor,omitempty"`
}

func (s *session) contractRead(_ context.Context, _ *sdk.CallToolRequest, in contractReadIn) (out contractReadOut, err error) {
	text, err := s.contractText(in)
	if err != nil {
		return out, err
	}
	out.Lines, out.Cursor, err = page(strings.Split(strings.TrimRight(text, "\n"), "\n"), in.Cursor)
	return out, err
}

func (s *session) contractText(in contractReadIn) (string, error) {
	var text strings.Builder
	if in.Contract == "" {
		all, err := s.Contracts()
		for _, c := range all {
			fmt.Fprintf(&text, "%s: %s, %d operations, %d events\n", c.ID, c.Title, len(c.Operations), len(c.Events))
		}
		return text.String(), err
	}
	c, err := s.contract(in.Contract)
	if err != nil {
		return "", err
	}
	err = s.Show(&text, c, in.Item)
	return text.String(), err
}

type bodyCheckIn struct {
	Contract string `json:"contract"`
	Path     string `json:"path"`
	Payload  string `json:"payload,omitempty" jsonschema:"operations/NAME, events/NAME; else guessed"`
	Cursor   int    `json:"cursor,omitempty"`
}

type bodyCheckOut struct {
	Valid    bool     `json:"valid"`
	Payload  string   `json:"payload"`
	Findings []string `json:"findings"`
	Cursor   int      `json:"cursor,omitempty"`
}

func (s *session) bodyCheck(ctx context.Context, _ *sdk.CallToolRequest, in bodyCheckIn) (out bodyCheckOut, err error) {
	report, err := s.judged(ctx, in.Contract, File{Path: in.Path, Payload: in.Payload})
	if err != nil {
		return out, err
	}
	if len(report.Results) != 1 {
		return out, fmt.Errorf("%s is a capture; judge it with capture_judge, or name the payload", in.Path)
	}
	body := report.Results[0]
	out = bodyCheckOut{Valid: body.Valid, Payload: body.Payload}
	out.Findings, out.Cursor, err = page(findingLines(s.Redactor.Findings(body.Findings)), in.Cursor)
	return out, err
}

func findingLines(found []traffic.Finding) []string {
	lines := []string{}
	for _, f := range found {
		line := f.String()
		if f.Requirement != "" {
			line += " [" + f.Requirement + "]"
		}
		lines = append(lines, line)
	}
	return lines
}

type captureJudgeIn struct {
	Contract string `json:"contract"`
	Path     string `json:"path"`
	Webhook  string `json:"webhook,omitempty" jsonschema:"URL whose calls are events"`
	Base     string `json:"base,omitempty" jsonschema:"where the API begins"`
	Cursor   int    `json:"cursor,omitempty"`
}

type captureJudgeOut struct {
	Outcome string   `json:"outcome"`
	Lines   []string `json:"lines"`
	Cursor  int      `json:"cursor,omitempty"`
}

func (s *session) captureJudge(ctx context.Context, _ *sdk.CallToolRequest, in captureJudgeIn) (out captureJudgeOut, err error) {
	file := File{Path: in.Path, Base: in.Base}
	if in.Webhook != "" {
		file.Webhooks = []string{in.Webhook}
	}
	report, err := s.judged(ctx, in.Contract, file)
	if err != nil {
		return out, err
	}
	if len(report.Results) > 0 {
		return out, fmt.Errorf("%s is one body and no capture; judge it with body_check", in.Path)
	}
	out.Outcome = string(report.Outcome)
	out.Lines, out.Cursor, err = page(captureLines(report), in.Cursor)
	return out, err
}

// captureLines say how much was judged, and list findings by what they break, the worst
// first, each kind with its first example.
func captureLines(report *summary.Report) []string {
	n := report.Counts
	lines := append([]string{fmt.Sprintf("of %d exchanges %d were judged, %d skipped, %d not read", n.Read, n.Judged, n.Skipped, n.Broken)}, report.Reasons...)
	for _, g := range report.Groups {
		if g.Requirement != nil {
			lines = append(lines, fmt.Sprintf("%s %s (%d times): %s", g.Severity, g.ID(), g.Count, g.Requirement.Text))
		}
		for _, k := range g.Kinds {
			lines = append(lines, fmt.Sprintf("%s, %d times, first in %s %s %s: %s", k.Operation, k.Count, k.First.Position, k.First.Method, k.First.URL, k.First.Finding))
		}
	}
	for _, b := range report.Broken {
		lines = append(lines, fmt.Sprintf("not read: %s: %s", b.Position, b.Text))
	}
	return lines
}

// judged is the report of a file, which must lie below the folder.
func (s *session) judged(ctx context.Context, contract string, file File) (*summary.Report, error) {
	c, err := s.contract(contract)
	if err != nil {
		return nil, err
	}
	if file.Path, err = s.file("path", file.Path); err != nil {
		return nil, err
	}
	return s.Judge(ctx, c, file)
}
