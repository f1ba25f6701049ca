package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

// bodies prints what a valid body costs from its bytes to the verdict, beside what
// encoding/json takes to make its tree.
func bodies() error {
	for _, c := range []struct {
		title, vendor, payload string
		body                   func() []byte
	}{
		{workloads[0].title, workloads[0].vendor, workloads[0].payload, workloads[0].body},
		{workloads[1].title, workloads[1].vendor, workloads[1].payload, workloads[1].body},
		{"one ticket", outgoing.vendor, "answers/ticket", sampleTicket},
	} {
		contract, err := specs.Embedded(c.vendor)
		if err != nil {
			return err
		}
		judge, err := validator.New(contract)
		if err != nil {
			return err
		}
		body := c.body()
		if findings := judge.Payload(c.payload, validator.Decode(body)); len(findings) > 0 {
			return fmt.Errorf("%s has findings: %v", c.title, findings)
		}
		floor := testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
				var tree any
				decoder := json.NewDecoder(bytes.NewReader(body))
				decoder.UseNumber()
				if err := decoder.Decode(&tree); err != nil {
					b.Fatal(err)
				}
			}
		})
		ours := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				judge.Payload(c.payload, validator.Decode(body))
			}
		})
		fmt.Printf("  %7d ns  %4d allocations   %s, %d bytes; encoding/json takes %d ns for the tree alone: ratio %.2f\n",
			ours.NsPerOp(), ours.AllocsPerOp(), c.title, len(body), floor.NsPerOp(), float64(ours.NsPerOp())/float64(floor.NsPerOp()))
	}
	return nil
}
