package mocktest

import (
	"io"
	"net/http"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// Answer is what a mock answered to Do.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Do calls the mock. Header has names and values in turn; a value of "" leaves that
// header out. A body is JSON unless a header says otherwise.
func (m *Mock) Do(method, path, body string, header ...string) Answer {
	m.tb.Helper()
	request, err := http.NewRequest(method, m.URL+path, strings.NewReader(body))
	if err != nil {
		m.fatalf("%s %s cannot be called: %v", method, path, err)
		return Answer{} // a TB whose Fatalf returns
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if request.Header.Set(header[i], header[i+1]); header[i+1] == "" {
			request.Header.Del(header[i])
		}
	}
	return m.RoundTrip(request)
}

// RoundTrip makes a call that Do can't make.
func (m *Mock) RoundTrip(request *http.Request) Answer {
	m.tb.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		m.fatalf("%s %s: %v", request.Method, request.URL, err)
		return Answer{} // a TB whose Fatalf returns
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		m.fatalf("%s %s: the answer broke off: %v", request.Method, request.URL, err)
	}
	return Answer{response.StatusCode, response.Header, string(body)}
}

// Exchange is what the journal has of a call, by its answer.
func (m *Mock) Exchange(a Answer) *traffic.Exchange {
	m.tb.Helper()
	id := a.Header.Get(mockserver.HeaderExchange)
	e, ok := m.Sandbox().Journal().Get(id)
	if !ok {
		m.fatalf("exchange %q is not in the journal", id)
	}
	return e
}
