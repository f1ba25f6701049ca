package proxy

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync/atomic"
)

// shortBody is how long a body may be, in bytes, of which is asked what has arrived: that
// lies in the buffer of net/http's server, which has room for so much.
const shortBody = 4 << 10

// Listener makes connections of which HTTPServer can tell what of a request has arrived.
// With any other listener a proxy does the same, at a higher cost.
func Listener(l net.Listener) net.Listener { return listener{l} }

type listener struct{ net.Listener }

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok && err == nil {
		return &incoming{TCPConn: tcp}, nil
	}
	return c, err
}

// incoming is a connection of a caller's.
type incoming struct {
	*net.TCPConn
	arrived atomic.Bool // nothing is read but what has arrived
}

// Read returns nothing at once while only what has arrived is asked for. The server reads
// a single byte where it watches whether the caller goes away; that goes on.
func (c *incoming) Read(p []byte) (int, error) {
	if len(p) > 1 && c.arrived.Load() {
		return 0, nil
	}
	return c.TCPConn.Read(p)
}

type incomingKey struct{}

func withIncoming(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, incomingKey{}, c)
}

// shortened gives the transport a short body that has arrived as bytes in memory. It then
// sends header and body in one write instead of two, which saves 5 to 10 % of what
// forwarding a message costs. Nothing is waited for: a body that comes later, or a part of
// it, is streamed.
func (c *call) shortened(body io.ReadCloser) io.ReadCloser {
	conn, ok := c.request.Context().Value(incomingKey{}).(*incoming)
	if !ok || c.sent.length <= 0 || c.sent.length > shortBody || c.proxy.options.Strict != Lenient || c.request.Header.Get("Expect") != "" {
		return body
	}
	all, size := make([]byte, c.sent.length), 0
	conn.arrived.Store(true)
	for size < len(all) {
		n, err := c.sent.Read(all[size:])
		if size += n; n == 0 || err != nil {
			break
		}
	}
	conn.arrived.Store(false)
	here := bytes.NewReader(all[:size])
	if size == len(all) {
		return io.NopCloser(here)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(here, body), body}
}
