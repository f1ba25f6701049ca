package control

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Run is the judgment of a partner that a viewer shows.
type Run interface {
	// View is the run as it is now: what JSON is made of, without secrets.
	View() any
	// Wait returns as soon as there are more results than so many, or the run has ended.
	// The error is that of the context.
	Wait(ctx context.Context, since int) error
}

// usualRunWait is how long run/wait waits unless it is told otherwise.
const usualRunWait = 30 * time.Second

// ofRun are the routes of a run.
func (c *reader) ofRun(run Run) []route {
	return []route{
		{"GET", "run", c.plain(func(w http.ResponseWriter, _ *http.Request) { c.writeShown(w, http.StatusOK, run.View()) })},
		{"GET", "run/wait", func(w http.ResponseWriter, r *http.Request) { c.waitRun(run, w, r) }},
	}
}

// waitRun answers with the run once there is more of it, or when its time is over: the
// reader asks again.
func (c *reader) waitRun(run Run, w http.ResponseWriter, r *http.Request) {
	values, ok := c.query(w, r, "since", "timeout")
	if !ok {
		return
	}
	since, err := 0, error(nil)
	if text := values["since"]; text != "" {
		if since, err = strconv.Atoi(text); err != nil || since < 0 {
			c.refuse(w, fmt.Errorf("since=%s is none; write how many results you have", text))
			return
		}
	}
	timeout, err := waitTime(values, usualRunWait)
	ctx, leave, ok := c.takeWait(w, r, timeout, err)
	if !ok {
		return
	}
	defer leave()
	if run.Wait(ctx, since) != nil && ctx.Err() != context.DeadlineExceeded {
		c.closing(w)
		return
	}
	c.writeShown(w, http.StatusOK, run.View())
}
