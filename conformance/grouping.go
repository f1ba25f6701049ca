package conformance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
)

// shownExpected is how much of an expectation stands beside a cause, in characters.
const shownExpected = 60

// groups puts results that say the same together, in the order of the first of each.
func groups(results []Result, same func(Result) string) [][]Result {
	var list [][]Result
	at := map[string]int{}
	for _, result := range results {
		key := same(result)
		i, there := at[key]
		if !there {
			i = len(list)
			at[key] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], result)
	}
	return list
}

// reason is all that the console says why a result is as it is: see because.
func reason(result Result) string {
	parts := []string{result.Expected, result.Actual, result.Hint, result.KnownReason, result.KnownExpires}
	if result.Verdict == VerdictUndetermined {
		parts = append(parts, readingsOf(result)...)
	}
	return strings.Join(parts, "\x00")
}

// group writes results that have one reason: the reason, and their IDs.
func (p *printer) group(results []Result) {
	p.block("- ", 2, plural.Of(len(results), "check")+" for one reason")
	p.because(results[0])
	var ids []string
	for _, result := range results {
		ids = append(ids, result.ID)
	}
	p.field("checks", strings.Join(ids, ", "))
}

// againOnce writes for each suite the command that reproduces its first result,
// and says so where there are others; and one command for all that are reproduced together.
func (p *printer) againOnce(results []Result) {
	results = slices.DeleteFunc(slices.Clone(results), func(r Result) bool {
		return r.Reproduce == "" || r.Known != "" || r.Verdict != VerdictWarn && r.Verdict != VerdictCouldNotRun
	})
	alone := func(r Result) string {
		if strings.Contains(r.Reproduce, r.ID) {
			return r.Suite
		}
		return r.Reproduce
	}
	for _, suite := range groups(results, alone) {
		differ := slices.ContainsFunc(suite, func(r Result) bool { return r.Reproduce != suite[0].Reproduce })
		if differ {
			p.block("  ", 2, fmt.Sprintf("Again, each of %s by its ID:", suite[0].Suite))
		}
		p.again(suite[0])
	}
}

var answer = lazy.Regexp(`not answered: [^;]+|answered [1-5][0-9][0-9]\b`)

// cause is what an actual result has in common with others: how the partner
// answered, whatever it was sent; or all of it.
func cause(result Result) string {
	answers := answer().FindAllString(result.Actual, -1)
	if len(answers) == 0 {
		return result.Actual
	}
	slices.Sort(answers)
	return strings.Join(slices.Compact(answers), " and ")
}

// causes says what several failures have in common, the most frequent first.
func (r *Report) causes() []string {
	var texts []string
	var failed []Result
	for _, result := range r.Results {
		if verdictIs(VerdictFail)(result) {
			failed = append(failed, result)
		}
	}
	list := slices.DeleteFunc(groups(failed, cause), func(g []Result) bool { return len(g) < 2 })
	slices.SortStableFunc(list, func(a, b []Result) int { return len(b) - len(a) })
	for _, group := range list {
		text := fmt.Sprintf("%d of %s: %s", len(group), plural.Of(len(failed), "failure"), cause(group[0]))
		var expected []string
		for _, same := range groups(group, func(r Result) string { return r.Expected }) {
			if same[0].Expected != "" {
				expected = append(expected, fmt.Sprintf("%s (%d)", visible.Shorten(same[0].Expected, shownExpected), len(same)))
			}
		}
		if len(expected) > 0 {
			text += "; expected " + strings.Join(expected, ", ")
		}
		texts = append(texts, printable(text))
	}
	return texts
}
