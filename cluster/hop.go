package cluster

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// headerHop tells a replica that another one sent a request on: who, and a signature.
const headerHop = "Parley-Hop"

// headerExpected is in a request that was sent on, and that had the header Expect before.
const headerExpected = "Parley-Hop-Expect"

// headerMisdirected is in the answer of a replica that has not the sandbox.
const headerMisdirected = "Parley-Misdirected"

// sign is the value of headerHop.
func (r *Replica) sign(q *http.Request) string {
	mac := hmac.New(sha256.New, r.options.Secret)
	io.WriteString(mac, strings.Join([]string{"parley hop", r.options.ID, q.Method, q.Host, q.URL.RequestURI()}, "\n"))
	return hex.EncodeToString([]byte(r.options.ID)) + "." + hex.EncodeToString(mac.Sum(nil))
}

// forwarded tells whether another replica sent a request on. The header is taken away, so
// that a mock's partner neither sees nor sends it.
func (r *Replica) forwarded(q *http.Request) bool {
	given, expected := q.Header.Get(headerHop), q.Header.Values(headerExpected)
	q.Header.Del(headerHop)
	q.Header.Del(headerExpected)
	id, _, _ := strings.Cut(given, ".")
	from, err := hex.DecodeString(id)
	if given == "" || err != nil {
		return false
	}
	other := Replica{options: Options{ID: string(from), Secret: r.options.Secret}}
	if !hmac.Equal([]byte(other.sign(q)), []byte(given)) {
		return false
	}
	q.Header.Del("Expect") // the other replica's; the mock sees what the partner sent
	if len(expected) > 0 {
		q.Header["Expect"] = expected
	}
	return true
}

// newTransport is the pool of connections to other replicas. Compressed answers stay so.
func newTransport() *http.Transport {
	return &http.Transport{
		DialContext:           (&net.Dialer{Timeout: time.Second}).DialContext,
		DisableCompression:    true,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       time.Minute,
		ExpectContinueTimeout: time.Minute, // the other replica says in any case whether it wants the body
	}
}
