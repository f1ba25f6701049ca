// Command soak runs the built parley against inputs that it makes up, for a time: bad
// requests at a mock and through proxies, captures, contracts and files at the
// readers, and mocks that are killed. It knows nothing of what is right but some
// sentences: nothing panics or hangs, no status is undocumented without a finding,
// memory has a bound, and what was answered half a second before a kill is recorded.
package main

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/parleykit/parley/specs"
)

func main() {
	binary := flag.String("parley", "bin/parley", "the built `binary`")
	length := flag.Duration("time", 10*time.Minute, "how long to run; the round that has begun is finished")
	seed := flag.Uint64("seed", uint64(rand.Uint32()), "decides the inputs of the first round; the next has the next seed")
	only := flag.String("only", "", "run one part: mock, proxy, kills or readers")
	flag.Parse()
	s, err := newSoak(*binary, *seed, full)
	if err == nil {
		defer s.clean()
		err = s.run(time.Now().Add(*length), *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// size is how much one round tries.
type size struct{ calls, forwarded, kills, files int }

var full = size{calls: 1500, forwarded: 600, kills: 4, files: 24}

// soak is one run.
type soak struct {
	binary    string
	seed      uint64
	size      size
	folder    string // of what is written; removed at the end
	contracts []*specs.Contract
	found     []string
	kinds     map[string]bool // of what was found
	counts    map[string]int
	peaks     map[string]float64 // MiB, by process
}

func newSoak(binary string, seed uint64, size size) (*soak, error) {
	s := &soak{binary: binary, seed: seed, size: size, counts: map[string]int{}, kinds: map[string]bool{}, peaks: map[string]float64{}}
	for _, id := range specs.IDs() {
		c, err := specs.Embedded(id)
		if err != nil {
			return nil, err
		}
		s.contracts = append(s.contracts, c)
	}
	var err error
	s.folder, err = os.MkdirTemp("", "parley-soak-")
	return s, err
}

func (s *soak) clean() { os.RemoveAll(s.folder) }

// part is one kind of trial. It lives as long as the run; round tries once more.
type part struct {
	name  string
	round func(seed uint64) error
	end   func() error
}

// run goes through rounds until the time is over. The error says how many things
// were found.
func (s *soak) run(until time.Time, only string) error {
	var parts []part
	for _, make := range []func() (part, error){s.mock, s.proxies, s.kills, s.readers} {
		p, err := make()
		if err != nil {
			return err
		}
		defer p.end()
		if only == "" || only == p.name {
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 {
		return fmt.Errorf("-only %s: there are mock, proxy, kills and readers", only)
	}
	began, rounds := time.Now(), 0
	for ; rounds == 0 || time.Now().Before(until); rounds++ {
		seed := s.seed + uint64(rounds)
		fmt.Printf("round %d, SEED=%d, after %s\n", rounds+1, seed, time.Since(began).Round(time.Second))
		for _, p := range parts {
			before := len(s.found)
			if err := p.round(seed); err != nil {
				s.find("%s: %v", p.name, err)
			}
			s.tell(p, seed, before)
		}
		if len(s.found) > 50 {
			break
		}
	}
	for _, p := range parts {
		before := len(s.found)
		if err := p.end(); err != nil {
			s.find("%s at its end: %v", p.name, err)
		}
		s.tell(p, s.seed, before)
	}
	return s.report(rounds, time.Since(began))
}

// tell prints what was found since a number of things was.
func (s *soak) tell(p part, seed uint64, before int) {
	for _, text := range s.found[before:] {
		fmt.Printf("  FOUND by %s, SEED=%d: %s\n", p.name, seed, text)
	}
}

// find notes what is wrong, once for all that begins alike.
func (s *soak) find(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	kind, _, _ := strings.Cut(text, ": ")
	if s.kinds[kind] {
		return
	}
	s.kinds[kind] = true
	s.found = append(s.found, fmt.Sprintf("%.3000s", text))
}

func (s *soak) report(rounds int, took time.Duration) error {
	fmt.Printf("\n%d rounds in %s\n", rounds, took.Round(time.Second))
	for _, name := range sortedKeys(s.counts) {
		fmt.Printf("  %9d  %s\n", s.counts[name], name)
	}
	for _, name := range sortedKeys(s.peaks) {
		fmt.Printf("  %9.1f  MiB at most: %s\n", s.peaks[name], name)
	}
	if len(s.found) == 0 {
		fmt.Println("  nothing was found")
		return nil
	}
	return fmt.Errorf("found %d, as said above; SEED=N make soak begins with the round of that seed", len(s.found))
}

func (s *soak) peak(name string, mib float64) { s.peaks[name] = max(s.peaks[name], mib) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
