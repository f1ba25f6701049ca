package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parleykit/parley/internal/leak"
)

// written is all that was written in a test, wherever it went.
type written struct {
	t     *testing.T
	forms []leak.Form
	places
}

type places []struct {
	name string
	data []byte
}

func (w *written) add(name string, data []byte) {
	w.places = append(w.places, struct {
		name string
		data []byte
	}{name, data})
}

// folder adds all files below a folder.
func (w *written) folder(dir string) {
	w.t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		w.add(filepath.Base(path), data)
		if info, failed := entry.Info(); failed == nil && info.Mode().Perm() != 0o600 {
			w.t.Errorf("%s has mode %o", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}

// check looks for every secret in all that was written.
func (w *written) check() {
	w.t.Helper()
	size, shown, finder := 0, 0, leak.NewFinder(w.forms)
	for _, place := range w.places {
		size += len(place.data)
		for line := range bytes.Lines(place.data) {
			for _, f := range finder.Find(line) {
				if shown++; shown <= 20 {
					w.t.Errorf("%s shows the secret of %q (%s): %.600q", place.name, f.Name, f.Secret, line)
				}
			}
		}
	}
	if size == 0 {
		w.t.Error("nothing was written")
	}
	w.t.Logf("%d secrets, %d bytes in %d places", len(w.forms), size, len(w.places))
}

// do sends a form to a URL.
func do(t *testing.T, base, path string, f leak.Form) {
	t.Helper()
	to := base + path
	switch {
	case strings.HasPrefix(f.Query, "/"):
		to += f.Query
	case f.Query != "":
		to += "?" + f.Query
	}
	r, err := http.NewRequest(http.MethodPost, to, bytes.NewReader(f.Body))
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	for name, value := range f.Header {
		r.Header.Set(name, strings.Map(visibleASCII, value))
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
}

func visibleASCII(c rune) rune {
	if c < ' ' {
		return -1
	}
	return c
}

// formsFrom answers each call with the next form.
func formsFrom(t *testing.T, forms []leak.Form) *httptest.Server {
	var next atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		f := forms[int(next.Add(1)-1)%len(forms)]
		for name, value := range f.Header {
			w.Header().Set(name, strings.Map(visibleASCII, value))
		}
		if f.Query != "" {
			w.Header().Set("Location", "/x?"+f.Query)
		}
		w.Write(f.Body)
	}))
	t.Cleanup(server.Close)
	return server
}
