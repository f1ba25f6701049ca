// Package threedolphins plays 3Dolphins: the integration of a third party and the
// service APIs, on one state of tickets, conversations and contacts. Where the
// vendor's pages are silent it follows the readings of the contract.
package threedolphins

import (
	"net/http"
	"time"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Username and Password get a token from the start.
const (
	Username = "parley"
	Password = "parley"
)

// IntegrationChannel exists from the start: the third party to which Incoming
// Events go. It has no URL until one is given.
const IntegrationChannel = "integration"

// Settings change how 3Dolphins is played. The zero value plays the contract.
type Settings struct {
	// TokenLife is how long a token lives; default: what reading 3D-R-36 says.
	TokenLife time.Duration
}

// Vendor plays the contract that Parley ships, with its default readings.
func Vendor() mockserver.Vendor { return mockserver.Shipped("3dolphins", Play) }

// Play is the behaviour of 3Dolphins in one sandbox, for mockserver.Vendor.
func Play(stage *mockserver.Stage) mockserver.Behaviour { return Settings{}.Play(stage) }

// Play is the behaviour with these settings, for mockserver.Vendor.
func (s Settings) Play(stage *mockserver.Stage) mockserver.Behaviour {
	d := newDolphins(stage, s)
	return mockserver.Behaviour{
		Channel:    d.channel,
		Authorize:  d.authorize,
		Invalid:    d.invalid,
		ErrorBody:  d.forcedBody,
		Operations: d.operations(),
		Events:     d.events(),
		Address:    func(mockserver.Channel) string { return d.paths.outgoing },
		Delivered:  d.delivered,
		State:      func() any { return d.state() },
		AddState:   d.addState,
	}
}

// paths are where 3Dolphins serves what its behaviour must know, as the contract in
// force has it: 3D-R-02 and 3D-R-42.
type paths struct{ outgoing, command, token, file string }

func pathsOf(c *specs.Contract) paths {
	at := func(id string) string {
		if o := c.Operation("operations/" + id); o != nil {
			return o.Path
		}
		return ""
	}
	return paths{outgoing: at("outgoing"), command: at("command"), token: at("getToken"), file: at("getFile")}
}

// operations answer the partner's calls: all that the contract has.
func (d *dolphins) operations() map[string]func(*mockserver.Call) mockserver.Reply {
	return map[string]func(*mockserver.Call) mockserver.Reply{
		"outgoing": d.outgoing,
		"command":  d.command,

		"getToken":     d.getToken,
		"refreshToken": d.refreshToken,

		"getTicket":           d.getTicket,
		"getTicketByNumber":   d.getTicketByNumber,
		"findTicket":          d.findTicket,
		"listTicketData":      d.listTicketData,
		"listTickets":         d.listTickets,
		"listAssignedTickets": d.listAssignedTickets,
		"listPriorityTickets": d.listPriorityTickets,
		"getQueueLength":      d.getQueueLength,

		"sendMessage":           d.sendMessage,
		"updateTicket":          d.updateTicket,
		"updateTicketByNumber":  d.updateTicketByNumber,
		"updateTicketById":      d.updateTicketByID,
		"reassignTicket":        d.reassignTicket,
		"transferTicket":        d.transferTicket,
		"transferTicketToAgent": d.transferTicketToAgent,
		"escalateTicket":        d.escalateTicket,
		"closeTicket":           d.closeTicket,

		"listConversationByTicket":     d.listConversationByTicket,
		"listConversationByCustomer":   d.listConversationByCustomer,
		"listConversationByChannelKey": d.listConversationByChannelKey,
		"listConversationByChannelId":  d.listConversationByChannelID,
		"listConversationHistory":      d.listConversationHistory,
		"reportConversations":          d.reportConversations,

		"getContact":      d.getContact,
		"listContacts":    d.listContacts,
		"listAllContacts": d.listAllContacts,
		"updateContact":   d.updateContact,

		"uploadFile":             d.uploadFile,
		"uploadMedia":            d.uploadFile,
		"getFile":                d.getFile,
		"transformButtonMessage": d.transformButtonMessage,
	}
}

// delivered: 3D-R-06.
func (d *dolphins) delivered(answer *traffic.Response) bool {
	switch d.stage.Reading("3D-R-06") {
	case "any-2xx":
		return answer.Status >= 200 && answer.Status < 300
	case "status-success":
		body := validator.Decode(answer.Body.Kept)
		return answer.Status == http.StatusOK && body.Valid && body.Text("/status") == "success"
	}
	return answer.Status == http.StatusOK
}
