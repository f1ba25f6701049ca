package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// Bounds of a wait, and of what is shown of one body in characters.
const (
	usualWait   = 5 * time.Second
	longestWait = time.Minute
	bodyShown   = 1_000
)

type trafficWaitIn struct {
	Operation string            `json:"operation,omitempty" jsonschema:"operations/NAME, events/NAME"`
	Body      map[string]any    `json:"body,omitempty" jsonschema:"dotted path: value"`
	Contains  map[string]string `json:"contains,omitempty" jsonschema:"dotted path: part of it"`
	Status    int               `json:"status,omitempty"`
	After     string            `json:"after,omitempty" jsonschema:"ID: only later ones"`
	N         int               `json:"n,omitempty"`
	Timeout   string            `json:"timeout,omitempty" jsonschema:"default 5s"`
	Contract  string            `json:"contract,omitempty"`
}

type trafficWaitOut struct {
	Met       bool     `json:"met"`
	Exchanges []string `json:"exchanges"`
	More      bool     `json:"more,omitempty"`
	Closest   string   `json:"closest,omitempty"`
	Differs   []string `json:"differs,omitempty"`
}

func (s *session) trafficWait(ctx context.Context, _ *sdk.CallToolRequest, in trafficWaitIn) (out trafficWaitOut, err error) {
	timeout := usualWait
	if in.Timeout != "" {
		if timeout, err = time.ParseDuration(in.Timeout); err != nil || timeout < 0 || timeout > longestWait {
			return out, fmt.Errorf("timeout is %q; write a duration up to %s, such as 5s", in.Timeout, longestWait)
		}
	}
	if in.N < 0 {
		return out, fmt.Errorf("n is %d; write how many exchanges are waited for, 1 without it", in.N)
	}
	match := mockserver.Match{Operation: in.Operation, Body: in.Body, Contains: in.Contains, Status: in.Status, After: in.After}
	return out, s.use(ctx, in.Contract, func(ctx context.Context, b *mockserver.Sandbox, _ *specs.Contract) error {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		found, err := b.Await(ctx, max(in.N, 1), match)
		var miss *mockserver.Miss
		if err != nil && !errors.As(err, &miss) {
			return err
		}
		out.Met = miss == nil
		out.Exchanges, out.More = s.exchanges(found)
		if miss != nil && miss.Closest != nil {
			out.Closest, out.Differs = s.exchange(miss.Closest), s.differences(miss.Differences)
		}
		return nil
	})
}

// exchanges are those that fit into one answer, and whether there are more.
func (s *session) exchanges(found []*traffic.Exchange) ([]string, bool) {
	shown, size := []string{}, 0
	for i, e := range found {
		one := s.exchange(e)
		if size += len(one); size > pageBytes && i > 0 {
			return shown, true
		}
		shown = append(shown, one)
	}
	return shown, false
}

// exchange is one request with its answer, and what is wrong in it, each in a line.
func (s *session) exchange(e *traffic.Exchange) string {
	e = s.Redactor.Exchange(e)
	became := "no answer: " + e.Error
	if e.Response != nil {
		became = fmt.Sprintf("answered %d", e.Response.Status)
	}
	if len(e.Faults) > 0 {
		became += ", by fault " + strings.Join(e.Faults, ", ")
	}
	lines := []string{fmt.Sprintf("%s %s, by the %s: %s %s, %s", e.ID, cmp.Or(e.Operation, "none of the contract's"), e.Caller, e.Request.Method, e.Request.URL, became)}
	lines = append(lines, findingLines(e.Findings)...)
	lines = append(lines, bodyLine("request", e.Request.Body)...)
	if e.Response != nil {
		lines = append(lines, bodyLine("answer", e.Response.Body)...)
	}
	for i, line := range lines {
		lines[i] = visible.Line(line)
	}
	return strings.Join(lines, "\n")
}

// bodyLine shows a body, if there is one.
func bodyLine(of string, b traffic.Body) []string {
	if len(b.Kept) == 0 {
		return nil
	}
	return []string{of + ": " + visible.Shorten(string(b.Kept), bodyShown)}
}

// differences are those of an exchange without the values of secrets.
func (s *session) differences(list []string) []string {
	for i, one := range list {
		path, _, _ := strings.Cut(one, " ")
		if s.Redactor.IsSecret(path[strings.LastIndexByte(path, '.')+1:]) {
			list[i] = path + " is another; its value is secret"
		}
		list[i] = visible.Shorten(list[i], lineBytes)
	}
	return list
}
