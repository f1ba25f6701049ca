// Package expertflow plays Expertflow CX's side of third-party activities: the
// gateway and its tokens, customers, conversations and channel sessions, and what
// becomes of an activity. Where the vendor's pages are silent it follows the
// readings of the contract.
package expertflow

import (
	"github.com/parleykit/parley/mockserver"
)

// The IDs of the contract's operations that are played.
const (
	pushActivity = "pushActivity"
	requestToken = "requestToken"
)

// Vendor plays the contract that Parley ships, with its default readings.
func Vendor() mockserver.Vendor { return mockserver.Shipped("expertflow", Play) }

// Play is the behaviour of Expertflow CX in one sandbox, for mockserver.Vendor.
func Play(stage *mockserver.Stage) mockserver.Behaviour {
	x := newExpertflow(stage)
	return mockserver.Behaviour{
		Judge:     x.judge,
		Authorize: x.admit,
		Invalid:   x.invalid,
		Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			pushActivity: x.pushActivity,
			requestToken: x.requestToken,
		},
		State:    func() any { return x.state() },
		AddState: x.addState,
	}
}
