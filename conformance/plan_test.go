package conformance_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/testvendor"
)

func TestPlan(t *testing.T) {
	suites := []conformance.Suite{
		{ID: "v/hook", Checks: []conformance.Check{{ID: "v/hook/token-wrong"}, {ID: "v/hook/token-empty"}, {ID: "v/hook/ping"}}},
		{ID: "v/client", Checks: []conformance.Check{{ID: "v/client/ping"}, {ID: "v/client/a.b"}}},
	}
	all := []string{"v/hook/token-wrong", "v/hook/token-empty", "v/hook/ping", "v/client/ping", "v/client/a.b"}
	for name, c := range map[string]struct {
		patterns []string
		want     []string
	}{
		"all":             {nil, all},
		"an ID":           {[]string{"v/hook/ping"}, []string{"v/hook/ping"}},
		"its last part":   {[]string{"ping"}, []string{"v/hook/ping", "v/client/ping"}},
		"its last parts":  {[]string{"client/ping"}, []string{"v/client/ping"}},
		"a glob":          {[]string{"token-*"}, all[:2]},
		"across slashes":  {[]string{"v/*"}, all},
		"a suite":         {[]string{"v/client/*"}, all[3:]},
		"in plan order":   {[]string{"v/client/ping", "token-wrong"}, []string{"v/hook/token-wrong", "v/client/ping"}},
		"one character":   {[]string{"p?ng"}, []string{"v/hook/ping", "v/client/ping"}},
		"no regexp":       {[]string{"a.b"}, []string{"v/client/a.b"}},
		"twice is once":   {[]string{"a.b", "v/client/a.b"}, []string{"v/client/a.b"}},
		"one matches not": {[]string{"a.b", "a+b"}, nil},
		"half a part":     {[]string{"ient/ping"}, nil},
		"not a part":      {[]string{"token"}, nil},
		"empty":           {[]string{""}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := conformance.Plan(testvendor.Contract(), suites, c.patterns, nil)
			var ids []string
			for _, p := range plan {
				ids = append(ids, p.ID)
			}
			if !slices.Equal(ids, c.want) {
				t.Errorf("%v, want %v", ids, c.want)
			}
			var usage *conformance.UsageError
			if errors.As(err, &usage) != (c.want == nil) {
				t.Errorf("error %v", err)
			}
		})
	}
	twice := append(suites, conformance.Suite{ID: "v/again", Checks: []conformance.Check{{ID: "v/hook/ping"}}})
	if _, err := conformance.Plan(testvendor.Contract(), twice, nil, nil); err == nil || !strings.Contains(err.Error(), "v/hook/ping") {
		t.Errorf("one ID twice: %v", err)
	}
}
