package recipes

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// patch changes files of a tree as a unified diff says. Where a change belongs is told
// by the lines around it alone: their numbers change with every other change.
func patch(tree, diff string) error {
	text, err := os.ReadFile(diff)
	if os.IsNotExist(err) {
		return nil // the recipe only adds files
	}
	if err != nil {
		return err
	}
	for _, file := range strings.Split(string(text), "\ndiff --git ") {
		hunks := strings.Split(file, "\n@@ ")
		_, path, _ := strings.Cut(hunks[0], "\n+++ b/")
		path, _, _ = strings.Cut(path, "\n")
		name := filepath.Join(tree, filepath.FromSlash(path))
		content, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("%s changes %s: %w; mend the recipe", diff, path, err)
		}
		changed := string(content)
		for _, hunk := range hunks[1:] {
			was, becomes := sides(hunk)
			places := lines(was).FindAllStringIndex(changed, -1)
			if len(places) != 1 {
				return fmt.Errorf("%s changes %s where these lines are, which are there %d times; mend the recipe:\n%s", diff, path, len(places), was)
			}
			changed = changed[:places[0][0]] + becomes + changed[places[0][1]:]
		}
		if err := os.WriteFile(name, []byte(changed), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// lines finds lines however gofmt aligns what stands in them: that depends on their
// neighbours.
func lines(text string) *regexp.Regexp {
	return regexp.MustCompile(spaces.ReplaceAllString(regexp.QuoteMeta(text), " +"))
}

var spaces = regexp.MustCompile(" +")

// sides are the lines of a hunk before and after it, each with its line break.
func sides(hunk string) (was, becomes string) {
	_, hunk, _ = strings.Cut(hunk, "\n") // what follows @@
	for l := range strings.SplitSeq(strings.TrimSuffix(hunk, "\n"), "\n") {
		if l == "" {
			l = " " // an empty line of which an editor took the blank
		}
		if l[0] != '+' {
			was += l[1:] + "\n"
		}
		if l[0] != '-' {
			becomes += l[1:] + "\n"
		}
	}
	return was, becomes
}
