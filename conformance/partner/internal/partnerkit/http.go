package partnerkit

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// MaxBody bounds what a partner reads of a request or an answer, in bytes.
const MaxBody = 1 << 20

// NewClient never follows a redirect: the token would go to a place that nobody
// configured. A call ends after 10 s.
func NewClient() *http.Client {
	return &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			MaxIdleConnsPerHost: 16,
			IdleConnTimeout:     30 * time.Second,
		},
	}
}

// Health answers that the partner runs.
func Health(w http.ResponseWriter, _ *http.Request) {
	WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// WriteJSON answers with a body.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) // the caller is gone
}

// Complain answers what was wrong with what a person or a judge has asked for.
func Complain(w http.ResponseWriter, status int, detail string) {
	WriteJSON(w, status, map[string]string{"detail": detail})
}

// ReadOrder reads what a person or a judge asks for; no body asks for the usual.
// Names says what can be asked. After false it has answered why.
func ReadOrder(w http.ResponseWriter, r *http.Request, into any, names string) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, MaxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		Complain(w, http.StatusBadRequest, "the body is not what can be asked ("+names+"): "+err.Error())
		return false
	}
	return true
}

// IsHTTP reports whether a text is an absolute http or https URL.
func IsHTTP(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
