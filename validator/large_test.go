package validator

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parleykit/parley/specs"
)

// largeFolder is a contract as large as that of a bot platform: 119 operations, 184
// schemas that refer to each other, about 1 MB.
func largeFolder() (folder fstest.MapFS, size int) {
	const operations, schemas = 119, 184
	folder = fstest.MapFS{}
	add := func(name, text string) {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
		size += len(text)
	}
	var document strings.Builder
	document.WriteString("openapi: 3.0.3\ninfo: {title: Large, version: \"1\"}\nx-parley: {id: large, name: Large}\npaths:\n")
	for i := range operations {
		fmt.Fprintf(&document, "  /bot/{token}/method%d:\n    parameters: [{name: token, in: path, required: true, schema: {type: string, maxLength: 80}}]\n"+
			"    post:\n      operationId: method%d\n      description: %q\n"+
			"      requestBody: {required: true, content: {application/json: {schema: {$ref: ./schemas/s%d.schema.json}}}}\n"+
			"      responses: {\"200\": {description: Done, content: {application/json: {schema: {$ref: ./schemas/s%d.schema.json}}}}}\n",
			i, i, strings.Repeat("What the method does. ", 20), i, (i+50)%schemas)
	}
	add("openapi.yaml", document.String())
	for i := range schemas {
		var members []string
		for j := range 24 {
			schema := fmt.Sprintf(`{"type": "string", "description": %q, "maxLength": %d}`, strings.Repeat("What stands here. ", 7), 64+j)
			if j%4 == 0 {
				schema = fmt.Sprintf(`{"oneOf": [{"$ref": "s%d.schema.json"}, {"type": "array", "items": {"$ref": "s%d.schema.json"}}]}`, (i*7+j)%schemas, (i*11+j)%schemas)
			}
			members = append(members, fmt.Sprintf("\"member%d\": %s", j, schema))
		}
		add(fmt.Sprintf("schemas/s%d.schema.json", i), "{"+draft7+`, "type": "object", "required": ["member1"], "properties": {`+strings.Join(members, ",\n")+"}}")
	}
	return folder, size
}

// loadLarge loads, validates and compiles.
func loadLarge(tb testing.TB, folder fstest.MapFS) *Validator {
	c, err := specs.Load(folder, "large")
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		tb.Fatal(err)
	}
	v, err := New(c)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// What loading 119 operations and 184 schemas costs: "MB-taken" is all that was
// allocated, "MB-kept" what the contract and its compiled schemas hold.
func BenchmarkLoadLarge(b *testing.B) {
	folder, size := largeFolder()
	b.SetBytes(int64(size))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var v *Validator
	for b.Loop() {
		v = loadLarge(b, folder)
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/1e6, "MB-taken/op")
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-kept")
	runtime.KeepAlive(v)
}

// What the first refused body of a large contract costs, whose choices are then explained.
func BenchmarkRefuseLarge(b *testing.B) {
	folder, _ := largeFolder()
	body := []byte(`{"member1":"x","member4":{"member1":2},"member8":[{"member1":3},{"member0":{"member2":4}}]}`)
	var before, after runtime.MemStats
	for b.Loop() {
		b.StopTimer()
		v := loadLarge(b, folder)
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		v.Payload("s7", Decode(body))
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.StartTimer()
		runtime.KeepAlive(v)
	}
	b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/1e6, "MB-kept")
}

func TestALargeContractJudges(t *testing.T) {
	folder, _ := largeFolder()
	v := loadLarge(t, folder)
	if got := brief(v.Payload("s7", Decode([]byte(`{"member1":"x","member4":{"member1":2}}`)))); got != "error body.one-of /member4\nerror body.type /member4/member1" {
		t.Error(got)
	}
}
