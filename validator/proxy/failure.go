package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// failure is the problem of an answer that did not come, and the reason in short.
type failure struct {
	problem
	reason string
}

// oddStatus is an answer with a status that HTTP does not have (RFC 9110, 15).
type oddStatus struct{ status string }

func (o *oddStatus) Error() string {
	return fmt.Sprintf("it answered %.40s, which is no status of HTTP", o.status)
}

// explain says why the target gave no answer, and what to do.
func (p *Proxy) explain(err error) failure {
	f := failure{problem: problem{Status: http.StatusBadGateway}}
	var advice string
	f.Kind, f.reason, advice = p.cause(err)
	if f.Kind == "timeout" {
		f.Status = http.StatusGatewayTimeout
	}
	f.Detail = fmt.Sprintf("%s at %s gave no answer: %s; %s", p.who(), p.host(), f.reason, advice)
	return f
}

// cause finds kind, reason and advice.
func (p *Proxy) cause(err error) (kind, reason, advice string) {
	if kind, reason, advice = p.tlsCause(err); kind != "" {
		return kind, reason, advice
	}
	var network net.Error
	var dns *net.DNSError
	var operation *net.OpError
	var odd *oddStatus
	dialling := errors.As(err, &operation) && operation.Op == "dial"
	switch {
	case errors.As(err, &odd):
		return "broken", odd.Error(), "let it answer one from 100 to 599"
	case errors.As(err, &dns):
		return "unreachable", "the name " + dns.Name + " can't be resolved", "correct the host in the target, or check the network's DNS"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "unreachable", "connection refused", "nothing listens there; start it, or correct the target's port"
	case errors.As(err, &network) && network.Timeout() && dialling:
		return "timeout", "no connection within the time", "check the address, a firewall or a VPN"
	case errors.As(err, &network) && network.Timeout():
		return "timeout", "no answer within the time", "look at what the target is doing, or give it longer with a larger timeout"
	case dialling:
		return "unreachable", operation.Err.Error(), "check the address and the network"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed):
		return "broken", "it closed the connection before its answer was complete", "look into its log for a crash"
	case strings.Contains(err.Error(), "malformed HTTP"):
		return "broken", err.Error(), "what listens there does not speak HTTP/1.1, or speaks TLS: then write the target with https://"
	}
	return "broken", err.Error(), "look into the target's log"
}

func (p *Proxy) tlsCause(err error) (kind, reason, advice string) {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/":
		return "tls", "it speaks plain HTTP, not TLS", "write the target with http://"
	case errors.As(err, &record):
		return "tls", "it does not speak TLS", "write the target with http://, or correct its port"
	case errors.As(err, &unknown):
		return "tls", "its certificate is signed by an authority that this machine does not know", "give the authority's certificate to the proxy"
	case errors.As(err, &host):
		return "tls", "its certificate is not for this name: " + host.Error(), "write the target with a name that the certificate has"
	case errors.As(err, &invalid):
		return "tls", "its certificate is not valid: " + invalid.Error(), "renew it, or check this machine's clock"
	case errors.As(err, &alert):
		return "tls", "it refuses the TLS connection: " + alert.Error(), "it may demand a client certificate or another version of TLS"
	}
	return "", "", ""
}
