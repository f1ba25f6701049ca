package conformance_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// viewed asks a viewer of a run, and has its answers judged by run.openapi.yaml.
func viewed(t *testing.T, o control.ViewerOptions) (get func(path string) (status int, body string)) {
	t.Helper()
	document, err := openapi.Load("run.openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	judge, err := validator.New(document)
	if err != nil {
		t.Fatal(err)
	}
	o.Kind, o.Journal = "run", traffic.NewJournal(traffic.Limits{})
	server := httptest.NewServer(control.NewViewer(o))
	t.Cleanup(server.Close)
	return func(path string) (int, string) {
		t.Helper()
		response, err := http.Get(server.URL + path)
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Error(err)
		}
		e := &traffic.Exchange{
			Caller: traffic.Partner, Request: traffic.Request{Method: "GET", URL: path, Header: http.Header{}},
			Response: &traffic.Response{Status: response.StatusCode, Header: response.Header, Body: traffic.NewBody(body, 1<<24)},
		}
		judge.Exchange(e)
		for _, f := range e.Findings {
			if response.StatusCode == http.StatusOK && strings.HasPrefix(path, "/_parley/run") {
				t.Errorf("GET %s: %s\n%s", path, f, body)
			}
		}
		return response.StatusCode, string(body)
	}
}

func runOf(t *testing.T, get func(string) (int, string), path string) conformance.RunView {
	t.Helper()
	status, body := get(path)
	var v conformance.RunView
	if err := json.Unmarshal([]byte(body), &v); status != 200 || err != nil {
		t.Errorf("%d %s: %v", status, body, err)
	}
	return v
}

// TestAViewerShowsARun as far as it is, and lets its reader wait for more.
func TestAViewerShowsARun(t *testing.T) {
	go1, go2 := make(chan struct{}), make(chan struct{})
	progress, o := conformance.Following(scene(t, &testvendor.Partner{}, check("first", func(ctx context.Context, p *conformance.Partner) error {
		<-go1
		return ping(ctx, p)
	}), check("second", func(ctx context.Context, p *conformance.Partner) error {
		<-go2
		return ping(ctx, p)
	})))
	served, end := context.WithCancel(t.Context())
	get := viewed(t, control.ViewerOptions{Run: progress, Served: served})
	if v := runOf(t, get, "/_parley/run"); v.State != conformance.Running || len(v.Planned) != 2 {
		t.Errorf("before: %+v", v)
	}
	judged := make(chan *conformance.Report)
	go func() { judged <- judge(t.Context(), t, o) }()
	close(go1)
	if v := runOf(t, get, "/_parley/run/wait?since=0"); len(v.Report.Results) != 1 || !slices.Equal(v.Running, []string{"tiny/hook/second"}) {
		t.Errorf("after the first: %+v", v)
	}
	if v := runOf(t, get, "/_parley/run/wait?since=1&timeout=1ms"); v.State != conformance.Running || len(v.Report.Results) != 1 {
		t.Errorf("when the time of a wait is over: %+v", v)
	}
	close(go2)
	if v := runOf(t, get, "/_parley/run/wait?since=1"); len(v.Report.Results) != 2 {
		t.Errorf("after the second: %+v", v)
	}
	progress.Finish(<-judged)
	if v := runOf(t, get, "/_parley/run/wait?since=2"); v.State != conformance.Done || v.Report.Outcome != conformance.OutcomePassed || len(v.Report.Coverage.Parts) == 0 {
		t.Errorf("when it is done: %+v", v)
	}
	for path, want := range map[string]string{
		"/_parley/run?since=1":          "since",
		"/_parley/run/wait?since=-1":    "since=-1 is none; write how many results you have",
		"/_parley/run/wait?since=x":     "since=x is none",
		"/_parley/run/wait?timeout=10m": "at most 5m0s",
	} {
		if status, body := get(path); status != 400 || !strings.Contains(body, want) {
			t.Errorf("GET %s: %d %s", path, status, body)
		}
	}
	if _, body := get("/_parley/version"); !strings.Contains(body, `"run"`) {
		t.Errorf("the version does not name the run: %s", body)
	}

	waiting, _ := conformance.Following(o)
	get = viewed(t, control.ViewerOptions{Run: waiting, Served: served})
	end()
	if status, body := get("/_parley/run/wait"); status != 503 || !strings.Contains(body, "is being closed") {
		t.Errorf("when the viewer ends: %d %s", status, body)
	}
	if status, _ := viewed(t, control.ViewerOptions{})("/_parley/run"); status != 404 {
		t.Errorf("a viewer without a run answers %d", status)
	}
}
