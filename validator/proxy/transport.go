package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// DefaultTimeout is how long a target may take to begin its answer.
const DefaultTimeout = time.Minute

// NewTransport returns a transport to one target: HTTP/1.1, no proxy from the
// environment, bodies as they are sent, and idle connections closed before common
// servers close them, so that no request is lost to a connection that is just
// being closed. Timeout (0: DefaultTimeout) is how long the target may take to
// begin its answer; roots (nil: the system's) sign its certificate.
func NewTransport(timeout time.Duration, roots *x509.CertPool) *http.Transport {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	return &http.Transport{
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ResponseHeaderTimeout:  timeout,
		ExpectContinueTimeout:  time.Second,
		MaxIdleConns:           128,
		MaxIdleConnsPerHost:    128,
		IdleConnTimeout:        2 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
		DisableCompression:     true,
	}
}

// HTTPServer returns an http.Server for a proxy, for a Listener. Headers are bounded in time and
// size; bodies are not, since large and slow ones are forwarded as they come.
func HTTPServer(p *Proxy) *http.Server {
	return &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ConnContext: withIncoming}
}
