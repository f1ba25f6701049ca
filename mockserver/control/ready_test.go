package control_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/mockserver"
)

// TestReadyDiffersFromAlive: a mock that wants no traffic answers all the same.
func TestReadyDiffersFromAlive(t *testing.T) {
	var starting atomic.Pointer[error]
	c := newControl(t, mockserver.Options{Ready: func() error {
		if err := starting.Load(); err != nil {
			return *err
		}
		return nil
	}})
	c.into(nil, 200, "GET", "ready", "")
	reason := errors.New("the ledger is being read")
	starting.Store(&reason)
	c.refused(503, "GET", "ready", "", "the ledger is being read")
	c.into(nil, 200, "GET", "health", "")
	starting.Store(nil)
	c.into(nil, 200, "GET", "ready", "")

	c.Server().Drain()
	c.refused(503, "GET", "ready", "", "the mock is draining")
	c.into(nil, 200, "GET", "health", "")
	if a := c.Do("GET", "/tickets/T-1", ""); a.Status != 200 {
		t.Errorf("a draining mock answers a call %d %s", a.Status, a.Body)
	}
}
