package independent

import (
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/nodetest"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
)

// documentsOfOthers are documents that nobody here wrote, as npm installs them.
var documentsOfOthers = []struct {
	file   string
	stride int // each so many-th payload's samples are judged, and broken
}{ // of Directus's, ajv can't compile the two bodies with an example
	{"@blockfrost/openapi/openapi.yaml", 1},
	{"@octokit/openapi/generated/api.github.com.json", 40},
}

// loaded are the documents that a test has loaded: the others, which run beside it, wait
// for them and take them from here.
var (
	loading sync.Mutex
	loaded  = map[string]*specs.Contract{}
)

// loadOther loads a document and says what that took.
func loadOther(t *testing.T, file string) (*specs.Contract, string) {
	t.Helper()
	nodetest.Installed(t, ".", file)
	file = filepath.Join("node_modules", filepath.FromSlash(file))
	loading.Lock()
	defer loading.Unlock()
	if c := loaded[file]; c != nil {
		return c, file
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	c, err := openapi.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("%s: %d operations, %d events, %d payloads in %s and %d MiB; %d things are not judged",
		file, len(c.Operations), len(c.Events), len(c.Payloads), took.Round(time.Millisecond), (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>20, len(c.NotJudged))
	loaded[file] = c
	return c, file
}

// TestDocumentsOfOthers: bodies are judged as ajv judges them by the document itself, of
// which nothing was converted.
func TestDocumentsOfOthers(t *testing.T) {
	t.Parallel()
	for _, other := range documentsOfOthers {
		t.Run(strings.SplitN(other.file, "/", 3)[1], func(t *testing.T) {
			c, file := loadOther(t, other.file)
			agree(t, c, file, corpus(withFewSamples(c, other.stride)))
		})
	}
}

// withFewSamples leaves the samples of each so many-th body of an operation.
func withFewSamples(c *specs.Contract, stride int) *specs.Contract {
	few := *c
	few.Payloads = map[string]*specs.Payload{}
	n := 0
	for _, name := range c.PayloadNames() {
		p := *c.Payloads[name]
		if strings.HasPrefix(name, "events/") || len(p.Samples) == 0 || n%stride != 0 {
			p.Samples = nil
		}
		if len(c.Payloads[name].Samples) > 0 {
			n++
		}
		few.Payloads[name] = &p
	}
	return &few
}

// agree compares Parley with ajv by the document as it is.
func agree(t *testing.T, c *specs.Contract, file string, faults []fault) {
	t.Helper()
	var asked []map[string]any
	for _, f := range faults {
		asked = append(asked, map[string]any{"payload": f.payload, "body": f.body})
	}
	mine := ours(t, c, faults)
	judged, disagreements := 0, map[string]int{}
	for i, theirs := range nodetest.Through[verdict](t, asked, "others.mjs", asJSON(t, file)) {
		if theirs.Skip {
			continue
		}
		judged++
		if theirs.Valid != mine[i].Valid {
			if reason := meantOtherwise(mine[i].Why, theirs.Why); reason != "" {
				disagreements[reason]++
				continue
			}
			t.Errorf("%.300s\n  Parley: %t %.300s\n  ajv: %t %s", faults[i], mine[i].Valid, mine[i].Why, theirs.Valid, theirs.Why)
		}
	}
	if judged < len(faults)/2 || judged == 0 {
		t.Errorf("ajv judged only %d of %d bodies", judged, len(faults))
	}
	t.Logf("%d of %d bodies were judged by ajv too; known disagreements: %v", judged, len(faults), disagreements)
}

// meantOtherwise says why the two judge a body otherwise, each for its reasons, or "".
func meantOtherwise(ours, why string) string {
	switch {
	case why == "" && (strings.Contains(ours, "9.223372036854775807e+18") || strings.Contains(ours, "-9.223372036854775808e+18")):
		return "format: int64 bounds a number (OpenAPI 3.0.3, 4.4), which ajv does not know"
	case strings.Contains(why, `must match format "uri-template"`):
		return "a format that Parley does not know describes only"
	case strings.HasPrefix(why, "enum at ") && !strings.Contains(why, ";"):
		return "nullable: true with an enum that does not list null: authors mean null, as their own examples show"
	}
	return ""
}
