package main

import (
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/parleykit/parley/internal/visible/visibletest"
)

func quotedJSON(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// hostileBody is a body with hostile keys and values.
func hostileBody() string {
	return quotedJSON(map[string]any{"event": "ticketAnswered", "ticketId": "T" + visibletest.Hostile, "answer": 5, visibletest.Hostile + "!": visibletest.Hostile, "subject": visibletest.Hostile})
}

// answerHostile is what webhook and vendor answer.
func answerHostile(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json; x=\"\u202e\u009b\"")
	w.Header().Set("X-Hostile", "\u009b2J\u202eforged")
	w.WriteHeader(http.StatusTeapot)
	io.WriteString(w, quotedJSON(map[string]any{"error": visibletest.Hostile, visibletest.Hostile: []any{visibletest.Hostile}, "id": 5}))
}

// hostileContract is that of Acme Desk, whose every name and sentence is hostile.
func (h *hostile) hostileContract() string {
	h.Helper()
	inYAML := strconv.QuoteToASCII(visibletest.Hostile)
	inYAML = inYAML[1 : len(inYAML)-1]
	inJSON := quotedJSON(visibletest.Hostile)
	inJSON = inJSON[1 : len(inJSON)-1]
	plain := regexp.MustCompile(`(?m)^(\s*(?:- )?(?:name|title|summary|description|text|question|excluded|may-be-missing): )([A-Z][^"{}\n]*)$`)
	quoted := regexp.MustCompile(`((?:title|quote|text|excluded): ")([^"]*)"`)
	value := regexp.MustCompile(`("(?:title|description|subject|answer|name)": ")([^"]*)"`)
	from := filepath.Join("..", "..", "testdata", "contracts", "acme")
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text := string(data)
		switch filepath.Ext(path) {
		case ".yaml":
			text = strings.Replace(text, "backoff: 10s", "backoff: 1ms", 1)
			text = plain.ReplaceAllStringFunc(text, func(found string) string {
				name, value, _ := strings.Cut(found, ": ")
				if strings.HasSuffix(name, "name") && value != "Acme Desk" { // a header's
					return found
				}
				return name + `: "` + value + inYAML + `"`
			})
			text = quoted.ReplaceAllStringFunc(text, func(found string) string {
				if strings.Contains(found, "forged") {
					return found
				}
				return strings.TrimSuffix(found, `"`) + inYAML + `"`
			})
		case ".json":
			text = value.ReplaceAllStringFunc(text, func(found string) string { return strings.TrimSuffix(found, `"`) + inJSON + `"` })
			text = strings.Replace(text, `"properties": {`, `"properties": {"`+inJSON+`": {"type": "string", "x-evidence": "documented"},`, 1)
		}
		inside, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		h.file(filepath.Join("acme", inside), text)
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
	return h.path("acme")
}
