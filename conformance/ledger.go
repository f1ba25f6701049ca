package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
)

// ledgerFile is what happened in the mock, in the folder of a report.
const ledgerFile = "ledger.ndjson"

// Ledger is what happened in the sandbox of a run, step by step, without secrets: a mock
// goes on from the end of a check with it.
type Ledger struct {
	*mockserver.Excerpt
	Ends []CheckEnd // of those that were begun, in order
	Lost string     // why there is no excerpt; "": there is one
}

// CheckEnd says after which step a check was decided: what it had set up, such as faults,
// was in force then.
type CheckEnd struct {
	Check string `json:"check"`   // ID
	Step  uint64 `json:"through"` // sequence
}

// ended notes that a check was decided.
func (r *Run) ended(check string) {
	if !r.o.Ledger {
		return
	}
	if step, err := r.o.Sandbox.LastStep(); err == nil { // else Excerpt fails, too
		r.decided = append(r.decided, CheckEnd{check, step})
	}
}

// ledger is what happened until now; nil where nobody wants it.
func (r *Run) ledger() *Ledger {
	if !r.o.Ledger {
		return nil
	}
	excerpt, err := r.o.Sandbox.Excerpt(context.Background())
	l := &Ledger{Excerpt: excerpt, Ends: r.decided}
	if err != nil {
		l.Lost = r.redact.Text(err.Error())
	}
	return l
}

// ledgerLine is a line of the file: the state at the beginning, a step, the end of a
// check, or why there is nothing.
type ledgerLine struct {
	*mockserver.Excerpt
	*mockserver.ExcerptStep
	*CheckEnd
	Lost string `json:"lost,omitempty"`
}

// WriteLedger writes the ledger, one JSON object in each line, or why there is none.
func (r *Report) WriteLedger(w io.Writer) error {
	l := r.Ledger
	if l == nil {
		l = &Ledger{Lost: "nobody asked for it before the run"}
	}
	if l.Lost != "" {
		return writeLine(w, ledgerLine{Lost: l.Lost})
	}
	lines := []ledgerLine{{Excerpt: l.Excerpt}}
	for i := range l.Steps {
		lines = append(lines, ledgerLine{ExcerptStep: &l.Steps[i]})
	}
	for i := range l.Ends {
		lines = append(lines, ledgerLine{CheckEnd: &l.Ends[i]})
	}
	for _, line := range lines {
		if err := writeLine(w, line); err != nil {
			return err
		}
	}
	return nil
}

func writeLine(w io.Writer, line ledgerLine) error {
	text, err := plainjson.Marshal(line)
	if err == nil {
		_, err = io.WriteString(w, visible.Text(string(text))+"\n")
	}
	return err
}

// ErrNoLedger says that a report has no ledger.
var ErrNoLedger = errors.New("it has no ledger")

// ReadLedger reads ledger.ndjson from a folder that WriteFiles has written. The error wraps
// ErrNoLedger, or names the file.
func ReadLedger(dir string) (*Ledger, error) {
	name := filepath.Join(dir, ledgerFile)
	data, err := files.Read(name, maxReport)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: there is no %s", ErrNoLedger, name)
	}
	if err != nil {
		return nil, err
	}
	l := &Ledger{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	for n := 1; ; n++ {
		var line ledgerLine
		switch err := decoder.Decode(&line); {
		case errors.Is(err, io.EOF) && (l.Excerpt != nil || l.Lost != ""):
			return l, nil
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("%w: %s is empty", ErrNoLedger, name)
		case err != nil:
			return nil, fmt.Errorf("%s: line %d: %w", name, n, err)
		}
		if err := l.add(line); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, n, err)
		}
	}
}

func (l *Ledger) add(line ledgerLine) error {
	switch {
	case line.Lost != "":
		l.Lost = line.Lost
	case line.Excerpt != nil && l.Excerpt == nil:
		l.Excerpt = line.Excerpt
	case line.ExcerptStep != nil && l.Excerpt != nil:
		l.Steps = append(l.Steps, *line.ExcerptStep)
	case line.CheckEnd != nil:
		l.Ends = append(l.Ends, *line.CheckEnd)
	default:
		return errors.New("it is no line of a ledger; write the report again with parley conform --report")
	}
	return nil
}

// End is the step after which a check was decided; false: it was not begun, or what
// happened in it is not held.
func (l *Ledger) End(check string) (step uint64, ok bool) {
	for _, end := range l.Ends {
		if end.Check == check && l.Excerpt != nil && end.Step >= l.After {
			return end.Step, true
		}
	}
	return 0, false
}
