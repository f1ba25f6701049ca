package browser

import (
	"context"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "take the pictures of README anew")

// pictures are taken of a story that a partner and ELMA365 went through.
var pictures = []struct {
	name string // of the file, without the theme
	path string // of the page
	sees [2]string
	look
}{
	{"conversation", "?view=conversation", [2]string{".step", "⟳3"}, look{1100, 620, ""}},
	{"exchange", "?q=has%3Aerrors&ex=BROKEN", [2]string{".here", "ELMA365-IN-010"}, look{1280, 760, ""}},
}

const heaviest = 160_000 // bytes of a picture

// TestPictures takes them with -update. Else it demands that they are there, small, and
// shown by README or a page of docs.
func TestPictures(t *testing.T) {
	var m *mock
	var broken string
	if *update {
		m = conversation(t)
		list := m.do("GET", "/_parley/journal?findings=error&operation=operations/message", "")["exchanges"].([]any)
		broken = list[len(list)-1].(map[string]any)["id"].(string)
	}
	text := shownPictures(t)
	for _, picture := range pictures {
		for _, theme := range []string{"light", "dark"} {
			file := filepath.Join("../../docs/images", picture.name+"-"+theme+".png")
			if *update {
				l := picture.look
				l.theme = theme
				p := open(t, m.URL+"/_parley/ui/"+strings.ReplaceAll(picture.path, "BROKEN", broken), l)
				p.sees(picture.sees[0], picture.sees[1])
				p.save(file)
			}
			demandPicture(t, file)
		}
		if !strings.Contains(text, "docs/images/"+picture.name) && !strings.Contains(text, "images/"+picture.name) {
			t.Errorf("no page shows the picture %s", picture.name)
		}
	}
}

func demandPicture(t *testing.T, file string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Errorf("%v; take it with -update", err)
		return
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() > heaviest {
		t.Errorf("%s: %d bytes, more than %d (%v)", file, info.Size(), heaviest, err)
	}
	if _, err := png.DecodeConfig(f); err != nil {
		t.Errorf("%s: %v", file, err)
	}
}

func shownPictures(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// save writes what the window shows into a file.
func (p *page) save(file string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	data, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
