package mockserver

import (
	"net"
	"net/http"
	"time"
)

// HTTPServer returns an http.Server for a handler of this package with bounds on
// what a slow or greedy client can take: 10 s for the header, 30 s for the whole
// request, 64 KiB of header. When the server is shut down, waits and streams of
// the mock's control API end.
func HTTPServer(h http.Handler) *http.Server {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	if mock, ok := h.(*Server); ok {
		server.RegisterOnShutdown(mock.endStreams)
	}
	return server
}

// NewTransport returns the transport of deliveries: no proxy from the
// environment, bounded dialling and headers, and idle connections closed before
// common servers close them, so that no event is lost to a connection that is
// just being closed.
func NewTransport() *http.Transport {
	return &http.Transport{
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true, // bodies are recorded as they were sent
	}
}
