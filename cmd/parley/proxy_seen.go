package main

import (
	"cmp"
	"crypto/x509"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator/proxy"
	"github.com/parleykit/parley/validator/summary"
)

// seen is what a proxy saw: a summary, and counts by operation.
type seen struct {
	format     string
	summary    *summary.Summary
	operations map[string]*tally
}

// tally counts the exchanges of one operation.
type tally struct{ exchanges, errors, warnings int }

func newSeen(contract *specs.Contract, f proxyFlags, failOn traffic.Severity, secrets []string) *seen {
	return &seen{
		format:     f.format.chosen,
		summary:    summary.New(contract, summary.Options{FailOn: failOn, Version: versionText(), Codes: proxy.Codes(), Secrets: secrets}),
		operations: map[string]*tally{},
	}
}

// add is called by the proxy, for one exchange after another.
func (s *seen) add(e *traffic.Exchange) {
	s.summary.Add(e, traffic.Position{})
	name := cmp.Or(e.Operation, "(no operation known)")
	count := s.operations[name]
	if count == nil {
		count = &tally{}
		s.operations[name] = count
	}
	count.exchanges++
	switch worst := e.Worst(); {
	case worst.AtLeast(traffic.Error):
		count.errors++
	case worst.AtLeast(traffic.Warn):
		count.warnings++
	}
}

// finish prints the summary and returns its outcome as an exit.
func (s *seen) finish(out io.Writer, stats proxy.Stats) error {
	if stats.NotJudged > 0 {
		s.summary.AddBroken(traffic.Position{}, "forwarded and not judged, because too many came at once: "+plural.Of(int(stats.NotJudged), "exchange"))
	}
	report := s.summary.Report()
	if err := s.write(out, report, stats); err != nil {
		return environment("the summary cannot be printed: %w", err)
	}
	return exitOfSummary(report)
}

func (s *seen) write(out io.Writer, report *summary.Report, stats proxy.Stats) error {
	if s.format == "text" {
		if err := s.writeOperations(out, stats); err != nil {
			return err
		}
	}
	return report.Write(out, s.format)
}

// writeOperations lists what was called, and how often it was wrong.
func (s *seen) writeOperations(out io.Writer, stats proxy.Stats) error {
	visible.Fprintf(out, "\n")
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	if len(s.operations) > 0 {
		visible.Fprintf(table, "exchanges\twith errors\twith warnings\t\n")
	}
	for _, name := range slices.Sorted(maps.Keys(s.operations)) {
		count := s.operations[name]
		visible.Fprintf(table, "%d\t%d\t%d\t  %s\n", count.exchanges, count.errors, count.warnings, name)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if stats.Turned > 0 {
		visible.Fprintf(out, "Refused as not meant for the target: %d\n", stats.Turned)
	}
	_, err := visible.Fprintf(out, "\n")
	return err
}

// roots are the authorities that may have signed the target's certificate.
func (f proxyFlags) roots() (*x509.CertPool, error) {
	if f.ca == "" {
		return nil, nil
	}
	data, err := readFile("--ca", f.ca)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, usage("--ca %s: no certificate in it; it must be PEM, which begins with -----BEGIN CERTIFICATE-----", f.ca)
	}
	return pool, nil
}
