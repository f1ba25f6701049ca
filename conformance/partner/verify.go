package partner

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"github.com/parleykit/parley/internal/signature"
)

// Verifying is a partner that takes events only when they are signed by one of these
// keys. What is no event comes to it as before.
func Verifying(next http.Handler, s signature.Scheme, keys [][]byte, log func(line string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/webhook" || r.Method == http.MethodHead || r.Method == http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			http.Error(w, "the body can't be read", http.StatusBadRequest)
			return
		}
		if err := s.Verify(r.Header, body, time.Now(), keys...); err != nil {
			log("refused an event: " + err.Error())
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}
