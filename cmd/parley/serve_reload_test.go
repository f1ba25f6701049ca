package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// served is a mock that runs in this process.
type served struct {
	t              *testing.T
	url            string
	stdout, stderr safeBuffer
}

func serving(t *testing.T, args ...string) *served {
	s := &served{t: t}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), nil, &s.stdout, &s.stderr)
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitOK {
			t.Errorf("serve ended with %d: %s", code, s.stderr.String())
		}
	})
	address := regexp.MustCompile(`on (http://[0-9.:]+)`)
	if !comesTrue(func() bool { return strings.Contains(s.stdout.String(), "control ") || len(ended) > 0 }) || len(ended) > 0 {
		t.Fatalf("serve does not start: %s", s.stderr.String())
	}
	s.url = address.FindStringSubmatch(s.stdout.String())[1]
	return s
}

func (s *served) answer(method, path string) string {
	request, err := http.NewRequest(method, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	status, body := answered(s.t, request)
	return fmt.Sprint(status, " ", body)
}

// until waits for a condition.
func (s *served) until(what string, is func() bool) {
	s.t.Helper()
	if !comesTrue(is) {
		s.t.Fatalf("%s: not so within 20 s; it printed %s\nand said %s", what, s.stdout.String(), s.stderr.String())
	}
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// moved writes a file as careful editors do: under another name first.
func moved(t *testing.T, file, text string) {
	t.Helper()
	put(t, file+"~", text)
	if err := os.Rename(file+"~", file); err != nil {
		t.Fatal(err)
	}
}

const reloadedFolder = `openapi: 3.1.0
info: {title: Shop, version: "1"}
x-parley: {id: shop, name: Shop}
paths:
  /version:
    get: {operationId: version, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: ./schemas/version.schema.json}}}}}}
`

const reloadedSchema = `{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}`

func TestAFolderIsWatched(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "shop")
	put(t, filepath.Join(folder, "openapi.yaml"), reloadedFolder)
	put(t, filepath.Join(folder, "schemas/version.schema.json"), reloadedSchema)
	put(t, filepath.Join(folder, "samples/version/one.json"), `{"v": 1}`)
	s := serving(t, "shop", "expertflow", "--contract", folder)
	if got := s.answer("GET", "/version"); got != `200 {"v": 1}` {
		t.Fatalf("answered %s", got)
	}
	put(t, filepath.Join(folder, "samples/version/one.json"), `{"v": 2}`)
	s.until("a changed sample is answered", func() bool { return s.answer("GET", "/version") == `200 {"v": 2}` })
	s.until("it is said", func() bool { return strings.Contains(s.stdout.String(), "shop: "+folder+" has changed and is played") })

	put(t, filepath.Join(folder, "openapi.yaml"), strings.Replace(reloadedFolder, "operationId: version, ", "", 1))
	s.until("a broken document is refused", func() bool {
		return strings.Contains(s.stderr.String(), folder+"/openapi.yaml") && strings.Contains(s.stderr.String(), "the mock goes on with the contract as it was")
	})
	if got := s.answer("GET", "/version"); got != `200 {"v": 2}` {
		t.Errorf("answered %s", got)
	}
	put(t, filepath.Join(folder, "samples/version/one.json"), "{\n\"v\": }")
	s.until("so is a broken sample, with its line", func() bool {
		return strings.Contains(s.stderr.String(), "samples/version/one.json:2: not valid JSON") || strings.Count(s.stderr.String(), "goes on") > 1
	})
	put(t, filepath.Join(folder, "samples/version/one.json"), `{"v": 3}`)
	moved(t, filepath.Join(folder, "openapi.yaml"), reloadedFolder+"  /more: {get: {operationId: more, responses: {\"204\": {description: ok}}}}\n")
	s.until("what is mended is played", func() bool {
		return s.answer("GET", "/more") == "204 " && s.answer("GET", "/version") == `200 {"v": 3}`
	})
	if got := s.answer("GET", "/_parley/health"); !strings.HasPrefix(got, "200") {
		t.Errorf("health is %s", got)
	}

	// A folder that comes later is watched, too.
	put(t, filepath.Join(folder, "schemas/deep/in/part.schema.json"), reloadedSchema)
	put(t, filepath.Join(folder, "samples/deep/in/part/one.json"), `{"p": 1}`)
	put(t, filepath.Join(folder, "openapi.yaml"), reloadedFolder+"  /part: {get: {operationId: part, responses: {\"200\": {description: ok, content: {application/json: {schema: {$ref: ./schemas/deep/in/part.schema.json}}}}}}}\n")
	s.until("a new part is answered", func() bool { return s.answer("GET", "/part") == `200 {"p": 1}` })
	s.until("what a new folder has is watched", func() bool {
		put(t, filepath.Join(folder, "samples/deep/in/part/one.json"), `{"p": 2}`)
		return s.answer("GET", "/part") == `200 {"p": 2}`
	})
}

func TestADocumentIsWatched(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	document := filepath.Join(folder, "pets.yaml")
	pets := func(version string) string {
		return "openapi: 3.0.3\ninfo: {title: Pets, version: \"1\"}\npaths:\n  /pets:\n    get:\n      responses:\n        \"200\":\n          description: ok\n" +
			"          content: {application/json: {schema: {$ref: \"parts/pet.yaml\"}, example: {pet: " + version + "}}}\n"
	}
	put(t, document, pets("1"))
	put(t, filepath.Join(folder, "parts/pet.yaml"), "type: object\nproperties: {pet: {type: integer}}\n")
	s := serving(t, document)
	s.until("it is answered", func() bool { return strings.Contains(s.answer("GET", "/pets"), `"pet": 1`) })
	moved(t, document, pets("2"))
	s.until("a change is answered", func() bool { return strings.Contains(s.answer("GET", "/pets"), `"pet": 2`) })
	put(t, filepath.Join(folder, "parts/pet.yaml"), "type: object\nproperties: {pet: {type: string}}\n")
	s.until("what it refers to is watched", func() bool { return strings.Contains(s.stdout.String(), "breaks its schema") })
	before := s.stdout.String()
	put(t, filepath.Join(folder, "notes.yaml"), "nothing: of it")
	put(t, document, "openapi: 3.0.3\ninfo: {title: Pets\n")
	s.until("a broken one is refused with its line", func() bool { return regexp.MustCompile(`pets\.yaml:\d+: `).MatchString(s.stderr.String()) })
	if got := s.answer("GET", "/pets"); !strings.Contains(got, `"pet": 2`) {
		t.Errorf("answered %s", got)
	}
	if strings.Count(s.stdout.String(), "has changed") != strings.Count(before, "has changed") {
		t.Errorf("a file that is none of the document's was loaded: %s", s.stdout.String())
	}
}

// TestShippedContractsAreNotWatched: there are no files of theirs.
func TestShippedContractsAreNotWatched(t *testing.T) {
	t.Parallel()
	var f contractFlags
	if list := f.ownFiles([]string{"expertflow"}); len(list) != 0 {
		t.Errorf("watched are %v", list)
	}
}
