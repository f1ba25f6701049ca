package outbox

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/parleykit/parley/internal/problem"
)

// What a retry or a cancel may fail with.
var (
	ErrNotNow error = &problem.Reason{Status: http.StatusConflict, Kind: "state", Text: "not now"}
	ErrNoURL  error = &problem.Reason{Status: http.StatusConflict, Kind: "no-url", Text: "no URL"}
)

// Retry queues a delivery again that was not delivered, to a URL, or to the one that
// it has where that is "". Its attempts go on counting, and nothing delays it.
func (e *Entry) Retry(url string) error {
	o := e.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	to := e.URL
	if e.To == "" && url != "" {
		to = url
	}
	switch {
	case e.State == Delivered:
		return fmt.Errorf("%w: delivery %s was delivered; replay it to send it again", ErrNotNow, e.ID)
	case e.State == Queued || e.State == Delivering:
		return fmt.Errorf("%w: delivery %s is %s; wait for its end, or cancel it", ErrNotNow, e.ID, e.State)
	case o.closed != "":
		return fmt.Errorf("%w: %s", ErrNotNow, o.closed)
	case to == "":
		return fmt.Errorf("%w: channel %s has none; open it again with one (POST /_parley/channels)", ErrNoURL, e.Channel)
	}
	o.touch(e)
	e.URL = to
	e.State, e.Error, e.Status, e.late, e.hold, e.parallel, e.after = Queued, "", 0, 0, nil, nil, nil
	e.Ended, e.due, e.unsent = time.Time{}, time.Time{}, false
	o.queue(e)
	return nil
}

const cancelled = "cancelled on request"

// Cancel ends a delivery that has not ended: at once, or when its attempt breaks off.
func (e *Entry) Cancel() error {
	o := e.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case e.State != Queued && e.State != Delivering:
		return fmt.Errorf("%w: delivery %s has ended, %s", ErrNotNow, e.ID, e.State)
	case o.withdraw(e):
		o.cancel(e, cancelled)
	default:
		e.stop(errors.New(cancelled)) // whoever carries it out ends it
	}
	return nil
}
