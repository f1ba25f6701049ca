package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/traffic"
)

// maxReport is the most that a file of a report may have, in bytes.
const maxReport = 256 << 20

// ReadFiles reads report.json and exchanges.ndjson from a folder that WriteFiles has
// written. Errors name the file.
func ReadFiles(dir string) (*Report, error) {
	name := filepath.Join(dir, "report.json")
	data, err := files.Read(name, maxReport)
	if err != nil {
		return nil, fmt.Errorf("%w; give the folder that --report was given", err)
	}
	var r Report
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return nil, fmt.Errorf("%s: %w; a report of another version of Parley is opened with that version", name, err)
	}
	if r.Tool != "parley" || r.Contract.ID == "" {
		return nil, fmt.Errorf("%s is no report of parley conform or play", name)
	}
	name = filepath.Join(dir, "exchanges.ndjson")
	data, err = files.Read(name, maxReport)
	if err != nil {
		return nil, err
	}
	lines := traffic.NewReader(bytes.NewReader(data), maxReport)
	for {
		e, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return &r, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r.Exchanges = append(r.Exchanges, e)
	}
}
