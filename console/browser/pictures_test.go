package browser

import (
	"bytes"
	"cmp"
	"flag"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "take the pictures of the documents anew")

// pictures are taken of a story that a partner and ELMA365 went through, and of the
// report about a partner that is wrong in two ways.
var pictures = []struct {
	name string // of the file, without the theme
	path string // of the page
	sees [2]string
	look
}{
	{"conversation", "MOCK?view=conversation", [2]string{".step", "⟳3"}, look{Width: 1100, Height: 500}},
	{"exchange", "MOCK?ex=BROKEN", [2]string{".here", "ELMA365-IN-010"}, look{Width: 1280, Height: 760}},
	{"act", "MOCK?view=act&of=elma365&item=events/message", [2]string{".judged", "finds nothing"}, look{Width: 1280, Height: 760}},
	{"report", "REPORT?item=elma365/webhook/wrong-token", [2]string{".detail blockquote", "“"}, look{Width: 1280, Height: 620}},
}

const heaviest = 100_000 // bytes of a picture

// TestPictures takes them with -update. Else it demands that they are there, and small; that
// pages show them is for the tests of these (links_test.go).
func TestPictures(t *testing.T) {
	var addresses *strings.Replacer
	if *update {
		m := conversation(t)
		list := m.do("GET", "/_parley/journal?findings=error&operation=operations/message", "")["exchanges"].([]any)
		broken := list[len(list)-1].(map[string]any)["id"].(string)
		report := reportOf(t, "elma365/webhook", "--defect", "accepts-any-token", "--defect", "breaks-on-emoji")
		addresses = strings.NewReplacer("MOCK", m.URL+"/_parley/ui/", "REPORT", report+"/_parley/ui/", "BROKEN", broken)
	}
	for _, picture := range pictures {
		for _, theme := range []string{"light", "dark"} {
			file := filepath.Join("../../docs/images", picture.name+"-"+theme+".png")
			if *update {
				t.Run(picture.name+" "+theme, func(t *testing.T) {
					l := picture.look
					l.Theme = theme
					p := open(t, addresses.Replace(picture.path), l)
					p.Sees(picture.sees[0], picture.sees[1])
					p.save(file)
				})
			}
			demandPicture(t, file)
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

// save writes what the window shows into a file.
func (p *page) save(file string) {
	p.t.Helper()
	small, err := fewColours(p.Picture())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, small, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// fewColours is a picture with 256 colours at most: the most frequent of each kind, so
// that a rare sign keeps its hue. The edges of letters may be a little off.
func fewColours(data []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	counts := map[color.RGBA]int{}
	for y := full.Bounds().Min.Y; y < full.Bounds().Max.Y; y++ {
		for x := full.Bounds().Min.X; x < full.Bounds().Max.X; x++ {
			counts[color.RGBAModel.Convert(full.At(x, y)).(color.RGBA)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	kinds := map[color.RGBA]bool{}
	for _, c := range colours {
		if kind := (color.RGBA{c.R >> 5, c.G >> 5, c.B >> 5, 0}); !kinds[kind] && len(palette) < 256 {
			kinds[kind] = true
			palette = append(palette, c)
		}
	}
	for _, c := range colours {
		if len(palette) < 256 && !slices.Contains(palette, color.Color(c)) {
			palette = append(palette, c)
		}
	}
	few := image.NewPaletted(full.Bounds(), palette)
	nearest := map[color.RGBA]uint8{}
	for y := full.Bounds().Min.Y; y < full.Bounds().Max.Y; y++ {
		for x := full.Bounds().Min.X; x < full.Bounds().Max.X; x++ {
			c := color.RGBAModel.Convert(full.At(x, y)).(color.RGBA)
			index, known := nearest[c]
			if !known {
				index = uint8(palette.Index(c))
				nearest[c] = index
			}
			few.SetColorIndex(x, y, index)
		}
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, few)
	return out.Bytes(), err
}
