package mockserver

import (
	"net/http"
	"time"
)

// Raw is a request to a partner that need not follow the contract.
type Raw struct {
	Vendor      string // contract ID; may be empty when the mock plays one vendor
	Event       string // ID of the event that the request is judged as; "" for none
	Channel     string // ID
	URL         string // default: the channel's
	Method      string // default POST
	ContentType string // default application/json; "-" for none
	Header      http.Header
	Body        []byte
	Check       string        // goes into the exchange
	Broken      bool          // the request is wrong on purpose: only the answer is judged
	Timeout     time.Duration // default: the contract's, or 10 s
	SlowRead    time.Duration // wait this long between the answer's header and its body
}
