package proxy

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/parleykit/parley/internal/coding"
	"github.com/parleykit/parley/internal/dotsegment"
	"github.com/parleykit/parley/internal/origin"
)

// rewrite addresses a request to the target. All else is restored that
// httputil.ReverseProxy changes: forwarded means unchanged.
func (c *call) rewrite(r *httputil.ProxyRequest) {
	c.proxy.address(r.Out.URL, r.In.URL)
	r.Out.Body = c.shortened(r.Out.Body)
	r.Out.Host = ""
	if c.proxy.options.KeepHost {
		r.Out.Host = r.In.Host
	}
	if accepted := r.Out.Header["Accept-Encoding"]; accepted != nil && c.proxy.options.Strict != Lenient {
		r.Out.Header["Accept-Encoding"] = coding.Readable(accepted) // what can't be judged would be stopped
	}
	r.Out.Trailer = r.In.Trailer // filled when the body has been read
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, ok := r.In.Header[name]; ok {
			r.Out.Header[name] = values
		}
	}
}

// address makes out the URL at the target of a request for in.
func (p *Proxy) address(out, in *url.URL) {
	out.Scheme, out.Host, out.RawQuery = p.target.Scheme, p.target.Host, in.RawQuery
	if p.target.RawQuery != "" {
		out.RawQuery = strings.TrimSuffix(p.target.RawQuery+"&"+in.RawQuery, "&")
	}
	prefix, escaped := strings.TrimRight(p.target.Path, "/"), strings.TrimRight(p.target.EscapedPath(), "/")
	if !p.options.Reverse {
		out.Path, out.RawPath = prefix+in.Path, escaped+in.EscapedPath()
		return
	}
	if in.Path == "" || in.Path == "/" {
		out.Path, out.RawPath = p.target.Path, p.target.EscapedPath()
	}
}

// turn refuses what can't be forwarded to the target: requests for other hosts,
// other protocols, and paths beside the webhook. It also drops an offer of HTTP/2
// over plain text, which some clients make with every request and which a server
// may ignore.
func (p *Proxy) turn(r *http.Request) *problem {
	if r.Method == http.MethodConnect {
		return &problem{Status: http.StatusMethodNotAllowed, Kind: "connect", Detail: "this is not a proxy for every host: it stands in front of " + p.host() +
			" alone; set its address as the base URL instead of as HTTPS_PROXY"}
	}
	if r.URL.Host != "" && !p.own(r) && !origin.Same(r.URL, p.target) {
		return &problem{Status: http.StatusMisdirectedRequest, Kind: "host", Detail: fmt.Sprintf(
			"the request is for %s://%s, and this proxy forwards to %s alone; call it by its own address, and leave it out of HTTP_PROXY for other hosts", r.URL.Scheme, r.URL.Host, p.host())}
	}
	switch protocol := r.Header.Get("Upgrade"); {
	case protocol == "" || p.options.Strict == Lenient && opensSocket(r):
	case strings.EqualFold(protocol, "h2c"):
		r.Header.Del("Upgrade")
	case opensSocket(r):
		return &problem{Status: http.StatusNotImplemented, Kind: "upgrade", Detail: fmt.Sprintf(
			"the request asks for a WebSocket, which is not judged, and a strict proxy forwards nothing that it has not judged; connect to %s without the proxy, or start it without --strict", p.host())}
	default:
		return &problem{Status: http.StatusNotImplemented, Kind: "upgrade", Detail: fmt.Sprintf(
			"the request asks to switch to the protocol %.40q, which is not judged and so not forwarded; connect to %s without the proxy", protocol, p.host())}
	}
	webhook := strings.TrimRight(p.target.Path, "/")
	beside := r.URL.Path != webhook && !strings.HasPrefix(r.URL.Path, webhook+"/")
	if p.options.Reverse && r.URL.Path != "/" && r.URL.Path != "" && (beside || dotsegment.In(r.URL.Path)) {
		return &problem{Status: http.StatusNotFound, Kind: "path", Detail: fmt.Sprintf(
			"the webhook behind this proxy is at %s; send events to that path, or to /", p.target.Path)}
	}
	return nil
}

// own reports whether a request that names a host names the proxy's address.
func (p *Proxy) own(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return ok && r.URL.Host == local.String()
}
