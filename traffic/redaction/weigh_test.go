package redaction

import (
	"slices"
	"strings"
	"testing"
)

// slowly is weigh by the lists alone.
func slowly(name string) weight {
	if len(name) > longestName || strings.ContainsAny(name, "=?&{}<>,;\r\n") {
		return harmless
	}
	return weighWhole(normal(name))
}

func allNames() []string {
	names := slices.Concat(certainParts, certainEnds, harmlessEnds, harmlessParts, []string{maybeEnd})
	for _, set := range []*nameSet{certainNames, maybeNames} {
		for name := range set.all {
			names = append(names, name)
		}
	}
	return names
}

// TestCertainParts: the short way knows what each part begins with.
func TestCertainParts(t *testing.T) {
	for _, part := range certainParts {
		if !hasRoot([]byte(part)) {
			t.Errorf("%s is not looked for", part)
		}
	}
}

func TestWeigh(t *testing.T) {
	r := New(Options{Names: []string{"x-Contract_Name 7", "fülle"}})
	for _, name := range allNames() {
		for _, shape := range []string{"%", "X-%", "x-%", "a%", "%a", "user[%]", "user.%2", "%-17", "_%_", "1%", "%\"", "/%/", "ü%", "%=", "%:", "a b %", "x_%", "X-X-%", "%[]", "%s", "$%", "%#1"} {
			for _, one := range []string{strings.ReplaceAll(shape, "%", name), strings.ToUpper(strings.ReplaceAll(shape, "%", name))} {
				if got, want := weigh(one), slowly(one); got != want {
					t.Errorf("%q weighs %d, want %d", one, got, want)
				}
				if got, want := r.weigh(one), slowly(one); got != want {
					t.Errorf("%q weighs %d with a contract, want %d", one, got, want)
				}
			}
		}
	}
	for _, name := range []string{"contractname", "Contract-Name", "x-contract-name", "user.contract name3", "FÜLLE"} {
		if r.weigh(name) != certain {
			t.Errorf("%q of the contract is not secret", name)
		}
	}
}

func FuzzWeigh(f *testing.F) {
	for _, name := range append(allNames(), "x-", "", "]", "a.b[c]", "1", "x-1", "\u00a0key", "K", "x--token", "tok en", "a:") {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got, want := weigh(name), slowly(name); got != want {
			t.Errorf("%q weighs %d, want %d", name, got, want)
		}
		if plain, ok := appendNormal(nil, name); ok && string(plain) != normal(name) {
			t.Errorf("%q is %q, want %q", name, plain, normal(name))
		}
	})
}
