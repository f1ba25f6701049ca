package elma365_test

import (
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/elma365"
	"github.com/parleykit/parley/conformance/partner/internal/partnertest"
)

const token = "confirm"

func start(t *testing.T, o partner.Options) *httptest.Server {
	t.Helper()
	var n atomic.Int64
	o.Token = token
	o.NewID = func() string { return fmt.Sprintf("m%d", n.Add(1)) }
	return partnertest.Start(t, elma365.Reference(), o)
}

func outcome(success bool, id string) string {
	return fmt.Sprintf(`{"type":"messageOutcome","token":"confirm","data":{"success":%t,"messageId":%q}}`, success, id)
}

func idOf(call partnertest.Call) any { return call.Body["data"].(map[string]any)["externalMessageId"] }
