package checktest

import (
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/partner"
)

// Each judges the rows of a table side by side, each as a test of its name.
func Each(t *testing.T, table []Row, judge func(*testing.T, Row)) {
	t.Helper()
	t.Parallel()
	for _, r := range sample(table, 4) {
		t.Run(r.Name(), func(t *testing.T) {
			t.Parallel()
			judge(t, r)
		})
	}
}

// sample returns the whole list, and with the race detector a few of it, from all of
// its length. It makes a run six times as slow and sees the same in each: a row
// changes what a partner says, and not which goroutines meet. The whole tables are
// judged without it, for which make test has a line of its own.
func sample[T any](list []T, few int) []T {
	if !raceDetector || len(list) <= few {
		return list
	}
	var some []T
	for i := range few {
		some = append(some, list[i*len(list)/few])
	}
	return some
}

// OnePerCheck is a table in which a good partner passes each check alone, as the
// command that reproduces a result runs it.
func OnePerCheck(suites []conformance.Suite, readings string) []Row {
	var table []Row
	for _, s := range suites {
		for _, c := range s.Checks {
			table = append(table, Row{Only: c.ID, Readings: readings})
		}
	}
	return table
}

// Table is the rows for some suites of a vendor's. The checks in them are named by what
// follows the prefix.
type Table struct {
	Prefix string
	Suites []conformance.Suite
	Rows   []Row
}

// Complete makes sure that the tables together have all defects, in the partner's
// order, and that every check fails, or warns, for some row of its table.
func Complete(t *testing.T, defects []partner.Defect, tables ...Table) {
	var listed, known []string
	for _, table := range tables {
		for _, r := range table.Rows {
			listed = append(listed, r.Defect)
		}
		table.missesEachCheck(t)
	}
	for _, d := range defects {
		known = append(known, d.Name)
	}
	if !slices.Equal(listed, known) {
		t.Errorf("the tables have the defects\n%v\nand the partner, in its order,\n%v", listed, known)
	}
}

func (table Table) missesEachCheck(t *testing.T) {
	missed := map[string]bool{}
	for _, r := range table.Rows {
		for _, name := range strings.Fields(r.Fail + " " + r.Warn) {
			missed[table.Prefix+name] = true
		}
	}
	for _, s := range table.Suites {
		for _, c := range s.Checks {
			if !missed[c.ID] {
				t.Errorf("no defect fails %s", c.ID)
			}
			delete(missed, c.ID)
		}
	}
	for id := range missed {
		t.Errorf("the table names %s, which is no check", id)
	}
}

// RowOf returns the row of a defect; "" is the good partner's.
func RowOf(t testing.TB, table []Row, defect string) Row {
	t.Helper()
	i := slices.IndexFunc(table, func(r Row) bool { return r.Defect == defect })
	if i < 0 && defect != "" {
		t.Fatalf("no row for %s", defect)
	}
	if i < 0 {
		return Row{}
	}
	return table[i]
}
