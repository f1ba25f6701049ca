package proxy_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/validator/proxy"
)

// counting is a connection to the target that counts what is written to it, and how often.
type counting struct {
	net.Conn
	writes *atomic.Int64
}

func (c counting) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// A short body that has arrived goes to the target in one write with its header; a long one
// is streamed.
func TestShortBodiesGoInOneWrite(t *testing.T) {
	var writes atomic.Int64
	transport := proxy.NewTransport(0, nil)
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dial(ctx, network, addr)
		return counting{c, &writes}, err
	}
	var got string
	f := beforeHandler(t, proxy.Options{Transport: transport}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = string(body)
	})
	c := f.dial()
	for i, body := range []string{start, start, strings.Repeat(" ", 4<<10-len(start)) + start, strings.Repeat(" ", 64<<10) + start} {
		before := writes.Load()
		c.say("POST /v1/calls HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		c.hear()
		if got != body {
			t.Errorf("request %d: the target got %d bytes of %d", i+1, len(got), len(body))
		}
		e := f.wants(i+1, "operations/start 200")
		if e.Request.Body.String() != body {
			t.Errorf("request %d: recorded are %d bytes of %d", i+1, len(e.Request.Body.Kept), len(body))
		}
		if n := writes.Load() - before; i < 2 && n != 1 {
			t.Errorf("request %d of %d bytes was sent in %d writes", i+1, len(body), n)
		}
	}
}

// Nothing of a short body is waited for: what has arrived of it goes on.
func TestPartsOfShortBodiesAreStreamed(t *testing.T) {
	for _, sent := range []int{1, len(start) / 2, len(start) - 1} {
		part := make(chan string)
		f := beforeHandler(t, proxy.Options{}, func(w http.ResponseWriter, r *http.Request) {
			first := make([]byte, sent)
			io.ReadFull(r.Body, first)
			part <- string(first)
			rest, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s", rest)
		})
		c := f.dial()
		c.say("POST /v1/calls HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(start), start[:sent])
		if got := <-part; got != start[:sent] {
			t.Errorf("the target got %q first", got)
		}
		c.say("%s", start[sent:]) // only now
		if rest, err := io.ReadAll(c.hear().Body); string(rest) != start[sent:] || err != nil {
			t.Errorf("then %q: %v", rest, err)
		}
		if e := f.exchange(1); e.Request.Body.String() != start {
			t.Errorf("recorded is %q", e.Request.Body)
		}
	}
}
