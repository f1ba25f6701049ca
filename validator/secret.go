package validator

import (
	"maps"
	"slices"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
)

// Redactor returns one that knows what the contracts say of secrets: the names of
// all properties and parameters that they mark x-secret, true or false, and the words that may be
// shown of any body because the contracts have them.
func Redactor(contracts ...*specs.Contract) *redaction.Redactor {
	return redaction.New(Redaction(contracts...))
}

// Redaction is what Redactor makes one from.
func Redaction(contracts ...*specs.Contract) redaction.Options {
	marked, words := map[bool]map[string]bool{true: {}, false: {}}, map[string]bool{}
	for _, c := range contracts {
		known := c.Vocabulary()
		for _, list := range []struct {
			names []string
			in    map[string]bool
		}{{known.Secret, marked[true]}, {known.Open, marked[false]}, {known.Words, words}} {
			for _, name := range list.names {
				list.in[name] = true
			}
		}
		for _, o := range slices.Concat(c.Operations, c.Events) {
			words[o.ID] = true
			for _, p := range o.Parameters {
				words[p.Name] = true
				if p.Secret {
					marked[true][p.Name] = true
				}
				if p.Open {
					marked[false][p.Name] = true
				}
			}
		}
	}
	return redaction.Options{Names: slices.Sorted(maps.Keys(marked[true])), Open: slices.Sorted(maps.Keys(marked[false])), Words: slices.Sorted(maps.Keys(words))}
}
