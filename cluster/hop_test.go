package cluster

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

// two are a replica, another one, and a sandbox that the other has.
func two(t *testing.T, handle http.HandlerFunc) (c *cluster, a, b *node, sandbox string) {
	c = newCluster(t)
	a, b = c.join("a"), c.join("b")
	b.handle = handle
	return c, a, b, of("b", "a", "b")
}

// TestRequestsArriveAsTheyWere, and so do answers.
func TestRequestsArriveAsTheyWere(t *testing.T) {
	_, a, _, sandbox := two(t, func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		for _, name := range []string{headerHop, "Expect", "X-Forwarded-Host"} {
			if r.Header.Get(name) != "" {
				t.Errorf("the header %s came: %s", name, r.Header.Get(name))
			}
		}
		w.Header().Set("Trailer", "Sum")
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprint(w, r.Method, " ", r.Host, " ", r.URL.RequestURI(), " ", r.Header.Get("X-Forwarded-For"), " ", string(text), " ", r.Trailer.Get("End"))
		w.Header().Set("Sum", "right")
	})
	q, _ := http.NewRequest("PATCH", a.server.URL+"/a%2Fb;c?q=1;2&x=%zz", struct{ io.Reader }{strings.NewReader("the body")})
	q.Host, q.Header, q.Trailer = "vendor.example.com", http.Header{"Parley-Sandbox": {sandbox}, "X-Forwarded-For": {"192.0.2.7"}}, http.Header{"End": {"well"}}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	want := "PATCH vendor.example.com /a%2Fb;c?q=1;2&x=%zz 192.0.2.7 the body well"
	if answer.StatusCode != http.StatusTeapot || string(text) != want || answer.Trailer.Get("Sum") != "right" {
		t.Errorf("got %d %s, trailer %v, want %s", answer.StatusCode, text, answer.Trailer, want)
	}
}

