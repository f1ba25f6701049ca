package elma365

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// request is one request to the messenger, and what is special about it.
type request struct {
	mockserver.Raw
	what string
}

// demand judges the answer to a request.
type demand func(p *conformance.Partner, what string, e *traffic.Exchange) error

// each sends requests one after another and returns the worst verdict. Where no
// answer came it stops: a messenger that hangs would make all of them wait.
func each(ctx context.Context, p *conformance.Partner, demanded demand, requests ...request) error {
	var verdicts []error
	for _, r := range requests {
		e := deliver(ctx, p, r)
		verdicts = append(verdicts, judged(p, demanded, r.what, e))
		if e.Response == nil {
			break
		}
	}
	return conformance.Join(verdicts...)
}

// deliver sends a request. Where the messenger refuses one that names what it need
// not have, a plain event shows whether it takes that for its own, and else the
// request is sent again with what it has.
func deliver(ctx context.Context, p *conformance.Partner, r request) *traffic.Exchange {
	e := p.DeliverRaw(ctx, r.Raw)
	if e.Response == nil || e.Status() < 400 || !namesUnknown(p, e) {
		return e
	}
	kind, id := named(e)
	names := map[string]any{nameIn[kind]: id}
	if r.Channel != "" {
		names["channelId"] = r.Channel
	}
	simple := valid(p, r.Event, "", names).Raw
	simple.Channel = r.Channel
	plain := p.DeliverRaw(ctx, simple)
	if plain.Response == nil || !namesUnknown(p, e) {
		return e
	}
	learn(ctx, p)
	if has := known(p, kind); has != "" {
		r.Body = bytes.ReplaceAll(r.Body, []byte(id), []byte(has))
		return p.DeliverRaw(ctx, r.Raw)
	}
	return e
}

// judged makes one judgment that rests on its own readings alone.
func judged(p *conformance.Partner, demanded demand, what string, e *traffic.Exchange) error {
	return p.Judge(func(p *conformance.Partner) error { return demanded(p, what, e) })
}

// all returns a Run that sends what requests gives.
func all(demanded demand, requests func(p *conformance.Partner) []request) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		return each(ctx, p, demanded, requests(p)...)
	}
}

// documented are the statuses that all methods return.
var documented = []int{http.StatusOK, http.StatusUnauthorized, http.StatusNotFound, http.StatusInternalServerError}

// accepted demands 200.
func accepted(p *conformance.Partner, what string, e *traffic.Exchange) error {
	switch {
	case e.Response == nil:
		return conformance.Unanswered("200", what, e)
	case succeeded(p, e) && e.Operation == "events/userInfo": // whose body is judged for what it is
		return nil
	case succeeded(p, e):
		return meant(p, what, e)
	case e.Status() >= 400 && namesUnknown(p, e) && p.Reading("ELMA365-R-45") == "any-refusal":
		return conformance.Undetermined("ELMA365-R-45", was(what, e)+"; it names what the messenger need not have", e)
	case e.Operation == "events/connect" && isDocumented(e) && p.Reading("ELMA365-R-19") == "any-documented":
		return conformance.Undetermined("ELMA365-R-19", was(what, e), e)
	}
	return conformance.Fail("200", was(what, e), e)
}

// meant is what ELMA365-R-41 says of a 200 whose body tells something else.
func meant(p *conformance.Partner, what string, e *traffic.Exchange) error {
	if says := conformance.Denial(e); says != "" && p.Reading("ELMA365-R-41") == "may-contradict" {
		return conformance.Undetermined("ELMA365-R-41", fmt.Sprintf("%s was answered %d with %s", what, e.Status(), says), e)
	}
	return nil
}

// refused demands 401 for a token that does not match.
func refused(p *conformance.Partner, what string, e *traffic.Exchange) error {
	switch {
	case e.Response == nil:
		return conformance.Unanswered("401", what, e)
	case e.Status() == http.StatusUnauthorized:
		return nil
	case succeeded(p, e) && p.Reading("ELMA365-R-01") == "always-200":
		return conformance.Undetermined("ELMA365-R-01", was(what, e), e)
	case e.Status() == http.StatusNotFound && !namesChannel(e) && p.Reading("ELMA365-R-14") == "by-token":
		return nil
	}
	return conformance.Fail("401", was(what, e), e)
}

func namesChannel(e *traffic.Exchange) bool {
	return slices.Contains([]string{"events/connect", "events/message", "events/disconnect"}, e.Operation)
}

// unknown demands 404 for a channel that does not exist.
func unknown(p *conformance.Partner, what string, e *traffic.Exchange) error {
	switch {
	case e.Response == nil:
		return conformance.Unanswered("404", what, e)
	case e.Status() == http.StatusNotFound:
		return nil
	case succeeded(p, e) && p.Reading("ELMA365-R-01") == "always-200":
		return conformance.Undetermined("ELMA365-R-01", was(what, e), e)
	}
	return conformance.Fail("404", was(what, e), e)
}

// notExecuted demands any documented status but 200.
func notExecuted(p *conformance.Partner, what string, e *traffic.Exchange) error {
	const expected = "a documented status other than 200 (500, or 401 or 404 where they apply)"
	switch {
	case e.Response == nil:
		return conformance.Unanswered(expected, what, e)
	case succeeded(p, e) && p.Reading("ELMA365-R-01") == "always-200":
		return conformance.Undetermined("ELMA365-R-01", was(what, e), e)
	case e.Status() >= 200 && e.Status() < 300:
		return conformance.Breaking(conformance.Fail(expected, was(what, e), e), "ELMA365-GEN-007")
	case isDocumented(e):
		return nil
	case p.Reading("ELMA365-R-04") == "undetermined":
		return conformance.Undetermined("ELMA365-R-04", was(what, e), e)
	}
	return conformance.Breaking(conformance.Fail(expected, was(what, e), e), "ELMA365-GEN-026")
}

// unless is a demand that a reading leaves open when the answer is 200.
func unless(reading, option string, otherwise demand) demand {
	return func(p *conformance.Partner, what string, e *traffic.Exchange) error {
		if succeeded(p, e) && p.Reading(reading) == option {
			return conformance.Undetermined(reading, was(what, e), e)
		}
		return otherwise(p, what, e)
	}
}

// unlessReading is a demand that a reading leaves open when it is not met: by that
// option ELMA365 does not send such a request, or the messenger need not take it.
func unlessReading(reading, option string, otherwise demand) demand {
	return func(p *conformance.Partner, what string, e *traffic.Exchange) error {
		err := otherwise(p, what, e)
		if err != nil && e.Response != nil && p.Reading(reading) == option {
			return conformance.Undetermined(reading, was(what, e), e)
		}
		return err
	}
}

// succeeded is 200, or any 2xx by ELMA365-R-02.
func succeeded(p *conformance.Partner, e *traffic.Exchange) bool {
	status := e.Status()
	return status == http.StatusOK || status > 200 && status < 300 && p.Reading("ELMA365-R-02") == "any-2xx"
}

func isDocumented(e *traffic.Exchange) bool { return slices.Contains(documented, e.Status()) }

// was says what was answered: "markAsRead was answered 405, which is not documented".
func was(what string, e *traffic.Exchange) string {
	text := fmt.Sprintf("%s was answered %d", what, e.Status())
	if !isDocumented(e) {
		text += ", which is not documented"
	}
	return text
}
