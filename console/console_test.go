package console_test

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/console"
)

// api stands for the control API that the page stands beside.
var api = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "the API") })

func get(t *testing.T, h http.Handler, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestThePageIsServedBesideTheAPI(t *testing.T) {
	page := console.Beside(api)
	for _, c := range []struct {
		method, path string
		status       int
		kind, text   string
	}{
		{"GET", "/_parley/ui/", 200, "text/html; charset=utf-8", `<div id="page">`},
		{"GET", "/_parley/ui/index.html", 200, "text/html; charset=utf-8", `<div id="page">`},
		{"GET", "/_parley/ui/app.js", 200, "text/javascript; charset=utf-8", "import"},
		{"GET", "/_parley/ui/base/base.css", 200, "text/css; charset=utf-8", "--accent"},
		{"GET", "/_parley/ui/icon.svg", 200, "image/svg+xml", "<svg"},
		{"HEAD", "/_parley/ui/", 200, "text/html; charset=utf-8", ""},
		{"GET", "/_parley/ui/nothing.js", 404, "text/plain; charset=utf-8", "no file nothing.js"},
		{"GET", "/_parley/ui/../console.go", 404, "text/plain; charset=utf-8", "no file"},
		{"POST", "/_parley/ui/", 405, "text/plain; charset=utf-8", "read with GET"},
		{"GET", "/_parley/ui", 303, "", ""},
		{"POST", "/_parley/ui", 200, "", "the API"},
		{"GET", "/_parley/journal", 200, "", "the API"},
		{"GET", "/", 200, "", "the API"},
	} {
		answer := get(t, page, c.method, c.path)
		if text := body(t, answer); answer.StatusCode != c.status || !strings.Contains(text, c.text) && c.method != "HEAD" {
			t.Errorf("%s %s: %d %.60q, want %d with %q", c.method, c.path, answer.StatusCode, text, c.status, c.text)
		}
		if c.kind != "" && answer.Header.Get("Content-Type") != c.kind {
			t.Errorf("%s: %s, want %s", c.path, answer.Header.Get("Content-Type"), c.kind)
		}
	}
	if way := get(t, page, "GET", "/_parley/ui").Header.Get("Location"); way != "ui/" {
		t.Errorf("the way to the page is %q, which does not hold below a sandbox's prefix", way)
	}
}

func TestThePageIsAskedForAgain(t *testing.T) {
	page := console.Beside(api)
	first := get(t, page, "GET", "/_parley/ui/app.js")
	tag := first.Header.Get("ETag")
	if again := get(t, page, "GET", "/_parley/ui/app.js", "If-None-Match", tag); tag == "" || again.StatusCode != http.StatusNotModified || body(t, again) != "" {
		t.Errorf("with the ETag %s: %d", tag, again.StatusCode)
	}
	if other := get(t, page, "GET", "/_parley/ui/base/base.css", "If-None-Match", tag); other.StatusCode != 200 {
		t.Errorf("another file with that ETag: %d", other.StatusCode)
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache",
		"Content-Security-Policy": "default-src 'self'",
	} {
		if got := first.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if policy := first.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("the policy is %s", policy)
	}
}

func TestABrowserIsLedToThePage(t *testing.T) {
	lead := console.Lead(api)
	for _, c := range []struct{ method, path, accept, way string }{
		{"GET", "/", "text/html,application/xhtml+xml", "/_parley/ui/"},
		{"HEAD", "/", "text/html", "/_parley/ui/"},
		{"GET", "/~mine/", "text/html", "/~mine/_parley/ui/"},
		{"GET", "/~mine", "text/html", "/~mine/_parley/ui/"},
		{"GET", "/", "*/*", ""},
		{"GET", "/", "application/json", ""},
		{"POST", "/", "text/html", ""},
		{"GET", "/~mine/pets", "text/html", ""},
		{"GET", "/pets", "text/html", ""},
	} {
		answer := get(t, lead, c.method, c.path, "Accept", c.accept)
		if got := answer.Header.Get("Location"); got != c.way || c.way != "" && answer.StatusCode != http.StatusSeeOther {
			t.Errorf("%s %s for %s: %d, to %q, want %q", c.method, c.path, c.accept, answer.StatusCode, got, c.way)
		}
	}
}

// TestThePageStaysSmall counts what a browser fetches, compressed as every browser asks
// for it.
func TestThePageStaysSmall(t *testing.T) {
	const most = 150_000 // bytes
	page := console.Beside(api)
	sent, total := 0, 0
	for name, text := range sources(t) {
		total += len(text)
		answer := get(t, page, "GET", console.Path+name, "Accept-Encoding", "gzip, br")
		zipped := body(t, answer)
		sent += len(zipped)
		plain, err := gzip.NewReader(strings.NewReader(zipped))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := io.ReadAll(plain); err != nil || string(back) != text {
			t.Errorf("%s arrives otherwise than it is written: %v", name, err)
		}
	}
	if sent > most {
		t.Errorf("the page is %d bytes on the wire, more than %d", sent, most)
	}
	t.Logf("%d bytes of sources, %d on the wire", total, sent)
}

// TestSources: nothing in the page that its own policy refuses, that comes from
// elsewhere, or that makes text a part of the page; and files that can be read.
func TestSources(t *testing.T) {
	outside := regexp.MustCompile(`(?:src|href)\s*=\s*["'](?:https?:)?//|(?:import|from)\s+["']https?:|@import|url\(\s*["']?https?:`)
	inline := regexp.MustCompile(`dangerouslySetInnerHTML|\.innerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function|\son[a-z]+="`)
	for name, text := range sources(t) {
		if strings.HasPrefix(name, "vendor/") {
			continue
		}
		if found := outside.FindString(text); found != "" {
			t.Errorf("%s fetches from elsewhere: %s", name, found)
		}
		if found := inline.FindString(text); found != "" {
			t.Errorf("%s makes text a part of the page: %s", name, found)
		}
		if lines := strings.Count(text, "\n"); strings.HasSuffix(name, ".js") && lines > 250 {
			t.Errorf("%s has %d lines; cut it", name, lines)
		}
	}
}

// TestModulesHaveNoCircle: a module is read after those that it uses, and each that it
// names is there.
func TestModulesHaveNoCircle(t *testing.T) {
	all := sources(t)
	imports := regexp.MustCompile(`(?m)^import [^;]*? from "([^"]+)";`)
	const reading, read = 1, 2
	state := map[string]int{}
	var visit func(name string, way []string)
	visit = func(name string, way []string) {
		switch text, ok := all[name]; {
		case !ok:
			t.Errorf("%s names %s, which is not there", way[len(way)-1], name)
		case state[name] == reading:
			t.Errorf("a circle: %s", strings.Join(append(way, name), " → "))
		case state[name] == 0:
			state[name] = reading
			for _, found := range imports.FindAllStringSubmatch(text, -1) {
				visit(path.Join(path.Dir(name), found[1]), append(slices.Clone(way), name))
			}
			state[name] = read
		}
	}
	visit("app.js", nil)
	for name := range all {
		if strings.HasSuffix(name, ".js") && state[name] == 0 {
			t.Errorf("nothing loads %s", name)
		}
		if strings.HasSuffix(name, ".css") && !strings.Contains(all["index.html"], `href="`+name+`"`) {
			t.Errorf("the page has no link to %s", name)
		}
	}
}

// sources are the files of the page that a browser fetches, by name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS("static"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, ".LICENSE") {
			return err
		}
		text, err := fs.ReadFile(os.DirFS("static"), name)
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestTheLibraryIsTheOneThatWasPublished compares with the checksum of htm 3.1.1's
// preact/standalone.module.js, and demands the licences of htm, and of preact, which it contains, beside it.
func TestTheLibraryIsTheOneThatWasPublished(t *testing.T) {
	text, err := os.ReadFile("static/vendor/htm-preact.js")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	if got := hex.EncodeToString(sum[:]); got != "72284e8e9079c87817145df1110f74e8a2aa040b2fc384922e18dfcb46fc1fd7" {
		t.Errorf("htm-preact.js was changed: its SHA-256 is %s", got)
	}
	for name, want := range map[string]string{"htm-preact.LICENSE": "Apache License", "preact.LICENSE": "MIT"} {
		if licence, err := os.ReadFile("static/vendor/" + name); err != nil || !strings.Contains(string(licence), want) {
			t.Errorf("its licence %s is not beside it: %v", name, err)
		}
	}
}
