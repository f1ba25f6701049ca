package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
)

// sandboxes asks all sandboxes of a mock when somebody asks for the metrics.
type sandboxes struct {
	mock                               *mockserver.Server
	number, bytes, exchanges, outboxes *prometheus.Desc
}

func newSandboxes(mock *mockserver.Server) *sandboxes {
	return &sandboxes{
		mock:      mock,
		number:    prometheus.NewDesc("parley_sandboxes", "Sandboxes that there are, the default one included.", nil, nil),
		bytes:     prometheus.NewDesc("parley_journal_bytes", "Bytes of exchanges that the journals of all sandboxes keep.", nil, nil),
		exchanges: prometheus.NewDesc("parley_journal_exchanges", "Exchanges that the journals of all sandboxes keep.", nil, nil),
		outboxes:  prometheus.NewDesc("parley_deliveries", "Deliveries that all sandboxes remember, by state.", []string{"state"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (s *sandboxes) Describe(to chan<- *prometheus.Desc) {
	for _, one := range []*prometheus.Desc{s.number, s.bytes, s.exchanges, s.outboxes} {
		to <- one
	}
}

// Collect implements prometheus.Collector.
func (s *sandboxes) Collect(to chan<- prometheus.Metric) {
	states := map[outbox.State]int{}
	var bytes, exchanges float64
	all := s.mock.Sandboxes()
	for _, b := range all {
		stats := b.Journal().Stats()
		bytes, exchanges = bytes+float64(stats.Bytes), exchanges+float64(stats.Kept)
		b.CountDeliveries(states)
	}
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	gauge(s.number, float64(len(all)))
	gauge(s.bytes, bytes)
	gauge(s.exchanges, exchanges)
	for _, state := range outbox.States() {
		gauge(s.outboxes, float64(states[state]), string(state))
	}
}
