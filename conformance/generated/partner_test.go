package generated_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/specs"
)

const folder = "../../testdata/contracts/acme"

// quick: a stimulus of these tests has made its call when it returns, so that only
// what does not happen is waited for.
var quick = conformance.Timing{Answer: 10 * time.Second, Retry: time.Second, Quiet: 250 * time.Millisecond, Stimulus: 50 * time.Millisecond}

// desk is a partner of Acme Desk, good or with one defect.
type desk struct {
	t      testing.TB
	defect string
	api    string // of the vendor
	token  string
	done   chan struct{}
	work   sync.WaitGroup

	meeting chan struct{} // of two requests that are there at once

	mu   sync.Mutex
	seen map[string]bool // bodies
}

// run judges a partner by the generated checks.
func run(t testing.TB, c *specs.Contract, defect, token string, only ...string) *conformance.Report {
	t.Helper()
	return runSuites(t, c, generated.Suites(c), defect, token, only...)
}

func runSuites(t testing.TB, c *specs.Contract, suites []conformance.Suite, defect, token string, only ...string) *conformance.Report {
	t.Helper()
	mock, api := checktest.Play(t, c, nil)
	d := &desk{t: t, defect: defect, api: api, token: token, done: make(chan struct{}), seen: map[string]bool{}, meeting: make(chan struct{})}
	webhook := checktest.Serve(t, d, func() { close(d.done); d.work.Wait() })
	return checktest.JudgeFunc(conformance.Judge).Report(t, conformance.Options{
		Suites: suites, Only: only, Contract: c, Sandbox: mock.Sandbox(), Token: token,
		Target: webhook + "/hook", Stimulus: d.act, Timing: quick, Seed: 1,
	})
}

func (d *desk) is(defect string) bool { return d.defect == defect }

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}

func (d *desk) refuse(w http.ResponseWriter, why string) {
	switch {
	case d.is("refuses-with-406"):
		answer(w, http.StatusNotAcceptable, `{"error": "no"}`)
	case d.is("refuses-without-body"):
		w.WriteHeader(http.StatusBadRequest)
	default:
		answer(w, http.StatusBadRequest, fmt.Sprintf(`{"error": %q}`, why))
	}
}

// ServeHTTP is the webhook.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		return // somebody looks whether it is there
	}
	text, _ := io.ReadAll(r.Body)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/json" && !d.is("accepts-any-content-type") {
		d.refuse(w, "not JSON by its type")
		return
	}
	var body map[string]any
	if err := json.Unmarshal(text, &body); err != nil {
		switch {
		case d.is("accepts-broken-json"):
			answer(w, http.StatusOK, `{"taken": true}`)
		case d.is("hangs-up-on-broken-json"):
			panic(http.ErrAbortHandler)
		default:
			d.refuse(w, "no JSON")
		}
		return
	}
	if why := d.wrong(body); why != "" {
		d.refuse(w, why)
		return
	}
	if status, text := d.answerTo(body, string(text)); text != "" {
		answer(w, status, text)
	} else {
		w.WriteHeader(status)
	}
}

// wrong says what keeps an event from being understood.
func (d *desk) wrong(body map[string]any) string {
	required := []string{"event", "ticketId"}
	if body["event"] != "ticketClosed" {
		required = append(required, "answer")
	}
	if secret, ok := body["secret"]; ok && secret != d.token && !d.is("accepts-any-secret") {
		return "another secret"
	}
	for _, name := range required {
		value, there := body[name]
		if _, text := value.(string); !there && !d.is("accepts-missing-members") || there && !text && !d.is("accepts-wrong-types") {
			return name + " is missing, or no text"
		}
	}
	return ""
}

func (d *desk) answerTo(body map[string]any, text string) (int, string) {
	const taken = `{"taken": true}`
	if body["event"] == "ticketClosed" {
		if d.is("answers-closed-with-204") {
			return http.StatusNoContent, ""
		}
		return http.StatusOK, ""
	}
	failed := false
	agent, _ := body["agent"].(map[string]any)
	switch d.defect {
	case "answers-201":
		return http.StatusCreated, taken
	case "answers-404":
		return http.StatusNotFound, ""
	case "answers-500":
		failed = true
	case "answers-without-body":
		return http.StatusOK, ""
	case "answers-wrong-body":
		return http.StatusOK, `{"taken": "yes"}`
	case "breaks-without-agent":
		failed = agent == nil
	case "breaks-without-mail":
		failed = agent != nil && agent["mail"] == nil
	case "breaks-on-unknown-member":
		failed = body["parleyExtra"] != nil
	case "refuses-repeats":
		d.mu.Lock()
		defer d.mu.Unlock()
		failed = d.seen[text]
		d.seen[text] = true
	case "breaks-at-once":
		failed = d.crowded()
	}
	if failed {
		return http.StatusInternalServerError, ""
	}
	return http.StatusOK, taken
}

// crowded reports whether another request was there at the same time, for which it
// waits a little.
func (d *desk) crowded() bool {
	select {
	case d.meeting <- struct{}{}:
		return true
	case <-d.meeting:
		return true
	case <-time.After(50 * time.Millisecond):
		return false
	}
}

// act does what is asked, and fails as a relay does when the vendor fails.
func (d *desk) act(ctx context.Context, ask string) error {
	status := http.StatusOK
	switch {
	case strings.Contains(ask, "operations/getTicket"):
		switch d.defect {
		case "never-reads":
		case "reads-by-put":
			status = d.call(ctx, http.MethodPut, "/tickets/T-1", "")
		default:
			status = d.call(ctx, http.MethodGet, "/tickets/T-1", "")
		}
	case d.is("calls-nothing"):
	default:
		status = d.open(ctx)
	}
	if status >= 500 {
		return fmt.Errorf("the vendor answered %d", status)
	}
	return nil
}

func (d *desk) open(ctx context.Context) int {
	body := `{"subject": "Printer", "text": "It is blue.", "priority": "low"}`
	switch d.defect {
	case "leaves-out-text":
		body = `{"subject": "Printer"}`
	case "sends-unknown-unit":
		body = `{"subject": "Printer", "text": 12}`
	case "calls-elsewhere":
		d.call(ctx, http.MethodPost, "/ticket", body)
	}
	status := d.call(ctx, http.MethodPost, "/tickets", body)
	switch {
	case status == http.StatusOK, status == http.StatusCreated:
	case d.is("repeats-without-end"):
		d.work.Go(func() {
			for {
				select {
				case <-d.done:
					return
				default:
					d.call(context.Background(), http.MethodPost, "/tickets", body)
				}
			}
		})
	case d.is("repeats-three-times"):
		for range 3 {
			d.call(ctx, http.MethodPost, "/tickets", body)
		}
	}
	return status
}

// call returns the status; 0 when no answer came.
func (d *desk) call(ctx context.Context, method, path, body string) int {
	request, err := http.NewRequestWithContext(ctx, method, d.api+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return 0
	}
	if !d.is("sends-no-key") {
		request.Header.Set("X-Acme-Key", "k-1")
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
		if d.is("sends-text") {
			request.Header.Set("Content-Type", "text/plain")
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	return response.StatusCode
}
