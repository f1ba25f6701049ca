package conformance

import (
	_ "embed"
	"io"
	"os"
	"path/filepath"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/traffic"
)

// WriteJSON writes report.json, as report.schema.json beside this file describes it.
func (r *Report) WriteJSON(w io.Writer) error {
	return plainjson.Write(w, r)
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

const exchangesFile = "exchanges.ndjson"

var reportFiles = []struct {
	name  string
	write func(*Report, io.Writer) error
}{
	{"report.json", (*Report).WriteJSON}, {"report.html", (*Report).WriteHTML}, {"junit.xml", (*Report).WriteJUnit}, {exchangesFile, (*Report).WriteExchanges},
	{"summary.md", (*Report).WriteMarkdown}, {"parley.sarif", (*Report).WriteSARIF}, {ledgerFile, (*Report).WriteLedger},
}

// ReportFiles are the names of what WriteFiles writes.
func ReportFiles() []string {
	var names []string
	for _, f := range reportFiles {
		names = append(names, f.name)
	}
	return names
}

// WriteFiles writes ReportFiles into a folder, which is made when it does not exist, and
// returns their paths. Only their owner may read them, and a folder that is made; what is
// there and no regular file is refused.
func (r *Report) WriteFiles(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var paths []string
	for _, f := range reportFiles {
		path := filepath.Join(dir, f.name)
		if err := files.Write(path, func(w io.Writer) error { return f.write(r, w) }); err != nil {
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}
