package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/internal/yamlnode"
)

// KnownFailure is one entry of a known-failing list: a check that may fail
// without failing the run.
type KnownFailure struct {
	ID      string    // of the check
	Reason  string    // why it is tolerated
	Expires time.Time // the last day on which the entry holds, as midnight UTC; zero: forever
}

// ParseKnownFailing reads a known-failing list, YAML:
//
//   - id: vendor/webhook/some-check
//     reason: why it may fail for now
//     expires: 2026-12-31   # optional, the last day
//
// Ids are those of all checks that exist. The error is a *UsageError that names
// file and line.
func ParseKnownFailing(file string, data []byte, ids []string) ([]KnownFailure, error) {
	var document yaml.Node
	var second *yamlnode.SecondError
	if err := yamlnode.Unmarshal(data, &document); errors.As(err, &second) {
		return nil, usage("%s:%d: %s", file, second.Line, second.Text())
	} else if err != nil {
		return nil, usage("%s: not YAML: %s", file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	nodes, err := entriesOf(&document)
	if err != nil {
		return nil, usage("%s:%d: %v", file, document.Content[0].Line, err)
	}
	var list []KnownFailure
	lines := map[string]int{}
	for _, node := range nodes {
		k, err := parseKnown(node, ids)
		if err == nil && lines[k.ID] > 0 {
			err = fmt.Errorf("%s stands already in line %d", k.ID, lines[k.ID])
		}
		if err != nil {
			return nil, usage("%s:%d: %v", file, node.Line, err)
		}
		lines[k.ID] = node.Line
		list = append(list, k)
	}
	return list, nil
}

// entriesOf are the entries of a list; an empty document has none.
func entriesOf(document *yaml.Node) ([]*yaml.Node, error) {
	if len(document.Content) == 0 {
		return nil, nil
	}
	root := document.Content[0]
	switch {
	case root.Kind == yaml.SequenceNode:
		return root.Content, nil
	case root.Kind == yaml.MappingNode:
		return nil, errors.New("not a list but one mapping; begin each entry with a hyphen, as in `- id: vendor/suite/check`")
	case root.ShortTag() == "!!null":
		return nil, nil
	}
	return nil, errors.New("not a list; write entries of id and reason, each with a hyphen before it, as in `- id: vendor/suite/check`")
}

func parseKnown(node *yaml.Node, ids []string) (KnownFailure, error) {
	var entry map[string]string
	if err := node.Decode(&entry); err != nil {
		return KnownFailure{}, errors.New("an entry is id, reason and, if it ends, expires, each a text")
	}
	for key := range entry {
		if key != "id" && key != "reason" && key != "expires" {
			return KnownFailure{}, fmt.Errorf("%q is not known; an entry has id, reason and expires", key)
		}
	}
	k := KnownFailure{ID: entry["id"], Reason: strings.TrimSpace(entry["reason"])}
	switch {
	case k.ID == "":
		return k, errors.New("`id` is missing")
	case !slices.Contains(ids, k.ID):
		return k, fmt.Errorf("no check has the ID %q; --list shows them all%s", k.ID, near.Aside(k.ID, ids))
	case k.Reason == "":
		return k, fmt.Errorf("%s has no `reason`; say why it may fail", k.ID)
	}
	if text := entry["expires"]; text != "" {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return k, fmt.Errorf("`expires` is %q; write the last day as 2026-12-31", text)
		}
		k.Expires = day
	}
	return k, nil
}

// expired reports whether the entry no longer holds.
func (k KnownFailure) expired(now time.Time) bool {
	return !k.Expires.IsZero() && !now.Before(k.Expires.AddDate(0, 0, 1))
}

// applyKnown notes in a result what a known-failing list means for it.
func applyKnown(r *Result, list []KnownFailure, failOn Verdict, now time.Time) {
	i := slices.IndexFunc(list, func(k KnownFailure) bool { return k.ID == r.ID })
	if i < 0 {
		return
	}
	k := list[i]
	r.KnownReason = k.Reason
	if !k.Expires.IsZero() {
		r.KnownExpires = k.Expires.Format(time.DateOnly)
	}
	fails := slices.Contains(spoiling(failOn), r.Verdict)
	switch {
	case !fails && (r.Verdict == VerdictPass || r.Verdict == VerdictWarn):
		r.Known = KnownStale
	case k.expired(now):
		r.Known = KnownExpired
	case fails:
		r.Known = KnownFailing
	default:
		r.Known = KnownUndecided
	}
}
