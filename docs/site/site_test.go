package site

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/parleykit/parley/internal/browsertest"
	"github.com/parleykit/parley/internal/markdown/links"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Run(m.Run)) }

// TestSite builds the site of docs, which fails for a link to a page that is not there,
// and reads it as a person does.
func TestSite(t *testing.T) {
	url, folder := servedSite(t)
	t.Run("first page", func(t *testing.T) {
		browsertest.EveryLook(t, func(t *testing.T, l browsertest.Look) {
			p := browsertest.Open(t, url+"/", l)
			p.Sees("h1", "both sides call each other")
			p.Sees("img.when-"+l.Theme, "") // the picture of the reader's theme
			p.Fits()
			p.Usable()
		})
	})
	for _, page := range []string{"/tutorials/judge-your-webhook.html", "/reference/vendors/elma365/events.html"} {
		for _, l := range []browsertest.Look{browsertest.Desk, browsertest.Telephone} {
			t.Run(page+" "+l.Theme, func(t *testing.T) {
				p := browsertest.Open(t, url+page, l)
				p.Sees("h1", "")
				p.Fits()
				p.Usable()
			})
		}
	}
	t.Run("side bars", func(t *testing.T) { testSideBars(t, url, folder) })
	t.Run("search", func(t *testing.T) {
		p := browsertest.Open(t, url+"/", browsertest.Desk)
		p.Sees("h1", "both sides")
		p.Clicks("button.DocSearch-Button", "Search")
		p.Sees(".VPLocalSearchBox", "")
		p.Types(".VPLocalSearchBox input", "signature")
		p.Until(`[...document.querySelectorAll(".VPLocalSearchBox .result")].some((a) => a.pathname === "/how-to/signing.html")`)
	})
}

// testSideBars demands that the side bars of all parts lead to every page, and to nothing
// else.
func testSideBars(t *testing.T, url, folder string) {
	var led []string
	for _, page := range []string{"/tutorials/work-offline.html", "/how-to/faults.html", "/reference/", "/explanation/clock.html"} {
		p := browsertest.Open(t, url+page, browsertest.Desk)
		p.Sees(".VPSidebar", "")
		for _, href := range p.Eval(`[...document.querySelectorAll(".VPSidebar a")].map((a) => a.pathname)`).([]any) {
			led = append(led, href.(string))
		}
	}
	for _, page := range pagesOfDocs(t) {
		address := "/" + strings.TrimSuffix(page, "index.md")
		if strings.HasSuffix(address, ".md") {
			address = strings.TrimSuffix(address, ".md") + ".html"
		}
		if address != "/" && address != "/SKILL.html" && !slices.Contains(led, address) { // the one is for people, the other for assistants
			t.Errorf("no side bar leads to %s", page)
		}
	}
	for _, address := range led {
		if strings.HasSuffix(address, "/") {
			address += "index.html"
		}
		if _, err := os.Stat(filepath.Join(folder, address)); err != nil {
			t.Errorf("a side bar leads to nothing: %v", err)
		}
	}
}

// servedSite is the address of the built site, and the folder that has it.
func servedSite(t *testing.T) (url, folder string) {
	t.Helper()
	_, installed := os.Stat("../../docs/node_modules/vitepress")
	npm, err := exec.LookPath("npm")
	if err != nil || installed != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err, installed)
		}
		t.Skipf("skipped: npm, or what npm ci installs in docs, is not there, so nobody builds the site: %v, %v", err, installed)
	}
	folder = t.TempDir()
	build := exec.Command(npm, "run", "build", "--", "--outDir", folder)
	build.Dir = copiedDocs(t)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var mu sync.Mutex
	files := http.FileServer(http.Dir(folder))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(filepath.Join(folder, filepath.FromSlash(r.URL.Path))); err != nil {
			mu.Lock()
			defer mu.Unlock()
			t.Errorf("the site asks for %s, which is not there", r.URL)
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, folder
}

// copiedDocs is a folder of what the site is made of, beside all that its pages lead to:
// who builds it writes there, and would make docs look changed.
func copiedDocs(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(filepath.Join(root, icon)); err != nil {
		t.Fatal(err)
	}
	copied, files := t.TempDir(), readDocs(t)
	docs := filepath.Join(copied, "docs")
	for _, name := range besideDocs(files) {
		linked(t, filepath.Join(root, name), filepath.Join(copied, name))
	}
	for path, data := range files {
		file := filepath.Join(docs, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	linked(t, filepath.Join(root, "docs", "node_modules"), filepath.Join(docs, "node_modules"))
	return docs
}

const icon = "console/static/icon.svg" // which the site has, too

// besideDocs are the entries of the root that the site is made with, and to which its pages
// lead. Whoever listed the root would be run again after each commit, which changes .git.
func besideDocs(files map[string][]byte) []string {
	names := []string{"console"}
	for page, data := range files {
		if path.Ext(page) != ".md" {
			continue
		}
		for _, link := range links.Read(string(data)).Links {
			target, _, _ := strings.Cut(link.Target, "#")
			if outside, leads := strings.CutPrefix(path.Join(path.Dir(page), target), "../"); leads {
				if name, _, _ := strings.Cut(outside, "/"); name != "docs" && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

func linked(t *testing.T, to, from string) {
	t.Helper()
	if err := os.Symlink(to, from); err != nil {
		t.Fatal(err)
	}
}

// pagesOfDocs are the paths of the site's pages.
func pagesOfDocs(t *testing.T) []string {
	t.Helper()
	var pages []string
	for path := range readDocs(t) {
		if strings.HasSuffix(path, ".md") {
			pages = append(pages, path)
		}
	}
	if len(pages) < 50 {
		t.Fatalf("%d pages in docs", len(pages))
	}
	return pages
}

// readDocs reads all that the site is made of, by its path: what npm reads is unknown to
// the cache of tests.
func readDocs(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	docs := os.DirFS("../../docs")
	err := fs.WalkDir(docs, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{"node_modules", ".vitepress/cache", ".vitepress/dist", ".vitepress/.temp"}, path) {
				return fs.SkipDir
			}
			return nil
		}
		files[path], err = fs.ReadFile(docs, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