// TestBothWaysStream: the owner reads while the request has not ended, the answer begins
// before its end, and a caller that goes is noticed.
func TestBothWaysStream(t *testing.T) {
	read, gone := make(chan string), make(chan struct{})
	_, a, _, sandbox := two(t, func(w http.ResponseWriter, r *http.Request) {
		for lines := bufio.NewScanner(r.Body); lines.Scan(); {
			read <- lines.Text()
		}
		fmt.Fprintln(w, "begun")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(gone)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	in, out := io.Pipe()
	go func() {
		for _, line := range []string{"one", "two"} {
			fmt.Fprintln(out, line)
			if got := <-read; got != line {
				t.Errorf("the owner read %q", got)
			}
		}
		out.Close()
	}()
	q, _ := http.NewRequestWithContext(ctx, "POST", a.server.URL+"/~"+sandbox+"/", in)
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(answer.Body).ReadString('\n'); line != "begun\n" {
		t.Errorf("got %q, %v", line, err)
	}
	cancel()
	answer.Body.Close()
	<-gone
}

// TestMisdirected: an owner of which only others still think so sends a request on to
// nobody, and the body goes to the one that has the sandbox.
func TestMisdirected(t *testing.T) {
	c, a, b, sandbox := two(t, nil)
	wantGet(t, a, "/~"+sandbox+"/", "b")
	d := c.join("d")
	d.handle = func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }
	key := keyOf(leasePrefix, sandbox)
	b.mu.Lock()
	held := b.boxes[sandbox]
	b.mu.Unlock()
	if err := b.leave(t.Context(), held); err != nil {
		t.Fatal(err)
	}
	if err := d.take(t.Context(), sandbox); err != nil {
		t.Fatal(err)
	}
	a.view.tell(key, []byte(`{"replica":"b"}`), false) // what it knows is old
	got := make(chan string)
	go func() {
		answer, err := http.Post(a.server.URL+"/~"+sandbox+"/", "text/plain", strings.NewReader("for d"))
		if err != nil {
			got <- err.Error()
			return
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		got <- fmt.Sprint(answer.StatusCode, " ", string(text))
	}()
	misled := httptest.NewRecorder()
	q := httptest.NewRequest("GET", "/~"+sandbox+"/", nil)
	q.Header.Set(headerHop, a.sign(q))
	b.ServeHTTP(misled, q)
	if misled.Code != http.StatusMisdirectedRequest || misled.Header().Get(headerMisdirected) == "" {
		t.Errorf("the replica that has it no more answered %d", misled.Code)
	}
	c.until("what was old is known anew", func() bool { return a.view.owner(sandbox) == "d" })
	if text := <-got; text != "200 for d" {
		t.Errorf("got %s", text)
	}
}

// TestHopIsSigned: a stranger can't keep a request from being sent on.
func TestHopIsSigned(t *testing.T) {
	_, a, _, sandbox := two(t, nil)
	stranger := Replica{options: Options{ID: "b", Secret: []byte("guessed")}}
	for _, value := range []string{"1", "62.00", ""} {
		q, _ := http.NewRequest("GET", a.server.URL+"/~"+sandbox+"/", nil)
		if q.Header.Set(headerHop, value); value == "" {
			q.Header.Set(headerHop, stranger.sign(q))
		}
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if string(text) != "b" {
			t.Errorf("%q: %s answered", q.Header.Get(headerHop), text)
		}
	}
}

// TestLostWhileItAnswers: what may have been done is not done twice.
func TestLostWhileItAnswers(t *testing.T) {
	calls := 0
	_, a, _, sandbox := two(t, func(_ http.ResponseWriter, r *http.Request) {
		calls++
		io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	})
	answer, err := http.Post(a.server.URL+"/~"+sandbox+"/", "text/plain", strings.NewReader("once"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusBadGateway || !strings.Contains(string(text), "may have been done or not") || calls != 1 {
		t.Errorf("got %d %s after %d calls", answer.StatusCode, text, calls)
	}
}

// TestAnOwnerThatStandsStill holds up nobody for longer than its lease lasts.
func TestAnOwnerThatStandsStill(t *testing.T) {
	still := make(chan struct{})
	c, a, _, sandbox := two(t, func(w http.ResponseWriter, r *http.Request) { <-still })
	defer close(still)
	answered := make(chan string, 1)
	go func() {
		answer, err := http.Post(a.server.URL+"/~"+sandbox+"/", "text/plain", strings.NewReader("once"))
		if err != nil {
			t.Error(err)
			return
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		answered <- string(text)
	}()
	for deadline := time.Now().Add(20 * time.Second); ; { // b does nothing any more, and time goes on
		a.tick(t.Context())
		c.clock.advance(renewEvery)
		select {
		case text := <-answered:
			if text != "a" {
				t.Errorf("the answer is %s", text)
			}
			return
		default:
			if time.Now().After(deadline) {
				t.Fatal("nobody answers")
			}
			runtime.Gosched()
		}
	}
}

// TestNobody: where nobody can have a sandbox, the answer says so after a while.
func TestNobody(t *testing.T) {
	c := newCluster(t)
	a := c.join("a")
	a.options.Patience = 1
	if err := a.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status, text := get(t, a, "/~x/"); status != http.StatusServiceUnavailable || !strings.Contains(text, "sandbox x") {
		t.Errorf("got %d %s", status, text)
	}
}

// TestLists: any replica lists the sandboxes of all, each as its owner shows it.
func TestLists(t *testing.T) {
	c := newCluster(t)
	for _, id := range []string{"a", "b"} {
		n := c.join(id)
		n.handle = func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"sandboxes":[{"name":"default","by":%q},{"name":%q}],"limit":5}`, id, "of-"+id)
		}
	}
	a, b := c.nodes["a"], c.nodes["b"]
	owner := choose("default", []string{"a", "b"})
	get(t, a, "/x")
	want := fmt.Sprintf(`{"sandboxes":[{"name":"default","by":%q},{"name":"of-a"},{"name":"of-b"}],"limit":5}`+"\n", owner)
	wantGet(t, a, "/_parley/sandboxes", want)
	wantGet(t, b, "/_parley/sandboxes", want)
	b.handle = func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusUnauthorized) }
	if status, _ := get(t, a, "/_parley/sandboxes"); status != http.StatusUnauthorized {
		t.Errorf("a refusal became %d", status)
	}
}

// TestAddresses: what each request is for.
func TestAddresses(t *testing.T) {
	for _, test := range []struct {
		method, target, body string
		what                 aim
		sandbox, makes       string
	}{
		{"GET", "/users", "", one, "default", ""},
		{"GET", "/~s1/users", "", one, "s1", ""},
		{"GET", "/~s1/_parley/journal", "", one, "s1", ""},
		{"GET", "/_parley/journal", "", one, "default", ""},
		{"GET", "/_parley/metrics", "", here, "", ""},
		{"GET", "/_parley/sandboxes", "", all, "", ""},
		{"POST", "/_parley/sandboxes", `{"name":"s2"}`, one, "s2", ""},
		{"POST", "/_parley/sandboxes", `{"name":`, one, "default", ""},
		{"POST", "/_parley/sandboxes", `{"name":"s2","from":{"sandbox":"s1"}}`, one, "s1", "s2"},
		{"POST", "/_parley/sandboxes", `{"name":"s2","from":{}}`, one, "default", "s2"},
		{"DELETE", "/_parley/sandboxes/s3", "", one, "s3", ""},
		{"POST", "/_parley/sandboxes/s3/reset", "", one, "s3", ""},
		{"GET", "/~a b/x", "", here, "", ""},
	} {
		r := httptest.NewRequest(test.method, strings.ReplaceAll(test.target, " ", "%20"), strings.NewReader(test.body))
		what, sandbox, makes := address(r)
		if text, _ := io.ReadAll(r.Body); what != test.what || sandbox != test.sandbox || makes != test.makes || string(text) != test.body {
			t.Errorf("%s %s is for %d %q and %q with the body %s", test.method, test.target, what, sandbox, makes, text)
		}
	}
}
