package recipes

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// run runs tests where they stand, and returns which of them pass.
func (k *kitchen) run(tests, touched []string) (passed []string, output string, err error) {
	var patterns, packages []string
	for _, test := range tests {
		name, sub, _ := strings.Cut(test, "/")
		patterns = append(patterns, strings.TrimSuffix("^"+name+"$/"+sub, "/"))
		packages = append(packages, k.packagesOf(name, touched)...)
	}
	slices.Sort(packages)
	arguments := append([]string{"go", "test", "-trimpath", "-vet=off", "-v", "-run", strings.Join(patterns, "|")}, slices.Compact(packages)...)
	output, err = k.execute(arguments...)
	for _, test := range tests {
		name, sub, _ := strings.Cut(test, "/")
		shown := regexp.MustCompile(`(?m)^ *--- PASS: ` + name + ` \(`)
		if sub != "" {
			shown = regexp.MustCompile(`(?m)^ *--- PASS: ` + name + `/\S*` + regexp.QuoteMeta(sub) + ` \(`)
		}
		if shown.MatchString(output) {
			passed = append(passed, test)
		}
	}
	return passed, output, err
}

// packagesOf are where a test stands: of several of its name those beside what the
// recipe touches.
func (k *kitchen) packagesOf(test string, touched []string) []string {
	var all, beside []string
	begins := "func " + test + "("
	err := filepath.WalkDir(k.now, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(data), begins) {
			return err
		}
		below, err := filepath.Rel(k.now, filepath.Dir(path))
		folder := filepath.ToSlash(below)
		all = append(all, "./"+folder)
		if slices.ContainsFunc(touched, func(file string) bool { return filepath.ToSlash(filepath.Dir(file)) == folder }) {
			beside = append(beside, "./"+folder)
		}
		return err
	})
	if err != nil {
		k.Fatal(err)
	}
	if len(all) == 0 {
		k.Errorf("there is no test %s", test)
	}
	if len(beside) > 0 {
		return beside
	}
	return all
}

func (k *kitchen) execute(arguments ...string) (string, error) {
	command := exec.CommandContext(k.Context(), arguments[0], arguments[1:]...)
	command.Dir = k.now
	output, err := command.CombinedOutput()
	return string(output), err
}
