// Package console is the page that a person keeps open beside the editor: it shows
// what crosses the wire in both directions, and acts on a mock. It is plain files that
// use the published control API, embedded in the binary.
package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// Path is where the page is, below the address of a mock or of one of its sandboxes.
const Path = "/_parley/ui/"

// policy lets the page load and run what is its own, and talk to its own server. No
// other page may show it in a frame.
const policy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"

//go:embed static
var embedded embed.FS

// file is one of the page's, as it is sent.
type file struct {
	text   []byte
	zipped []byte // text in gzip
	kind   string // content type
	tag    string // ETag
}

// files are read when somebody first opens the page: most commands have none.
var files = sync.OnceValue(readAll)

func readAll() map[string]file {
	all := map[string]file{}
	root, err := fs.Sub(embedded, "static")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		sum := sha256.Sum256(text)
		all[name] = file{text, zipped(text), contentType(name), `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
		return err
	})
	if err != nil {
		panic(err)
	}
	return all
}

func zipped(text []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // a level that there is
	w.Write(text)                                           // a buffer takes all
	w.Close()
	return out.Bytes()
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8" // whatever the machine's tables say
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "text/plain; charset=utf-8"
}

// Beside serves the page below Path, and hands every other request on. The page itself
// is no secret, so that it needs no control token: it asks for that in its own words.
func Beside(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutPrefix(r.URL.Path, Path)
		switch {
		case ok:
			serve(w, r, name)
		case r.URL.Path+"/" == Path && isRead(r):
			// A sandbox's prefix is cut off by now: the browser, which sees it, finds the way.
			w.Header().Set("Location", "ui/")
			w.WriteHeader(http.StatusSeeOther)
		default:
			api.ServeHTTP(w, r)
		}
	})
}

func serve(w http.ResponseWriter, r *http.Request, name string) {
	if name == "" {
		name = "index.html"
	}
	f, ok := files()[name]
	switch {
	case !ok:
		http.Error(w, "the console has no file "+name, http.StatusNotFound)
		return
	case !isRead(r):
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the console is read with GET", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache") // asked for again with the ETag, so that a new binary has its new page
	h.Set("ETag", f.tag)
	if r.Header.Get("If-None-Match") == f.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Vary", "Accept-Encoding")
	text := f.text
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") { // nobody who opens a page refuses what he names
		h.Set("Content-Encoding", "gzip")
		text = f.zipped
	}
	w.Write(text) // a browser that has gone is no matter of ours; for HEAD net/http sends none of it
}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// Lead brings a browser that opens the root of a mock, or of a sandbox (/~name/), to
// the page. It is for servers of which no contract has an operation there.
func Lead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isRead(r) && isRoot(r.URL.Path) && strings.Contains(r.Header.Get("Accept"), "text/html") {
			w.Header().Set("Vary", "Accept")
			http.Redirect(w, r, strings.TrimSuffix(r.URL.Path, "/")+Path, http.StatusSeeOther)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isRoot reports "/", "/~name" and "/~name/".
func isRoot(p string) bool {
	return p == "/" || strings.HasPrefix(p, "/~") && !strings.Contains(strings.TrimSuffix(p[2:], "/"), "/")
}
