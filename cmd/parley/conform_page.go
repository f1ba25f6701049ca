package main

import (
	"context"
	"os"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/mockserver/control"
)

// runPage shows a run while it runs, and what crosses the wire meanwhile.
type runPage struct {
	*viewer
	progress *conformance.Progress
	lasts    bool // there is a report, and somebody who reads it
}

// show serves the page of --ui, where it is asked for, and returns the options with which
// the run tells it how far it is.
func (c *conforming) show(m *conformMock, o conformance.Options) (conformance.Options, error) {
	if c.viewer.addr == "" {
		return o, nil
	}
	progress, o := conformance.Following(o)
	page, err := c.viewer.show("--ui", control.ViewerOptions{
		Kind: "run", Judges: m.mock.Judges(), Journal: m.sandbox.Journal(), Redactor: c.redactor(), Run: progress,
	})
	if err != nil {
		return o, err
	}
	c.page = &runPage{viewer: page, progress: progress}
	c.viewer.say(newConsole(c.out, c.redactor()), page)
	return o, nil
}

// done gives the page the whole report.
func (p *runPage) done(report *conformance.Report, c *conforming) {
	if p != nil {
		p.progress.Finish(report)
		p.lasts = terminal.Is(c.out) && os.Getenv("CI") == "" // some pipelines have terminals that nobody sees
	}
}

// leave ends the page: once somebody at a terminal has read it, else at once, so that no
// pipeline waits for a reader.
func (p *runPage) leave(ctx context.Context, c *conforming) {
	if p == nil {
		return
	}
	if p.lasts && ctx.Err() == nil {
		newConsole(c.out, c.redactor()).printf("the report stays at %s until Ctrl-C\n", p.url)
		<-ctx.Done()
	}
	p.close()
}
