package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/traffic"
)

// mayBeLost is how much of its end a killed mock's recording may lose.
const mayBeLost = 500 * time.Millisecond

// kills starts mocks, calls them, kills them, and reads what they left. Each goes on
// with the files of the one before.
func (s *soak) kills() (part, error) {
	data := filepath.Join(s.folder, "killed.data")
	number := 0
	round := func(seed uint64) error {
		d := newDice(seed, 50, s.contracts[0])
		for range s.size.kills {
			number++
			record := filepath.Join(s.folder, fmt.Sprintf("killed-%d.ndjson", seed))
			if err := s.killOne(d, fmt.Sprint("kill-", number), record, data); err != nil {
				return err
			}
			s.counts["kills survived"]++
		}
		return nil
	}
	return part{"kills", round, func() error { return nil }}, nil
}

// answered is when a caller had the answer of each exchange, by ID.
type answered struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (s *soak) killOne(d *dice, sandbox, record, data string) error {
	p, err := s.start("killed parley serve", "serve", "--quiet", "--addr", "ADDR", "--record", record, "--data", data)
	if err != nil {
		return err
	}
	a := &answered{at: map[string]time.Time{}}
	var group sync.WaitGroup
	stop := make(chan struct{})
	for side := range 4 {
		mine := newDice(d.Uint64(), uint64(side), s.contracts...)
		into := sandbox
		if side == 3 {
			into = "" // so that the state changes too
		}
		group.Go(func() { a.load(p, mine, into, stop) })
	}
	time.Sleep(time.Duration(100+d.IntN(900)) * time.Millisecond) // what is tried is any moment
	died := time.Now()
	p.kill()
	close(stop)
	group.Wait()
	if panicked.MatchString(p.said.String()) {
		return errors.New(p.said.String())
	}
	kept, err := s.recorded(record, sandbox)
	if err != nil {
		return err
	}
	for id, at := range a.at {
		if age := died.Sub(at); !kept[id] && age > mayBeLost {
			return fmt.Errorf("%s was answered %s before the kill, and is not recorded", id, age)
		}
	}
	s.counts["answered exchanges before kills"] += len(a.at)
	return nil
}

// load calls until the mock is killed. What it notes has the sandbox in its name,
// because default and named ones number alike.
func (a *answered) load(p *process, d *dice, sandbox string, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		response := sendOne(p, d.call(), sandbox)
		if response == nil || sandbox == "" || strings.Contains(response.Request.URL.Opaque, "/~") {
			continue
		}
		if id := response.Header.Get("Parley-Exchange"); id != "" {
			a.mu.Lock()
			a.at[id] = time.Now()
			a.mu.Unlock()
		}
	}
}

// recorded are the IDs of a sandbox in a recording and the one before it. A broken
// line may stand only where a mock was killed.
func (s *soak) recorded(record, sandbox string) (map[string]bool, error) {
	kept, broken := map[string]bool{}, 0
	for _, name := range []string{record + files.Previous, record} {
		file, err := os.Open(name)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer file.Close()
		for reader := traffic.NewReader(file, 0); ; {
			e, err := reader.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			var line *traffic.LineError
			switch {
			case errors.As(err, &line):
				broken++
			case err != nil:
				return nil, err
			case e.Sandbox == sandbox:
				kept[e.ID] = true
			}
		}
	}
	if broken > s.size.kills {
		return nil, fmt.Errorf("%d broken lines after %d kills", broken, s.size.kills)
	}
	return kept, nil
}
