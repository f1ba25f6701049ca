package specs

import (
	"encoding/hex"
	"flag"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// The vendors' pages are not ours to copy, so testdata/pages holds what is enough to
// find a quote in one again: a hash of every two words that stand side by side, in
// their order. `go test ./specs -run Quotes -pages DIR` makes these files of the
// pages, DIR/<contract>/<source>.txt; a text that begins with EXCERPTS holds parts
// of a page only.
var pages = flag.String("pages", "", "make the fingerprints of the pages in this folder")

const (
	hashBytes = 3
	excerpts  = "EXCERPTS"
)

func TestQuotesStandOnTheirPages(t *testing.T) {
	if *pages != "" {
		makeFingerprints(t, *pages)
	}
	for _, id := range IDs() {
		c, err := Embedded(id)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, q := range quotesOf(c) {
			source, _ := cutSection(q.source)
			page, err := os.ReadFile(filepath.Join("testdata", "pages", id, source))
			switch {
			case q.source == "": // a reading's quotes may stand on any page
				if !onAnyPage(t, id, q.text) {
					t.Errorf("%s %s quotes %q, which stands on no page", id, q.where, q.text)
				}
			case err != nil:
				t.Errorf("%s %s quotes page %q, of which there is no fingerprint", id, q.where, source)
			case !stands(q.text, page):
				t.Errorf("%s %s quotes %q, which does not stand on page %s", id, q.where, q.text, source)
			}
			seen++
		}
		if seen == 0 {
			t.Errorf("%s has no quotes", id)
		}
	}
}

func TestFingerprintsTellQuotes(t *testing.T) {
	page := fingerprint("The **messenger** answers\nwith “200 OK”, at once.\u00a0| id | A text, or none |")
	for text, want := range map[string]bool{
		"The messenger answers": true, "answers with 200 OK": true, "at once": true, "id A text": true,
		"the messenger answers": false, "answers 200": false, "messenger with": false, "messenger answers with 200 OK today": false,
	} {
		if stands(text, page) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

type quote struct{ where, source, text string }

// quotesOf are all quotes of a contract.
func quotesOf(c *Contract) []quote {
	var list []quote
	add := func(where, source, text string) {
		if text != "" {
			list = append(list, quote{where, source, text})
		}
	}
	for _, r := range c.Requirements {
		add(r.ID, r.Source, r.Quote)
	}
	for _, r := range c.Readings {
		for _, text := range r.Quotes {
			add(r.ID, "", text)
		}
	}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		for _, e := range o.evidences() {
			add(o.Name(), e.Source, e.Quote)
		}
	}
	for _, name := range c.PayloadNames() {
		for _, f := range c.Fields(name) {
			add(name+f.Pointer, f.Evidence.Source, f.Evidence.Quote)
		}
	}
	return list
}

// words are the runs of letters and digits in a text: the marks around them differ
// with the form in which a page is read.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// fingerprint is the hash of every two words side by side.
func fingerprint(text string) []byte {
	all := words(text)
	var prints []byte
	for i := 1; i < len(all); i++ {
		h := fnv.New32a()
		h.Write([]byte(all[i-1] + " " + all[i]))
		prints = append(prints, h.Sum(nil)[:hashBytes]...)
	}
	return prints
}

// stands looks for the words of a quote side by side on a page.
func stands(text string, page []byte) bool {
	wanted := fingerprint(text)
	for at := 0; len(wanted) > 0 && at+len(wanted) <= len(page); at += hashBytes {
		if string(page[at:at+len(wanted)]) == string(wanted) {
			return true
		}
	}
	return false
}

func onAnyPage(t *testing.T, id, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "pages", id, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		page, err := os.ReadFile(file)
		return err == nil && stands(text, page)
	})
}

func makeFingerprints(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages in %s (%v)", dir, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		to := filepath.Join("testdata", "pages", filepath.Base(filepath.Dir(file)), name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, fingerprint(strings.TrimPrefix(string(text), excerpts)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("made of %d pages, for example %s", len(files), hex.EncodeToString(fingerprint("two words")))
}
