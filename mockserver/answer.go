package mockserver

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/parleykit/parley/specs"
)

// sampleReply answers with a status and the sample of its payload, if it has one.
// Name chooses a sample; "" the first.
func sampleReply(c *specs.Contract, o *specs.Operation, status int, name string) (Reply, error) {
	reply := Reply{Status: status}
	documented, _ := o.Response(status)
	payload := c.Payloads[documented.Payload]
	if payload == nil {
		if name != "" {
			return reply, fmt.Errorf("no body is documented for %s with status %d", o.Name(), status)
		}
		return reply, nil
	}
	sample, ok := payload.Sample(name)
	if !ok && name != "" {
		return reply, fmt.Errorf("payload %s has no sample of this name; it has %s", payload.Name, sampleNames(payload))
	}
	if ok {
		reply.Body = []byte(sample.Body)
		if len(documented.ContentTypes) > 0 {
			reply.Header = http.Header{"Content-Type": {documented.ContentTypes[0]}}
		}
	}
	return reply, nil
}

// refusal answers a call that breaks the contract, for a vendor without rules of
// its own: the documented status that fits best, or nil when none does.
func refusal(c *specs.Contract, candidates []*specs.Operation, method string) *Reply {
	fitting := []int{http.StatusBadRequest, http.StatusUnprocessableEntity}
	if !slices.ContainsFunc(candidates, func(o *specs.Operation) bool { return o.Method == method }) {
		fitting = []int{http.StatusMethodNotAllowed, http.StatusNotFound, http.StatusBadRequest}
	}
	for _, status := range append(fitting, http.StatusInternalServerError) {
		for _, o := range candidates {
			if o.Documents(status) {
				reply, err := sampleReply(c, o, status, "")
				if err != nil {
					return nil
				}
				return &reply
			}
		}
	}
	return nil
}
