// Package elma365 plays ELMA365's side of an arbitrary messenger: channels,
// messages, chats, users and read marks. Where the vendor's page is silent it
// follows the readings of the contract.
package elma365

import (
	"net/http"
	"net/url"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// Channels that exist from the start, so that the samples of the vendor's page
// can be sent to the URLs beside which they are printed. They have no URL of a
// messenger until one is given.
const (
	DefaultChannel = "ebf45efc-cc67-4b60-9e3f-121966ba9f30" // token "confirm"
	MessageChannel = "8ec8228f-7ff2-462b-a8d7-4f9b3f62c253" // token "confirm2"
	UserChannel    = "c5f9889f-0fcc-4112-a8bd-d1a93cd5ab53" // token "confirm"
)

// path is where ELMA365 serves a channel, from the samples of the page.
const path = "/api/messengers/external/other/webhook/"

func address(c mockserver.Channel) string { return path + url.PathEscape(c.ID) }

// Vendor plays the contract that Parley ships, with its default readings.
func Vendor() mockserver.Vendor { return mockserver.Shipped("elma365", Play) }

// Play is the behaviour of ELMA365 in one sandbox, for mockserver.Vendor.
func Play(stage *mockserver.Stage) mockserver.Behaviour {
	e := newElma(stage)
	return mockserver.Behaviour{
		Channel:   func(c *mockserver.Call) string { return c.Params["channelId"] },
		Authorize: e.authorize,
		Invalid:   e.invalid,
		Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"message":    e.message,
			"userInfo":   e.userInfo,
			"disconnect": e.disconnect,
		},
		Events:    e.events(),
		Opened:    e.opened,
		Address:   address,
		Delivered: e.delivered,
		State:     func() any { return e.state() },
	}
}

// addSampleChannels creates the channels of the page's samples.
func addSampleChannels(stage *mockserver.Stage) {
	for _, c := range []mockserver.Channel{
		{ID: DefaultChannel, Token: "confirm", Name: "Sample channel: connect, disconnect, operator's message"},
		{ID: MessageChannel, Token: "confirm2", Name: "Sample channel: client's message"},
		{ID: UserChannel, Token: "confirm", Name: "Sample channel: userInfo to ELMA365"},
	} {
		if _, err := stage.AddChannel(c); err != nil {
			panic(err) // the sandbox is new, so no ID can be taken
		}
	}
}

// delivered: ELMA365-R-02.
func (e *elma) delivered(answer *traffic.Response) bool {
	if e.stage.Reading("ELMA365-R-02") == "any-2xx" {
		return answer.Status >= 200 && answer.Status < 300
	}
	return answer.Status == http.StatusOK
}
