package conformance

import (
	"fmt"
	"net/http"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/traffic"
)

// enoughNotFound is how many requests are answered 404 before no person is asked to act.
const enoughNotFound = 3

// notFound says that every request of the vendor's was answered 404, and how many these
// were; "" where one was not, there was none, or the partner calls the vendor, and so
// knows of it. A webhook has a use for 404, but not for all that it is sent. What was
// sent by a method that a server has for no path tells nothing.
func notFound(exchanges []*traffic.Exchange) (text string, requests int) {
	for _, e := range exchanges {
		switch status := e.Status(); {
		case isCall(e):
			return "", 0
		case status == http.StatusNotFound:
			requests++
		case status != http.StatusMethodNotAllowed && status != http.StatusNotImplemented:
			return "", 0
		}
	}
	switch requests {
	case 0:
		return "", 0
	case 1:
		return "the first request was answered 404: the path of --target is probably wrong", 1
	}
	return fmt.Sprintf("all %s were answered 404: the path of --target is probably wrong", plural.Of(requests, "request")), requests
}

// unaskable says why no person is asked to act; "" where one may be.
func (p *Partner) unaskable() string {
	if !p.asking.byHand {
		return ""
	}
	text, n := notFound(p.sandbox.Journal().Find(func(e *traffic.Exchange) bool { return !p.earlier[e] }))
	if n < enoughNotFound {
		return ""
	}
	return "nobody was asked to act, because " + text
}
