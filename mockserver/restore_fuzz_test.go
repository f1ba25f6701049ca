package mockserver_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/internal/acme"
)

// FuzzRestore: a snapshot that was changed by anybody is refused, or a mock goes on
// from it that can be written down again; nothing panics.
func FuzzRestore(f *testing.F) {
	vendor := mockserver.Vendor{Contract: acme.Contract(), Play: notes}
	nowhere := mockserver.Options{Transport: &failing{seen: map[string]int{}}}
	mock, err := mockserver.New(nowhere, vendor)
	if err != nil {
		f.Fatal(err)
	}
	box := mock.Sandbox()
	if _, err := box.PutChannel(mockserver.Channel{ID: "c", URL: "http://partner.example/", Token: "t"}); err != nil {
		f.Fatal(err)
	}
	box.Clock().Freeze()
	for _, fault := range []fault.Rule{{Event: "changed", Copies: 1, Together: true, Times: 1}, {Event: "changed", Delay: "1h", From: 2}} {
		if _, err := box.AddFault(fault); err != nil {
			f.Fatal(err)
		}
	}
	for range 3 {
		if _, err := box.Send(f.Context(), mockserver.SendRequest{Event: "changed", Channel: "c"}); err != nil {
			f.Fatal(err)
		}
	}
	text, err := box.Snapshot()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(strings.Replace(string(text), `"kept":[`, `"older":[{"id":"dl-000002","vendor":"acme","event":"changed","state":"queued","body":{}}],"kept":[`, 1))
	f.Add(strings.Replace(string(text), `"ids":"`, `"ids":"AAAA`, 1))
	f.Fuzz(func(t *testing.T, text string) {
		mock, err := mockserver.Restore([]byte(text), nowhere, vendor)
		if err != nil {
			if !errors.Is(err, mockserver.ErrSnapshot) {
				t.Errorf("%v is no ErrSnapshot", err)
			}
			return
		}
		if _, err := mock.Sandbox().Snapshot(); err != nil {
			t.Errorf("what was restored can't be written down: %v", err)
		}
		over, cancel := context.WithCancel(t.Context())
		cancel()
		mock.Close(over)
	})
}
