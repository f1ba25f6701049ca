package threedolphins_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/internal/partnertest"
	"github.com/parleykit/parley/conformance/partner/threedolphins"
)

// newVendor answers each event with the next status, or breaks off for 0.
func newVendor(t *testing.T, statuses ...int) *partnertest.Vendor {
	v := partnertest.NewVendor(t, statuses...)
	v.Answer = func(w http.ResponseWriter, _ *http.Request, next func() int) {
		status := next()
		if status == 0 {
			panic(http.ErrAbortHandler) // the connection is closed without an answer
		}
		w.WriteHeader(status)
		io.WriteString(w, map[bool]string{true: `{"status":"success"}`, false: `{"status":"failed"}`}[status == http.StatusOK])
	}
	return v
}

func start(t *testing.T, o partner.Options) *httptest.Server {
	t.Helper()
	return partnertest.Start(t, threedolphins.Reference(), o)
}

// incoming is an Incoming Event with the ten members that are mandatory.
func incoming(ticket, kind, message, media string) string {
	return fmt.Sprintf(`{"ticketNumber":%q,"channel":"webchat","accountId":"620000000001","contactId":"c1","messageType":%q,"message":%q,"mediaLink":%q,
		"customerName":"Contoh Pelanggan","createdDate":"2021-04-28T15:39:37.945","owner":"o1"}`, ticket, kind, message, media)
}
