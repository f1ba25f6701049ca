package recording_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/parleykit/parley/mockserver/recording"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

func Example() {
	folder, err := os.MkdirTemp("", "parley")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "exchanges.ndjson")

	r, err := recording.Open(file, 0, redaction.New(redaction.Options{Names: []string{"token"}}), nil)
	if err != nil {
		panic(err)
	}
	r.Append(&traffic.Exchange{ID: "ex-000001", Vendor: "acme", Caller: traffic.Partner, Request: traffic.Request{
		Method: "POST", URL: "/notes", Body: traffic.NewBody([]byte(`{"token":"s3cr3t"}`), 0),
	}})
	if err := r.Close(); err != nil {
		panic(err)
	}

	written, err := os.Open(file)
	if err != nil {
		panic(err)
	}
	defer written.Close()
	e, err := traffic.NewReader(written, 0).Read()
	fmt.Println(e.ID, e.Request.Body, err)
	// Output:
	// ex-000001 {"token":"[redacted]"} <nil>
}
