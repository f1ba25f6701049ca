package traffic_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/parleykit/parley/traffic"
)

func ExampleLine() {
	e := &traffic.Exchange{
		ID: "ex-0041", Time: time.Date(2026, 11, 20, 12, 3, 41, 0, time.UTC), Vendor: "elma365", Caller: traffic.Vendor,
		Operation: "events/message",
		Request:   traffic.Request{Method: "POST", URL: "http://localhost:3000/webhook"},
		Response:  &traffic.Response{Status: 200}, Duration: 23 * time.Millisecond,
	}
	fmt.Println(traffic.Line(e, time.UTC))
	// Output: 12:03:41 → 200 POST http://localhost:3000/webhook elma365 events/message 23ms ex-0041
}

func ExampleJournal_Wait() {
	journal := traffic.NewJournal(traffic.Limits{})
	go journal.Append(&traffic.Exchange{ID: "ex-0001", Operation: "operations/message"})

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	found, err := journal.Wait(ctx, 1, func(e *traffic.Exchange) bool { return e.Operation == "operations/message" })
	if err != nil {
		fmt.Println("no message came:", err)
		return
	}
	fmt.Println(found[0].ID)
	// Output: ex-0001
}

func ExampleWrite() {
	e := &traffic.Exchange{ID: "ex-0001", Vendor: "elma365", Caller: traffic.Partner, Request: traffic.Request{
		Method: "POST", URL: "/webhook", Body: traffic.NewBody([]byte(`{}`), 0),
	}}
	if err := traffic.Write(os.Stdout, e); err != nil {
		fmt.Println(err)
	}
	// Output: {"id":"ex-0001","time":"0001-01-01T00:00:00Z","vendor":"elma365","caller":"partner","request":{"method":"POST","url":"/webhook","body":{"text":"{}","size":2}},"duration_ns":0}
}

func ExampleReader() {
	file := strings.NewReader(`{"id":"ex-0001","request":{"method":"POST"}}
this line is broken
{"id":"ex-0002","request":{"method":"GET"}}
`)
	for r := traffic.NewReader(file, 0); ; {
		e, err := r.Read()
		var broken *traffic.LineError
		switch {
		case errors.As(err, &broken):
			fmt.Println("skipped line", broken.Line)
		case err == io.EOF:
			return
		case err != nil:
			fmt.Println(err)
			return
		default:
			fmt.Println(e.ID, e.Request.Method)
		}
	}
	// Output:
	// ex-0001 POST
	// skipped line 2
	// ex-0002 GET
}

func ExampleReadCapture() {
	capture := `{"log": {"entries": [
		{"request": {"method": "GET", "url": "https://h.example/a"}, "response": {"status": 200}},
		{"request": {"method": "GET", "url": "https://h.example/b}},
		{"startedDateTime": "2026-11-20T12:03:41Z", "request": {"method": "GET", "url": "https://h.example/c"}, "response": {"status": 404}}
	]}}`
	for entry, err := range traffic.ReadCapture(strings.NewReader(capture), traffic.CaptureOptions{Source: "a.har"}) {
		if err != nil {
			fmt.Println(err) // and what comes after it is read
			continue
		}
		fmt.Println(entry.At.Entry, entry.Exchange.Request.URL, entry.Exchange.Status())
	}
	// Output:
	// 1 https://h.example/a 200
	// a.har entry 2 (line 3, byte 117): a string holds the byte 0x0a, a control character; is a quotation mark missing before it? at line 3, byte 177; read on from the entry at line 4, byte 180
	// 3 https://h.example/c 404
}
