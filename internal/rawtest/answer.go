// Package rawtest answers requests with bytes that no HTTP server would send.
package rawtest

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
)

// Answer returns the URL of something that reads a request from each connection, answers
// with a text and hangs up, until the test ends.
func Answer(t testing.TB, text string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			// What is left unread would make the close a reset, and lose the text.
			if request, err := http.ReadRequest(bufio.NewReader(connection)); err == nil {
				io.Copy(io.Discard, request.Body)
			}
			io.WriteString(connection, text)
			connection.Close()
		}
	}()
	return "http://" + listener.Addr().String()
}
