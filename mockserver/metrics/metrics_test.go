package metrics

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

// scraped reads what the mock shows with Prometheus' own parser: values by name and labels.
func scraped(t *testing.T, m *mocktest.Mock) map[string]float64 {
	t.Helper()
	a := m.Do("GET", "/_parley/metrics", "")
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") {
		t.Fatalf("answered %d %s", a.Status, a.Header)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(a.Body))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for name, family := range families {
		for _, one := range family.Metric {
			key := name
			for _, label := range one.Label {
				key += " " + label.GetName() + "=" + label.GetValue()
			}
			values[key] = one.Counter.GetValue() + one.Gauge.GetValue() + float64(one.Histogram.GetSampleCount())
		}
	}
	return values
}

// TestWhatIsCounted is there in Prometheus' format, and its linter has nothing to say.
func TestWhatIsCounted(t *testing.T) {
	var seen int
	o := mockserver.Options{Recorded: func(*traffic.Exchange) { seen++ }}
	count := New(&o)
	lag := 0.5
	count.Gauge("parley_test_lag_seconds", "How far something is behind.", func() float64 { return lag })
	count.Counter("parley_test_moves_total", "How often something moved.", func() float64 { return 3 })
	m := acme.NewWith(t, o, nil)
	p := mocktest.NewPartner(t, nil)
	m.Connect(mockserver.Channel{ID: "c", URL: p.URL})
	m.Do("GET", "/tickets/T-1", "")
	m.Do("GET", "/~mine/tickets/T-2", "")
	m.Do("POST", "/notes", `{"text":1}`, "Content-Type", "application/json")
	for i := range 50 {
		m.Do("GET", fmt.Sprintf("/nowhere/%d", i), "")
	}
	acme.Queue(t, m, "c", "T-1", "T-2")
	acme.Ended(t, m)

	values := scraped(t, m)
	for key, want := range map[string]float64{
		"parley_requests_total caller=partner operation=operations/ticket status=200 vendor=acme": 2,
		"parley_requests_total caller=partner operation=unknown status=404 vendor=acme":           50,
		"parley_requests_total caller=vendor operation=events/changed status=200 vendor=acme":     2,
		"parley_request_duration_seconds caller=partner operation=operations/ticket vendor=acme":  2,
		"parley_findings_total code=body.type severity=error":                                     1,
		"parley_findings_total code=operation.path severity=error":                                50,
		"parley_deliveries state=delivered":                                                       2,
		"parley_deliveries state=queued":                                                          0,
		"parley_sandboxes":                                                                        2,
		"parley_journal_exchanges":                                                                float64(seen),
		"parley_test_lag_seconds":                                                                 0.5,
		"parley_test_moves_total":                                                                 3,
	} {
		if got, there := values[key]; !there || got != want {
			t.Errorf("%s is %v (there: %v), want %v", key, got, there, want)
		}
	}
	if values["parley_journal_bytes"] <= 0 || values["go_goroutines"] <= 0 {
		t.Errorf("the journals have %v bytes, and there are %v goroutines", values["parley_journal_bytes"], values["go_goroutines"])
	}
	problems, err := testutil.GatherAndLint(count.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("the linter says %v, %v", problems, err)
	}
}

// TestStrangeStatusesAreFew: what no contract bounds is one series.
func TestStrangeStatusesAreFew(t *testing.T) {
	x := newExchanges()
	for status := range 1000 {
		x.count(&traffic.Exchange{Caller: traffic.Vendor, Response: &traffic.Response{Status: status}})
	}
	x.count(&traffic.Exchange{Caller: traffic.Vendor})
	if n := testutil.CollectAndCount(x.requests); n != 502 { // 100 to 599, none, other
		t.Errorf("there are %d series", n)
	}
}

// TestASeriesBeyondTheBoundIsOther: the rest goes on counting.
func TestASeriesBeyondTheBoundIsOther(t *testing.T) {
	x := newExchanges()
	full := map[finding]prometheus.Counter{}
	for i := range maxSeries {
		full[finding{code: fmt.Sprint(i)}] = nil
	}
	x.found.all.Store(&full)
	x.count(&traffic.Exchange{Findings: []traffic.Finding{{Code: "new.a", Severity: traffic.Warn}, {Code: "new.b", Severity: traffic.Warn}}})
	if n := testutil.ToFloat64(x.findings.WithLabelValues("other", "warn")); n != 2 {
		t.Errorf("other counts %v", n)
	}
}

// TestCountingAllocatesNothing once a series is known.
func TestCountingAllocatesNothing(t *testing.T) {
	x, e := newExchanges(), counted()
	x.count(e)
	if n := testing.AllocsPerRun(100, func() { x.count(e) }); n > 0 {
		t.Errorf("an exchange costs %v allocations", n)
	}
}

func counted() *traffic.Exchange {
	return &traffic.Exchange{
		Caller: traffic.Partner, Vendor: "acme", Operation: "operations/ticket", Duration: time.Millisecond,
		Response: &traffic.Response{Status: http.StatusOK}, Findings: []traffic.Finding{{Code: "body.type", Severity: traffic.Error}},
	}
}

func BenchmarkCount(b *testing.B) {
	x, e := newExchanges(), counted()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			x.count(e)
		}
	})
}
