package mockserver

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/parleykit/parley/internal/problem"
)

// HeaderSandbox names the sandbox of a request; so does a path that begins with
// /~name/.
const HeaderSandbox = "Parley-Sandbox"

const sandboxPrefix = "/~"

// sandboxAddress returns the name of the sandbox that a request is for, "" for the
// default one, and the request without the part of its path that says so.
func sandboxAddress(r *http.Request) (string, *http.Request, error) {
	var name string
	if given := r.Header[HeaderSandbox]; len(given) > 0 {
		name = given[0]
		if err := checkSandboxName(name); err != nil {
			return "", r, fmt.Errorf("header %s: %w", HeaderSandbox, err)
		}
	}
	after, ok := strings.CutPrefix(r.URL.Path, sandboxPrefix)
	if !ok {
		return name, r, nil
	}
	inPath, _, _ := strings.Cut(after, "/")
	if err := checkSandboxName(inPath); err != nil {
		return "", r, fmt.Errorf("path %s: %w", r.URL.Path, err)
	}
	if name != "" && name != inPath {
		return "", r, fmt.Errorf("%w: the path says %s and the header %s says %s; say it once", errTwoSandboxes, inPath, HeaderSandbox, name)
	}
	r, err := without(r, sandboxPrefix+inPath)
	return inPath, r, err
}

var errTwoSandboxes error = &problem.Reason{Status: http.StatusBadRequest, Kind: "sandbox", Text: "two sandboxes"}

// SandboxAddress returns the name of the sandbox that a request is for, and its path
// without the part that says so.
func SandboxAddress(r *http.Request) (name, path string, err error) {
	name, r, err = sandboxAddress(r)
	return cmp.Or(name, DefaultSandbox), r.URL.Path, err
}

// without returns a request whose path does not have its beginning.
func without(r *http.Request, prefix string) (*http.Request, error) {
	next := *r
	next.URL = new(url.URL)
	*next.URL = *r.URL
	next.RequestURI = "" // what it is now follows from the URL
	next.URL.Path = strings.TrimPrefix(r.URL.Path, prefix)
	if next.URL.Path == "" {
		next.URL.Path = "/"
	}
	if raw := r.URL.RawPath; raw != "" {
		rest, ok := strings.CutPrefix(raw, prefix)
		if !ok {
			return r, fmt.Errorf("%w: %s; write it without %%", ErrSandboxName, raw)
		}
		next.URL.RawPath = rest
	}
	return &next, nil
}

// sandboxName is the key of a request's sandbox in its context.
type sandboxName struct{}

// SandboxName returns the name of the sandbox that a request to the control API is
// for; "" for the default one.
func SandboxName(r *http.Request) string {
	name, _ := r.Context().Value(sandboxName{}).(string)
	return name
}

// withSandboxName lets the control API know the sandbox of a request.
func withSandboxName(r *http.Request, name string) *http.Request {
	if name == "" {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), sandboxName{}, name))
}
