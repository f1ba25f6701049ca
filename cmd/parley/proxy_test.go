package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/parleykit/parley/validator"
)

// proxied runs parley proxy in front of a vendor that answers 200, makes the calls,
// and returns the exit code and what was printed.
func proxied(t *testing.T, calls func(base string), args ...string) (int, string) {
	t.Helper()
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer vendor.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, ended := &safeBuffer{}, make(chan int)
	go func() {
		ended <- run(ctx, append([]string{"proxy", "elma365", "--to", vendor.URL, "--addr", "127.0.0.1:0"}, args...), nil, out, out)
	}()
	calls(address(t, out))
	cancel()
	return <-ended, out.String()
}

var givenAddress = regexp.MustCompile(`give (http://\S+) to`)

func address(t *testing.T, out *safeBuffer) string {
	t.Helper()
	if !comesTrue(func() bool { return givenAddress.MatchString(out.String()) }) {
		t.Fatal(out)
	}
	return givenAddress.FindStringSubmatch(out.String())[1]
}

func send(t *testing.T, url, body string) {
	t.Helper()
	response, err := http.Post(url+"/api/messengers/external/other/webhook/c1", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}

func TestProxyExitCodes(t *testing.T) {
	const good, unknown, broken = `{"type":"disconnect","token":"s3cr3t"}`, `{"type":"disconnect","token":"s3cr3t","more":1}`, `{"type":"disconnect"}`
	for _, c := range []struct {
		name string
		body string // "" for no call
		args []string
		want int
	}{
		{"as documented", good, nil, exitOK},
		{"as documented, quietly", good, []string{"--quiet"}, exitOK},
		{"an error", broken, nil, exitFailed},
		{"a note", unknown, nil, exitOK},
		{"a note that fails", unknown, []string{"--fail-on", "info"}, exitFailed},
		{"nothing came", "", nil, exitIncomplete},
		{"stopped", broken, []string{"--strict=documented"}, exitFailed},
	} {
		got, out := proxied(t, func(base string) {
			if c.body != "" {
				send(t, base, c.body)
			}
		}, c.args...)
		if got != c.want {
			t.Errorf("%s: exit %d, want %d:\n%s", c.name, got, c.want, out)
		}
		if strings.Contains(out, "s3cr3t") {
			t.Errorf("%s: a token is printed:\n%s", c.name, out)
		}
	}
}

func TestProxyWarnsOfOpenAddresses(t *testing.T) {
	var text bytes.Buffer
	f := proxyFlags{to: "https://my-domain.com?access_token=s3cr3t"}
	contract, err := f.one("elma365")
	if err != nil {
		t.Fatal(err)
	}
	f.welcome(newConsole(&text, validator.Redactor(contract)), contract, &net.TCPAddr{IP: net.IPv4zero, Port: 7358}, nil)
	if !strings.Contains(text.String(), "warning: 0.0.0.0:7358 is not loopback") || strings.Contains(text.String(), "s3cr3t") {
		t.Error(&text)
	}
}

// Each format is a document of its own: nothing else stands on standard output.
func TestProxyFormats(t *testing.T) {
	for format, begins := range map[string]string{"json": "{", "junit": "<?xml", "sarif": "{", "github": "::"} {
		var stdout, stderr safeBuffer
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan int)
		go func() {
			ended <- run(ctx, []string{"proxy", "elma365", "--to", "http://127.0.0.1:1", "--addr", "127.0.0.1:0", "--format", format}, nil, &stdout, &stderr)
		}()
		send(t, address(t, &stderr), `{"type":"disconnect"}`)
		cancel()
		if code := <-ended; code != exitFailed || !strings.HasPrefix(stdout.String(), begins) || !strings.Contains(stdout.String(), "exchange.no-response") {
			t.Errorf("%s: exit %d:\n%s", format, code, &stdout)
		}
	}
}
