package conformance

import (
	_ "embed"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/parleykit/parley/internal/private"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

// ReportSchema is the JSON Schema (draft-07) of report.json.
//
//go:embed report.schema.json
var ReportSchema []byte

// WriteJSON writes report.json, as ReportSchema describes it.
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(visible.NewWriter(w))
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// WriteExchanges writes all exchanges of the run, one JSON object in each line.
func (r *Report) WriteExchanges(w io.Writer) error {
	for _, e := range r.Exchanges {
		if err := traffic.Write(w, e); err != nil {
			return err
		}
	}
	return nil
}

// WriteFiles writes report.json, report.html, junit.xml and exchanges.ndjson into a folder,
// which is made when it does not exist, and returns their paths. Only their owner may
// read them.
func (r *Report) WriteFiles(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var paths []string
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.json", r.WriteJSON}, {"report.html", r.WriteHTML}, {"junit.xml", r.WriteJUnit}, {"exchanges.ndjson", r.WriteExchanges},
	} {
		path := filepath.Join(dir, f.name)
		if err := writeFile(path, f.write); err != nil {
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

func writeFile(path string, write func(io.Writer) error) error {
	file, err := private.Create(path)
	if err != nil {
		return err
	}
	err = write(file)
	if closing := file.Close(); err == nil {
		err = closing
	}
	return err
}
