package recipes

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// recipe is how one of the guide's is followed.
type recipe struct {
	heading string
	data    string            // testdata/<data>/ has the files that it adds, testdata/<data>.diff what it changes
	after   *recipe           // that is followed before
	names   map[string]string // of what the guide leaves open
	shows   []string          // tests that pass besides, as what was added does what it should
}

var column = recipe{
	heading: "Add a vendor", data: "florist",
	names: map[string]string{"vendor": "florist"},
	shows: []string{"TestAnOrderIsDelivered", "TestTheGoodPartnerPasses", "TestEachDefectFailsItsChecks/accepts-any-order", "TestScripts/conform_florist"},
}

var recipes = []recipe{
	column,
	{
		heading: "Add a check", data: "check", after: &column,
		names: map[string]string{"vendor": "florist", "topic": "blanks", "defect": "accepts-any-order"},
		shows: []string{"TestTheGoodPartnerPasses"},
	},
	{
		heading: "Add a defect", data: "defect", after: &column,
		names: map[string]string{"vendor": "florist", "place": "shop", "defect": "answers-202"},
		shows: []string{"TestTheGoodPartnerPasses"},
	},
	{heading: "Add a kind of fault", data: "fault-kind"},
	{heading: "Add a format of parley validate", data: "format", names: map[string]string{"format": "csv"}},
	{heading: "Add a field of the exchange", data: "exchange-field"},
	{
		heading: "Change the default of a reading", data: "reading-default",
		names: map[string]string{"vendor": "expertflow", "defect": "sends-timestamp-as-text"},
	},
}

func TestRecipes(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	guided := sections(t, root)
	cooked := map[string]string{} // trees with recipes that others follow, by their data
	for _, r := range recipes {
		if first := r.after; first != nil && cooked[first.data] == "" {
			k := &kitchen{T: t, root: root, now: t.TempDir()}
			copyRepository(t, k.now, root)
			k.cook(*first, k.lines(*first, guided))
			cooked[first.data] = k.now
		}
	}
	for _, r := range recipes {
		if len(guided[r.heading]) == 0 {
			t.Errorf("%s has no recipe %q", guide, r.heading)
		}
		t.Run(r.data, func(t *testing.T) {
			t.Parallel()
			k := &kitchen{T: t, root: root, before: t.TempDir(), now: t.TempDir()}
			k.follow(r, guided, cooked)
		})
	}
	for heading := range guided {
		if !slices.ContainsFunc(recipes, func(r recipe) bool { return r.heading == heading }) {
			t.Errorf("nobody follows the recipe %q of %s", heading, guide)
		}
	}
}

// kitchen is where one recipe is followed.
type kitchen struct {
	*testing.T
	root        string
	before, now string // the tree without the recipe, and with it
}

func (k *kitchen) follow(r recipe, guided map[string][]string, cooked map[string]string) {
	if r.after != nil {
		copyTree(k.T, k.before, cooked[r.after.data])
	} else {
		copyRepository(k.T, k.before, k.root)
	}
	lines := k.lines(r, guided)
	if done := cooked[r.data]; done != "" {
		copyTree(k.T, k.now, done)
	} else {
		copyTree(k.T, k.now, k.before)
		k.cook(r, lines)
	}

	touched := differences(k.T, k.before, k.now)
	k.agree(lines, touched)
	tests := slices.Clone(r.shows)
	for _, l := range lines {
		tests = append(tests, l.tests...)
	}
	if passed, output, err := k.run(tests, touched); err != nil || len(passed) != len(tests) {
		k.Fatalf("with the whole recipe not all of %v pass, but %v: %v\n%s", tests, passed, err, output)
	}
	for _, l := range lines {
		k.without(l, touched)
	}
}

// lines are those of a recipe in the guide.
func (k *kitchen) lines(r recipe, guided map[string][]string) []line {
	names := map[string]string{"pages": filepath.Join(k.root, "recipes", "testdata", "pages")}
	maps.Copy(names, r.names)
	var lines []line
	for _, text := range guided[r.heading] {
		l, err := read(k.root, text, names)
		if err != nil {
			k.Fatal(err)
		}
		lines = append(lines, l)
	}
	return lines
}

// cook adds and changes files, and does what the lines say is to be done.
func (k *kitchen) cook(r recipe, lines []line) {
	if added := filepath.Join(k.root, "recipes", "testdata", r.data); exists(added) {
		copyTree(k.T, k.now, added)
	}
	if err := patch(k.now, filepath.Join(k.root, "recipes", "testdata", r.data+".diff")); err != nil {
		k.Fatal(err)
	}
	for _, l := range lines {
		for _, command := range l.commands {
			command = slices.Insert(command, 2, "-trimpath", "-vet=off")
			if output, err := k.execute(command...); err != nil {
				k.Fatalf("%s: %v\n%s", l.text, err, output)
			}
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// agree makes sure that the lines name what is touched, and nothing else.
func (k *kitchen) agree(lines []line, touched []string) {
	var all []string
	for _, l := range lines {
		all = append(all, l.paths...)
	}
	for _, file := range touched {
		if !within(file, all) {
			k.Errorf("the recipe touches %s, and no line of it in %s names that", file, guide)
		}
	}
	for _, path := range all {
		if !slices.ContainsFunc(touched, func(file string) bool { return within(file, []string{path}) }) {
			k.Errorf("a line in %s names %s, and the recipe does not touch that", guide, path)
		}
	}
}

// without leaves a line out: its tests must say so.
func (k *kitchen) without(l line, touched []string) {
	if len(l.tests) == 0 {
		return
	}
	files := slices.DeleteFunc(slices.Clone(touched), func(file string) bool { return !within(file, l.paths) })
	with := k.TempDir()
	for _, file := range files {
		if err := os.MkdirAll(filepath.Join(with, filepath.Dir(file)), 0o755); err != nil {
			k.Fatal(err)
		}
	}
	restore(k.T, with, k.now, files)
	restore(k.T, k.now, k.before, files)
	if passed, _, err := k.run(l.tests, touched); err == nil || len(passed) > 0 {
		k.Errorf("%v pass, although this is left out:\n%s", passed, l.text)
	}
	restore(k.T, k.now, with, files)
}
