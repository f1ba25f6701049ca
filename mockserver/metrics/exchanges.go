package metrics

import (
	"cmp"
	"maps"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/parleykit/parley/traffic"
)

// unknown is the label of what no contract has: whatever path was called, it is one
// series.
const unknown = "unknown"

// maxSeries bounds the series of a kind, however many statuses and codes come; what
// comes later counts under the label "other".
const maxSeries = 20_000

// exchanges counts calls and attempts. Each of their series is looked up once, and found
// again without a lock, since the sandbox waits.
type exchanges struct {
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	findings  *prometheus.CounterVec

	known known[request, requestSeries]
	found known[finding, prometheus.Counter]
}

type request struct {
	caller            traffic.Caller
	vendor, operation string
	status            int
}

type requestSeries struct {
	total    prometheus.Counter
	duration prometheus.Observer
}

type finding struct {
	code     string
	severity traffic.Severity
}

func newExchanges() *exchanges {
	labels := []string{"caller", "vendor", "operation"}
	return &exchanges{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_requests_total", Help: "Calls of partners (caller=partner) and attempts of deliveries (caller=vendor), by the status of their answer; none: there was no answer.",
		}, append(labels, "status")),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parley_request_duration_seconds", Help: "How long calls and attempts took, by the sandbox's clock, which may stand.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, labels),
		findings: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_findings_total", Help: "What was wrong with calls, attempts and their answers.",
		}, []string{"code", "severity"}),
	}
}

// count is called with each exchange, in turn with what happens in its sandbox.
func (x *exchanges) count(e *traffic.Exchange) {
	s := x.known.of(request{e.Caller, e.Vendor, e.Operation, e.Status()}, x.newRequest)
	s.total.Inc()
	s.duration.Observe(e.Duration.Seconds())
	for i := range e.Findings {
		x.found.of(finding{e.Findings[i].Code, e.Findings[i].Severity}, x.newFinding).Inc()
	}
}

func (x *exchanges) newRequest(r request, full bool) requestSeries {
	vendor, operation := cmp.Or(r.vendor, unknown), cmp.Or(r.operation, unknown)
	status := strconv.Itoa(r.status)
	switch {
	case r.status == 0:
		status = "none"
	case full || r.status < 100 || r.status > 599:
		status = "other"
	}
	return requestSeries{
		x.requests.WithLabelValues(string(r.caller), vendor, operation, status),
		x.durations.WithLabelValues(string(r.caller), vendor, operation),
	}
}

func (x *exchanges) newFinding(f finding, full bool) prometheus.Counter {
	if full {
		f.code = "other"
	}
	return x.findings.WithLabelValues(f.code, string(f.severity))
}

// Describe and Collect are those of all three.
func (x *exchanges) Describe(to chan<- *prometheus.Desc) {
	x.requests.Describe(to)
	x.durations.Describe(to)
	x.findings.Describe(to)
}

// Collect implements prometheus.Collector.
func (x *exchanges) Collect(to chan<- prometheus.Metric) {
	x.requests.Collect(to)
	x.durations.Collect(to)
	x.findings.Collect(to)
}

// known remembers the series of keys. It is copied when one is added, which happens
// seldom, and read without a lock.
type known[K comparable, S any] struct {
	mu  sync.Mutex
	all atomic.Pointer[map[K]S]
}

func (k *known[K, S]) of(key K, made func(key K, full bool) S) S {
	if all := k.all.Load(); all != nil {
		if s, ok := (*all)[key]; ok {
			return s
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	next := map[K]S{}
	if all := k.all.Load(); all != nil {
		if s, ok := (*all)[key]; ok {
			return s
		}
		if len(*all) >= maxSeries {
			return made(key, true)
		}
		next = maps.Clone(*all)
	}
	next[key] = made(key, false)
	k.all.Store(&next)
	return next[key]
}
