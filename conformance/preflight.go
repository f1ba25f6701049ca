package conformance

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/parleykit/parley/mockserver"
)

// Unreachable says that nothing answers HTTP at the target.
type Unreachable struct {
	Target string // without password
	Reason string // what was seen
	Advice string // what to do
	Err    error  // of the network
}

// Error says what was seen, and what to do.
func (e *Unreachable) Error() string {
	return fmt.Sprintf("nothing can be judged, %s cannot be reached: %s\n  %s", e.Target, e.Reason, e.Advice)
}

// Unwrap returns what the network said.
func (e *Unreachable) Unwrap() error { return e.Err }

// Preflight makes sure that something answers HTTP at the target, whatever it
// answers: it sends HEAD, which no vendor does. The error is an *Unreachable, a
// *UsageError when the target is no URL, or that of ctx.
func Preflight(ctx context.Context, target string, limit time.Duration) error {
	if err := checkTarget(target); err != nil {
		return err
	}
	inside, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r, err := http.NewRequestWithContext(inside, http.MethodHead, target, nil)
	if err != nil {
		return usage("target %s: %v", redactedURL(target), err)
	}
	r.Header.Set("User-Agent", "parley-preflight")
	transport := mockserver.NewTransport()
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(r)
	if err == nil {
		return response.Body.Close()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	reason, advice := explain(err, r.URL, limit)
	return &Unreachable{Target: redactedURL(target), Reason: reason, Advice: advice, Err: err}
}

// Listens makes sure that something takes connections where a URL leads, without
// sending a request. The errors are those of Preflight.
func Listens(ctx context.Context, target string, limit time.Duration) error {
	if err := checkTarget(target); err != nil {
		return err
	}
	u, err := url.Parse(target)
	if err != nil {
		return usage("target %s: %v", redactedURL(target), err)
	}
	inside, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	connection, err := new(net.Dialer).DialContext(inside, "tcp", hostPort(u))
	if err == nil {
		return connection.Close()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	reason, advice := explain(err, u, limit)
	return &Unreachable{Target: redactedURL(target), Reason: reason, Advice: advice, Err: err}
}

func checkTarget(target string) error {
	u, err := url.Parse(target)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return usage("target %q is not the URL of a webhook; write it whole, like http://127.0.0.1:3000/webhook", redactedURL(target))
	}
	return nil
}

// redactedURL hides a password. What is no URL stays as it is.
func redactedURL(target string) string {
	if u, err := url.Parse(target); err == nil {
		return u.Redacted()
	}
	return target
}

// explain says what a network error means for somebody who starts a webhook, and
// what to do.
func explain(err error, target *url.URL, limit time.Duration) (reason, advice string) {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		return fmt.Sprintf("the host name %q is not known (DNS: %s)", target.Hostname(), dns.Err),
			"Check its spelling, and whether this machine can resolve it."
	case errors.As(err, &certificate):
		return fmt.Sprintf("its TLS certificate is not trusted: %v", certificate.Err),
			"Give the webhook a certificate that this machine trusts (SSL_CERT_FILE names further authorities), or use http:// for a local one."
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "it speaks plain HTTP, not TLS", "Write the target with http:// instead of https://."
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("connection refused, so nothing listens on %s", hostPort(target)),
			"Start the partner, or correct the target. Inside a container, 127.0.0.1 is the container itself."
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no answer within %s", limit),
			"See whether the host is right, whether a firewall drops the connection, and whether the partner hangs; a longer limit is given as the timeout."
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "it takes the connection and closes it without an answer",
			"See whether the port is the webhook's, whether it wants https://, and what the partner logs."
	case strings.Contains(err.Error(), "malformed HTTP"):
		return "what listens there does not speak HTTP", "See whether the port is the webhook's, and whether it wants https://."
	}
	return err.Error(), "Check the target, and that the partner runs."
}

func hostPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}
