// Package metrics counts what a mock does, for Prometheus. It is the only room that knows
// its format.
package metrics

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// Metrics counts the exchanges of one mock. It is safe for concurrent use.
type Metrics struct {
	registry  *prometheus.Registry
	exchanges *exchanges
}

// New returns metrics of a mock that is not made yet, and puts them into its options:
// as what counts each exchange, after which Options.Recorded is called as before, and as
// what GET /_parley/metrics shows.
func New(o *mockserver.Options) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), exchanges: newExchanges()}
	m.registry.MustRegister(m.exchanges)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	recorded := o.Recorded
	o.Recorded = func(e *traffic.Exchange) {
		m.exchanges.count(e)
		if recorded != nil {
			recorded(e)
		}
	}
	o.Metrics = m.of
	return m
}

// of shows the metrics, with those of the mock's sandboxes.
func (m *Metrics) of(mock *mockserver.Server) http.Handler {
	m.registry.MustRegister(newSandboxes(mock))
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Gauge shows a figure of another part of the mock, such as how far a ledger is behind,
// which is asked each time. It panics where the name is no metric's, or is taken.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Counter is Gauge of a figure that only grows.
func (m *Metrics) Counter(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
}
