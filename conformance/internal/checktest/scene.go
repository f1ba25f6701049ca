package checktest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
)

// Play plays a vendor until the test ends, self-checked, and returns the address of
// the mock too. Play is nil for a vendor without memory.
func Play(t testing.TB, contract *specs.Contract, play func(*mockserver.Stage) mockserver.Behaviour) (mock *mockserver.Server, address string) {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true}, mockserver.Vendor{Contract: contract, Play: play})
	if err != nil {
		t.Fatal(err)
	}
	address = Serve(t, mock, func() { mock.Close(context.Background()) })
	mock.SetBaseURL(address)
	return mock, address
}

// Partner runs a reference partner; Serve ends it with its Close.
func Partner(t testing.TB, v partner.Vendor, o partner.Options) *partner.Partner {
	t.Helper()
	p, err := partner.New(v, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Serve serves a handler until the test ends, and returns its address. Stop ends what
// the handler has begun, so that nothing of it is waited for.
func Serve(t testing.TB, h http.Handler, stop func()) (address string) {
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		stop()
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

// JudgeFunc is how a run is judged: conformance.Judge or Judge.
type JudgeFunc func(context.Context, conformance.Options) (*conformance.Report, error)

// Report judges, and ends the test where that is not possible.
func (judge JudgeFunc) Report(t testing.TB, o conformance.Options) *conformance.Report {
	t.Helper()
	report, err := judge(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}
