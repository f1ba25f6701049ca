package main

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
)

// A vendor whose channels have no address of their own is not said to have one.
func TestChannelsWithoutAnAddress(t *testing.T) {
	contract, err := specs.LoadFolder("../../testdata/contracts/acme")
	if err != nil {
		t.Fatal(err)
	}
	mock, err := mockserver.New(mockserver.Options{}, mockserver.Vendor{Contract: contract})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close(t.Context())
	var out strings.Builder
	c := newConsole(&out, redaction.New(redaction.Options{}))
	c.connect(t.Context(), mock, mockserver.Channel{Vendor: "acme", ID: "c1", URL: "http://127.0.0.1:1/hook"})
	c.welcome(mock, []*specs.Contract{contract}, false, "")
	for _, line := range []string{"acme: channel c1 to http://127.0.0.1:1/hook\n", " channel c1\n"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q is not printed:\n%s", line, &out)
		}
	}
}
