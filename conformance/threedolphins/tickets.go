package threedolphins

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/conformance"
	mock "github.com/parleykit/parley/mockserver/threedolphins"
	"github.com/parleykit/parley/traffic"
)

// What the client of the Ticket API is asked to do, in words that a person can
// follow. The names in parentheses are operations of the contract.
const (
	AskReadTickets  = "Let the client read the list of all tickets to its end, in pages of at most five (listTickets)."
	AskLookUp       = "Let the client look up what it can: each ticket by its subject (findTicket), the data of a ticket (listTicketData), a contact (getContact), and a customer's conversation between two days (listConversationByCustomer, reportConversations)."
	AskHandleTicket = "Let the client do to one ticket what it can: reply to the customer (sendMessage), update it (updateTicket), reassign, escalate, transfer and close it (reassignTicket, escalateTicket, transferTicket, transferTicketToAgent, closeTicket)."
	AskUploadFile   = "Let the client upload a file, if it can (uploadFile or uploadMedia)."
)

// ticketsSuite is about a client of the service APIs. Its checks are in an order
// in which none spoils a later one: the token is taken away after all that needs
// it, and what holds for every call is judged last.
func ticketsSuite() conformance.Suite {
	return conformance.Suite{
		ID: "3dolphins/tickets", Vendor: "3dolphins",
		Title: "A client of the Ticket API (user " + mock.Username + ", password " + mock.Password + ")",
		Needs: conformance.Needs{Stimulus: true},
		Asks:  []string{AskReadTickets, AskHandleTicket, AskLookUp, AskUploadFile},
		Optional: "the third party made no call of the service APIs when it was asked to, and it may well have no client of them; " +
			"parley conform 3dolphins/tickets judges one",
		Checks: slices.Concat(ticketListChecks, ticketChangeChecks, ticketBodyChecks, ticketLookUpChecks, ticketTroubleChecks, ticketTokenChecks, ticketCallChecks),
	}
}

// ticketTask is something that a client can be asked to do, with the operations
// by which it is known to have done any of it.
type ticketTask struct {
	ask        string
	operations []string
}

var (
	lookingUp       = ticketTask{AskLookUp, []string{"findTicket", "listTicketData", "getContact", "listConversationByCustomer", "reportConversations"}}
	uploadingAFile  = ticketTask{AskUploadFile, []string{"uploadFile", "uploadMedia"}}
	handlingATicket = ticketTask{AskHandleTicket, []string{
		"sendMessage", "updateTicket", "updateTicketByNumber", "updateTicketById", "reassignTicket", "escalateTicket", "transferTicket", "transferTicketToAgent", "closeTicket",
	}}
)

// asked lets the client act, and returns its calls from then on once it has made
// one and then none for a while.
func asked(ctx context.Context, p *conformance.Partner, ask string) ([]ticketCall, error) {
	calls, _, err := watched(ctx, p, ask)
	return calls, err
}

// watched is asked, and reports whether the client came to an end. A client that
// fails at what it was asked to do may make the stimulus fail, so that this counts
// only when it made no call.
func watched(ctx context.Context, p *conformance.Partner, ask string) (calls []ticketCall, ended bool, err error) {
	isCall := isTicketCall(p.Contract())
	earlier, began := len(p.Calls(isCall)), time.Now()
	failed := p.Provoke(ctx, ask)
	// A stimulus that takes as long as it may is broken off, and the client with it.
	cutOff := failed != nil && time.Since(began) >= p.Timing().Stimulus
	if failed != nil && len(p.Calls(isCall)) == earlier {
		return nil, false, failed
	}
	if _, err := p.Await(ctx, earlier+1, isCall); err != nil {
		return nil, false, err
	}
	ended = settled(ctx, p) && !cutOff
	return ticketCalls(p.Contract(), p.Calls(isCall)[earlier:]), ended, ctx.Err()
}

// settled waits until the client makes no more calls, and reports whether that
// came about within Timing.Retry.
func settled(ctx context.Context, p *conformance.Partner) bool {
	timing, isCall := p.Timing(), isTicketCall(p.Contract())
	for end := time.Now().Add(timing.Retry); time.Now().Before(end) && ctx.Err() == nil; {
		made := len(p.Calls(isCall))
		if len(p.Quiet(ctx, timing.Quiet, isCall)) == made {
			return true
		}
	}
	return false
}

// made returns the client's calls of some operations in the run so far. When it
// has done nothing of a task yet, it is asked to. The error is a verdict.
func (t ticketTask) made(ctx context.Context, p *conformance.Partner, operations ...string) ([]ticketCall, error) {
	why := "the client made no call of " + strings.Join(operations, " or ") + " as documented; one would decide this"
	if len(operationsOf(runsTicketCalls(p), t.operations...)) == 0 {
		_, err := asked(ctx, p, t.ask)
		d := conformance.DeviationOf(err)
		switch {
		case d == nil:
		case d.Verdict != conformance.VerdictCouldNotRun || ctx.Err() != nil || len(runsTicketCalls(p)) == 0:
			return nil, err
		default:
			why += "; when it was asked for that: " + d.Actual
		}
	}
	all := runsTicketCalls(p)
	if found := operationsOf(all, operations...); len(found) > 0 {
		return found, nil
	}
	if err := barred(all); err != nil {
		return nil, err
	}
	return nil, conformance.NotApplicable(why)
}

// runsTicketCalls are the client's calls in the run so far, in order.
func runsTicketCalls(p *conformance.Partner) []ticketCall {
	return ticketCalls(p.Contract(), p.Sandbox().Journal().Find(isTicketCall(p.Contract())))
}

// anyTicketCalls is runsTicketCalls, but asks the client to act when there is none.
func anyTicketCalls(ctx context.Context, p *conformance.Partner) ([]ticketCall, error) {
	if all := runsTicketCalls(p); len(all) > 0 {
		return all, nil
	}
	return asked(ctx, p, AskReadTickets)
}

// noList says why nothing can be said of how a client reads: it got no page.
func noList(calls []ticketCall) error {
	if err := barred(calls); err != nil {
		return err
	}
	return couldNotRunAfter(calls, "the client got no page of the list of tickets, which it was asked to read")
}

// barred says that a client got nothing from 3Dolphins but perhaps a token, so
// that nobody knows what it would do with more; nil when it did get something.
func barred(calls []ticketCall) error {
	if slices.ContainsFunc(calls, func(c ticketCall) bool { return !c.aboutTokens() && c.succeeded() }) {
		return nil
	}
	why := "3Dolphins answered no call of the client's with success"
	if len(calls) > 0 {
		last := calls[len(calls)-1]
		why += fmt.Sprintf("; the last, %s %s, with %d", last.Request.Method, last.path, last.Status())
	}
	return couldNotRunAfter(calls, why)
}

// couldNotRunAfter is could_not_run with the last calls, and a likely cause.
func couldNotRunAfter(calls []ticketCall, why string) error {
	var last []*traffic.Exchange
	for _, c := range calls[max(0, len(calls)-3):] {
		last = append(last, c.Exchange)
	}
	d := conformance.DeviationOf(conformance.CouldNotRun(why, last...))
	if slices.ContainsFunc(calls, func(c ticketCall) bool { return c.login() && c.Status() == http.StatusUnauthorized }) {
		d.Hint = "3Dolphins is played with the user " + mock.Username + " and the password " + mock.Password + "."
	}
	return d
}
