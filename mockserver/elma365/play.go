// Package elma365 plays ELMA365's side of an arbitrary messenger: channels,
// messages, chats, users and read marks.
package elma365

import "github.com/parleykit/parley/mockserver"

// Channels that exist from the start, so that the samples of the vendor's page can be
// sent as they are printed. They have no URL until one is given.
const (
	DefaultChannel = "ebf45efc-cc67-4b60-9e3f-121966ba9f30" // token "confirm"
	MessageChannel = "8ec8228f-7ff2-462b-a8d7-4f9b3f62c253" // token "confirm2"
	UserChannel    = "c5f9889f-0fcc-4112-a8bd-d1a93cd5ab53" // token "confirm"
)

// Play is the behaviour of ELMA365, for mockserver.Vendor.
func Play(stage *mockserver.Stage) mockserver.Behaviour { panic("not yet") }
