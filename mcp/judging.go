package mcp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
)

// addJudging offers what tells whether the integration does what it must.
func (s *session) addJudging(server *sdk.Server) {
	add(s, server, "traffic_wait", "Wait until n exchanges match. If they do not come: the closest, and how it differs.", reads, s.trafficWait)
	add(s, server, "conform_run", "Judge the running integration; first removes faults and lets the clock run. Only passed is success.", acts, s.conformRun)
}

// lastRun is what conform_run found last, for the answers that show its rest.
type lastRun struct {
	running sync.Mutex // one at a time: they share the sandbox
	out     conformRunOut
	lines   []string
}

type conformRunIn struct {
	Contract string   `json:"contract"`
	Suite    string   `json:"suite,omitempty"`
	Target   string   `json:"target,omitempty" jsonschema:"webhook"`
	Token    string   `json:"token,omitempty" jsonschema:"else that of mock_start"`
	Stimulus string   `json:"stimulusUrl,omitempty" jsonschema:"gets a POST; its header Parley-Ask says what to do"`
	Run      []string `json:"run,omitempty" jsonschema:"IDs or patterns of checks"`
	Deadline string   `json:"deadline,omitempty" jsonschema:"default 5m"`
	Cursor   int      `json:"cursor,omitempty" jsonschema:"of the last run"`
}

type conformRunOut struct {
	Outcome string   `json:"outcome"`
	Passed  bool     `json:"passed"`
	Lines   []string `json:"lines"`
	Cursor  int      `json:"cursor,omitempty"`
}

func (s *session) conformRun(ctx context.Context, request *sdk.CallToolRequest, in conformRunIn) (out conformRunOut, err error) {
	if !s.run.running.TryLock() {
		return out, errors.New("a run is under way; wait for its answer")
	}
	defer s.run.running.Unlock()
	if in.Cursor == 0 {
		s.run.out, s.run.lines = conformRunOut{}, nil
		report, err := s.conform(ctx, request, in)
		if err != nil {
			return out, err
		}
		if s.run.lines, err = reportLines(report); err != nil {
			return out, err
		}
		s.run.out = conformRunOut{Outcome: string(report.Outcome), Passed: report.Outcome == conformance.OutcomePassed}
	} else if s.run.out.Outcome == "" {
		return out, errors.New("cursor continues the last run, and there is none")
	}
	out = s.run.out
	out.Lines, out.Cursor, err = page(s.run.lines, in.Cursor)
	return out, err
}

func (s *session) conform(ctx context.Context, request *sdk.CallToolRequest, in conformRunIn) (report *conformance.Report, err error) {
	for argument, url := range map[string]string{"target": in.Target, "stimulusUrl": in.Stimulus} {
		if url == "" {
			continue
		}
		if err := s.allowed(argument, url); err != nil {
			return nil, err
		}
	}
	deadline := conformance.DefaultDeadline
	if in.Deadline != "" {
		if deadline, err = time.ParseDuration(in.Deadline); err != nil || deadline <= 0 {
			return nil, fmt.Errorf("deadline is %q; write a duration such as 5m", in.Deadline)
		}
	}
	c, err := s.contract(in.Contract)
	if err != nil {
		return nil, err
	}
	mock, err := s.play(c)
	if err != nil {
		return nil, err
	}
	token := s.token(c.ID, in.Token)
	return report, s.change(ctx, c.ID, func(ctx context.Context, b *mockserver.Sandbox, c *specs.Contract) error {
		suites, err := s.Suites(c, in.Suite)
		if err != nil {
			return err
		}
		o := conformance.Options{
			Suites: suites, Only: in.Run, Contract: c, Sandbox: b, Target: in.Target, Token: token, Address: b.BaseURL(),
			Deadline: deadline, Seed: rand.Uint64(), Version: s.Version, // another for each run: integrations remember IDs
		}
		if in.Stimulus != "" {
			o.Stimulus = conformance.StimulusAt(in.Stimulus)
		}
		if err := o.Validate(); err != nil {
			return err
		}
		o.OnResult = progress(ctx, request, o)
		b.ClearFaults()
		b.Clock().Run()
		if report, err = conformance.Judge(ctx, o); err != nil {
			return err
		}
		if !mock.Options().SelfCheck {
			report.Remarks = append(report.Remarks, "the mock does not judge its own answers; parley serve --self-check lets it")
		}
		return nil
	})
}

// progress tells an assistant that asked for it of each check as it is judged.
func progress(ctx context.Context, request *sdk.CallToolRequest, o conformance.Options) func(conformance.Result) {
	token := request.Params.GetProgressToken()
	if token == nil {
		return nil
	}
	plan, _ := conformance.Plan(o.Contract, o.Suites, o.Only, o.Filter) // Validate told what is wrong with it
	done := 0.0
	return func(r conformance.Result) {
		done++
		// Who does not listen any more is told nothing.
		_ = request.Session.NotifyProgress(ctx, &sdk.ProgressNotificationParams{ProgressToken: token, Progress: done, Total: float64(len(plan)), Message: fmt.Sprintf("%s: %s", r.Verdict, r.ID)})
	}
}

// reportLines are the summary that parley conform prints: all that did not pass, with what
// was expected and seen, and what the run did not touch.
func reportLines(r *conformance.Report) ([]string, error) {
	var text strings.Builder
	if err := r.WriteSummary(&text, conformance.Style{Width: lineBytes}); err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(text.String()), "\n")
	if untouched := r.Coverage.Untouched; len(untouched) > 0 {
		lines = append(lines, "Not touched: "+strings.Join(untouched, ", "))
	}
	return lines, nil
}
