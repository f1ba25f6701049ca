package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	soonExpired = 14 * 24 * time.Hour // a certificate that ends within this is warned of
	clockApart  = 30 * time.Second    // clocks that differ by more are
)

// doctor looks at what the commands need.
type doctor struct {
	now        func() time.Time
	timeout    time.Duration
	ca         string
	roots      *x509.CertPool
	found      []diagnosis
	configured []string // URLs of parley.yaml
}

func vetTargets(targets []string) error {
	for _, text := range targets {
		if u, err := url.Parse(text); err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
			return usage("%q is no URL; write for example https://my-domain.com", text)
		}
	}
	return nil
}

// target looks at one URL, step by step: what comes after a step that failed is not told.
func (d *doctor) target(ctx context.Context, text string) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, text, nil)
	if err != nil || vetTargets([]string{text}) != nil {
		d.say("target", isFailure, fmt.Sprintf("%q is no URL", text), "write for example https://my-domain.com")
		return
	}
	if proxy, err := http.ProxyFromEnvironment(request); err == nil && proxy != nil {
		d.say("target", notChecked, "name and port of "+request.URL.Host+": it is reached through the proxy "+proxy.Host+" of the environment", "")
	} else if !d.reachable(ctx, request.URL) {
		return
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: d.roots, Time: d.now}, DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		d.unanswered(request.URL, err)
		return
	}
	response.Body.Close()
	if response.TLS != nil {
		d.certificate(request.URL.Host, response.TLS.PeerCertificates)
	}
	d.answer(text, response)
	d.clock(request.URL.Host, response.Header.Get("Date"))
}

// reachable resolves the name and connects.
func (d *doctor) reachable(ctx context.Context, u *url.URL) bool {
	addresses, err := net.DefaultResolver.LookupHost(ctx, u.Hostname())
	if err != nil {
		d.say("target", isFailure, "the name "+u.Hostname()+" is not known: "+err.Error(), "correct the URL, or the name server of this machine")
		return false
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		d.say("target", isFailure, fmt.Sprintf("nothing takes connections at %s: %v", net.JoinHostPort(u.Hostname(), port), err), "start it, or correct the URL; in a container 127.0.0.1 is the container itself")
		return false
	}
	connection.Close()
	d.say("target", isOK, fmt.Sprintf("%s is %s, and takes connections", u.Hostname(), addresses[0]), "")
	return true
}

func (d *doctor) unanswered(u *url.URL, err error) {
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		d.say("target", isFailure, "the certificate of "+u.Host+" is not trusted: "+untrusted.Err.Error(), "renew it, or trust its issuer with --ca FILE")
	case errors.Is(err, context.DeadlineExceeded):
		d.say("target", isFailure, u.Host+" did not answer within "+d.timeout.String(), "look whether it hangs, or give it --timeout")
	default:
		d.say("target", isFailure, u.Host+" did not answer: "+err.Error(), "look whether http and https are confused, and at its log")
	}
}

func (d *doctor) certificate(host string, chain []*x509.Certificate) {
	left := chain[0].NotAfter.Sub(d.now())
	text := fmt.Sprintf("the certificate of %s is trusted until %s", host, chain[0].NotAfter.UTC().Format("2006-01-02"))
	if left < soonExpired {
		d.say("target", isWarning, text, fmt.Sprintf("renew it: it ends in %d days", int(left.Hours()/24)))
		return
	}
	d.say("target", isOK, text, "")
}

func (d *doctor) answer(text string, response *http.Response) {
	found := fmt.Sprintf("%s answered HEAD with %d", text, response.StatusCode)
	switch {
	case response.StatusCode >= 300 && response.StatusCode < 400:
		d.say("target", isWarning, found+" to "+response.Header.Get("Location"), "name where it leads: Parley follows no redirects")
	case response.StatusCode == http.StatusNotFound:
		d.say("target", isWarning, found, "look whether the path is right")
	default:
		d.say("target", isOK, found, "")
	}
}

// clock compares with the time that an answer says, which has whole seconds.
func (d *doctor) clock(host, date string) {
	there, err := http.ParseTime(date)
	if err != nil {
		d.say("clock", notChecked, "the answer of "+host+" has no header Date", "")
		return
	}
	apart := d.now().Sub(there).Truncate(time.Second)
	if apart.Abs() > clockApart {
		d.say("clock", isWarning, fmt.Sprintf("this machine's clock is %s from that of %s", apart.Abs(), host), "set the clocks: signatures with a time and tokens that expire are refused")
		return
	}
	d.say("clock", isOK, "this machine and "+host+" have the same time", "")
}
