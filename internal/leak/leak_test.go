package leak_test

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/parleykit/parley/internal/leak"
)

// notUndone are codings that a finder does not undo: what is written in one is no text.
var notUndone = regexp.MustCompile(`\| (br|gzip, br|bare deflate|gzip broken) \|`)

// TestFinderFindsWhatFormsHide: the secret of every form is found in what is sent, or
// else nobody would see it in what is written.
func TestFinderFindsWhatFormsHide(t *testing.T) {
	forms := leak.Forms("f")
	finder := leak.NewFinder(forms)
	for _, f := range forms {
		if notUndone.MatchString(f.Name) {
			continue
		}
		sent := append([]string{f.Query, string(f.Body)}, slices.Collect(maps.Values(f.Header))...)
		if !slices.ContainsFunc(sent, func(part string) bool { return finds(finder, part, f) }) {
			t.Errorf("%s: %s is not found in %.300q", f.Name, f.Mark, sent)
		}
	}
	if found := finder.Find([]byte("nothing is hidden here, 0123456789")); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func finds(finder *leak.Finder, text string, f leak.Form) bool {
	return slices.ContainsFunc(finder.Find([]byte(text)), func(found leak.Form) bool { return found.Mark == f.Mark })
}
