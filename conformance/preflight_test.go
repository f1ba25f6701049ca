package conformance_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/internal/rawtest"
)

func TestPreflightTakesAnyAnswer(t *testing.T) {
	for _, status := range []int{200, 302, 401, 404, 405, 500} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
			w.WriteHeader(status)
		}))
		if err := conformance.Preflight(t.Context(), server.URL+"/hook", 20*time.Second); err != nil {
			t.Errorf("status %d: %v", status, err)
		}
		server.Close()
	}
}

func TestPreflightSaysWhatItMeansAndWhatToDo(t *testing.T) {
	nobody := listener(t)
	nobody.Close()
	silent := listener(t)
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	private := httptest.NewUnstartedServer(http.NotFoundHandler())
	private.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the client that refuses it
	private.StartTLS()
	defer private.Close()

	for name, c := range map[string]struct{ target, want, advice string }{
		"refused":       {"http://" + nobody.Addr().String(), "connection refused, so nothing listens on " + nobody.Addr().String(), "Start the partner"},
		"timeout":       {"http://" + silent.Addr().String(), "no answer within 200ms", "the partner hangs"},
		"closes":        {rawtest.Answer(t, ""), "closes it without an answer", "what the partner logs"},
		"other service": {rawtest.Answer(t, "220 mail.example ESMTP\r\n"), "does not speak HTTP", "https://"},
		"DNS":           {"http://nobody.invalid/hook", `the host name "nobody.invalid" is not known`, "spelling"},
		"no TLS there":  {strings.Replace(plain.URL, "http:", "https:", 1), "plain HTTP, not TLS", "http:// instead of https://"},
		"certificate":   {private.URL, "certificate is not trusted", "SSL_CERT_FILE"},
	} {
		t.Run(name, func(t *testing.T) {
			limit := 20 * time.Second
			if name == "timeout" {
				limit = 200 * time.Millisecond
			}
			err := conformance.Preflight(t.Context(), c.target, limit)
			var unreachable *conformance.Unreachable
			if !errors.As(err, &unreachable) {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(unreachable.Reason, c.want) || !strings.Contains(unreachable.Advice, c.advice) {
				t.Errorf("%v\nwant %s … %s", err, c.want, c.advice)
			}
			if unreachable.Unwrap() == nil {
				t.Error("the network's error is lost")
			}
		})
	}
}

func TestPreflightCanBeInterrupted(t *testing.T) {
	silent := listener(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := conformance.Preflight(ctx, "http://"+silent.Addr().String(), time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}
